-- Accounts: who may come in, and what remembers their requests.
-- The first nine tables belong to better-auth; a test compares them with what the installed version expects.

create table users (
  id                 uuid primary key default gen_random_uuid(),
  name               text not null,
  email              text not null unique,
  email_verified     boolean not null,
  image              text,
  two_factor_enabled boolean,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now()
);

-- An account is a company that uses this installation; every tenant's row carries its id.
create table accounts (
  id         uuid primary key default gen_random_uuid(),
  name       text not null,
  slug       text not null unique,
  logo       text,
  metadata   text,
  created_at timestamptz not null
);

create table members (
  id         uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts on delete cascade,
  user_id    uuid not null references users on delete cascade,
  -- owner, admin or member
  role       text not null,
  created_at timestamptz not null,
  unique (account_id, user_id)
);
create index members_account_id_idx on members (account_id);
create index members_user_id_idx on members (user_id);

create table invitations (
  id         uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts on delete cascade,
  email      text not null,
  role       text,
  status     text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  inviter_id uuid not null references users on delete cascade
);
create index invitations_account_id_idx on invitations (account_id);
create index invitations_email_idx on invitations (email);

create table sessions (
  id                uuid primary key default gen_random_uuid(),
  user_id           uuid not null references users on delete cascade,
  token             text not null unique,
  active_account_id uuid references accounts on delete set null,
  ip_address        text,
  user_agent        text,
  expires_at        timestamptz not null,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null
);
create index sessions_user_id_idx on sessions (user_id);

-- A way to prove who one is: here, a password.
create table credentials (
  id                       uuid primary key default gen_random_uuid(),
  user_id                  uuid not null references users on delete cascade,
  provider_id              text not null,
  provider_account_id      text not null,
  password                 text,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  created_at               timestamptz not null default now(),
  updated_at               timestamptz not null
);
create index credentials_user_id_idx on credentials (user_id);

create table verifications (
  id         uuid primary key default gen_random_uuid(),
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier_idx on verifications (identifier);

create table two_factors (
  id                        uuid primary key default gen_random_uuid(),
  user_id                   uuid not null references users on delete cascade,
  secret                    text not null,
  backup_codes              text not null,
  verified                  boolean,
  failed_verification_count integer,
  locked_until              timestamptz
);
create index two_factors_secret_idx on two_factors (secret);
create index two_factors_user_id_idx on two_factors (user_id);

-- Tries at signing in, counted across all processes.
create table rate_limits (
  id           uuid primary key default gen_random_uuid(),
  key          text not null unique,
  count        integer not null,
  last_request bigint not null
);

create table api_keys (
  id           uuid primary key,
  account_id   uuid not null references accounts on delete cascade,
  -- The only workspace it opens; null: all of the account.
  workspace_id uuid references workspaces on delete cascade,
  name         text not null,
  -- SHA-256 of the key. The key itself is shown once and kept nowhere.
  hash         bytea not null unique,
  -- Its last four characters, to tell keys apart.
  hint         text not null,
  created_by   uuid references users on delete set null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  -- Set once it was rotated: works until then, beside its successor.
  valid_until  timestamptz,
  replaced_by  uuid references api_keys on delete set null,
  revoked_at   timestamptz
);
create index api_keys_account on api_keys (account_id, id);

-- Answers to POSTs that carried an Idempotency-Key, given again for a day.
create table idempotency_keys (
  -- Who sent it: a person or an API key. Nobody is given another one's answer.
  actor        text not null,
  key          text not null,
  request_hash bytea not null,
  created_at   timestamptz not null default now(),
  -- While the first request runs. A process that died leaves the key to the next try after this time.
  locked_until timestamptz not null,
  status       int,
  -- Encrypted: an answer can hold what is shown only once.
  answer       text,
  primary key (actor, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- A login at a platform that has begun: used once, by the session that began it.
create table oauth_states (
  -- SHA-256 of the state that travels through the browser.
  hash       bytea primary key,
  account_id uuid not null references accounts on delete cascade,
  user_id    uuid not null references users on delete cascade,
  session_id uuid not null references sessions on delete cascade,
  platform   text not null,
  region     text,
  expires_at timestamptz not null
);

create index channels_account on channels (account_id, created_at);
