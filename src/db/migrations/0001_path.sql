-- The path: who is connected, what was said, and the lanes that keep it in order.
-- Every table of a tenant carries account_id; every table that grows has workspace_id first in its key.

create table workspaces (
  id            uuid primary key,
  account_id    uuid not null,
  platform      text not null,
  identity      text not null,
  name          text not null,
  config        jsonb not null,
  secrets       text not null,
  hook_token    text not null unique,
  sandbox       boolean not null default false,
  status        text not null,
  status_reason text,
  status_advice text,
  status_since  timestamptz not null default now(),
  facts         jsonb not null default '{}',
  last_webhook_at timestamptz,
  connected_by  text,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  archived_at   timestamptz
);
-- One live workspace per platform account across the whole installation.
create unique index workspaces_identity on workspaces (identity) where archived_at is null;
create index workspaces_account on workspaces (account_id, created_at);

create table channels (
  id            uuid primary key,
  account_id    uuid not null,
  workspace_id  uuid not null references workspaces,
  kind          text not null,
  identity      text not null,
  name          text not null,
  friendly_name text,
  config        jsonb not null,
  secrets       text not null,
  hook_token    text not null unique,
  status        text not null,
  status_reason text,
  status_advice text,
  status_since  timestamptz not null default now(),
  facts         jsonb not null default '{}',
  -- By a person; only a person brings it back.
  switched_off  boolean not null default false,
  -- Sends of this channel wait until then: the provider named a time, or its limit is used up.
  paused_until  timestamptz,
  last_webhook_at timestamptz,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  removed_at    timestamptz
);
-- One live channel per outside identity across the whole installation.
create unique index channels_identity on channels (identity) where removed_at is null;
create index channels_workspace on channels (workspace_id, created_at);

create table status_history (
  workspace_id uuid not null,
  -- The channel, or the workspace itself.
  subject_id   uuid not null,
  at           timestamptz not null default now(),
  status       text not null,
  reason       text,
  primary key (workspace_id, subject_id, at)
);

create table contacts (
  workspace_id        uuid not null,
  id                  uuid not null,
  account_id          uuid not null,
  -- How the platform knows this person: made by the channel adapter, the same on every channel that shares the identity.
  external_id         text not null,
  name                text,
  username            text,
  phone               text,
  language            text,
  platform_contact_id text,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, external_id)
);
create index contacts_platform on contacts (workspace_id, platform_contact_id) where platform_contact_id is not null;

create table conversations (
  workspace_id    uuid not null,
  id              uuid not null,
  account_id      uuid not null,
  channel_id      uuid not null references channels,
  contact_id      uuid not null,
  -- Where one answers: a chat id, a phone number.
  address         text not null,
  -- Equal for all spellings of the address.
  address_key     text not null,
  -- The platform's thread, once there is one.
  thread_id       text,
  is_group        boolean not null default false,
  state           text not null default 'open',
  -- What brought the customer here (a deep link's payload), until a message has told the inbox.
  referral        jsonb,
  last_message_at timestamptz not null default now(),
  created_at      timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (channel_id, address_key)
);
create unique index conversations_thread on conversations (workspace_id, thread_id) where thread_id is not null;
create index conversations_recent on conversations (workspace_id, last_message_at desc, id);
create index conversations_contact on conversations (workspace_id, contact_id);

create table messages (
  workspace_id    uuid not null,
  id              uuid not null,
  account_id      uuid not null,
  channel_id      uuid not null,
  conversation_id uuid not null,
  -- inbound: from the customer to the inbox. outbound: from a teammate to the customer. echo: sent by the business elsewhere.
  direction       text not null,
  -- inbound and echo: received → delivered | failed. outbound: queued → sent → delivered → read | failed | unconfirmed.
  status          text not null,
  -- The id where it was written: the provider's for inbound, the platform's for outbound.
  remote_id       text not null,
  sender          jsonb not null,
  parts           jsonb not null,
  -- What is still to be delivered; null: everything. Pieces that arrived are never sent again.
  rest            jsonb,
  pieces          int not null default 0,
  -- Where the present sending began: what became of pieces before a resend no longer counts.
  first_piece     int not null default 0,
  reply_to        jsonb,
  referral        jsonb,
  forwarded_from  text,
  album           text,
  group_name      text,
  reactions       jsonb not null default '[]',
  failure         jsonb,
  -- An uncertain try began then: find out before trying again.
  doubt_since     timestamptz,
  -- When it was written, by the clock of the side that says so.
  at              timestamptz not null,
  created_at      timestamptz not null default now(),
  sent_at         timestamptz,
  delivered_at    timestamptz,
  read_at         timestamptz,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  primary key (workspace_id, id)
);
-- Not unique: where a chat moves to a new address, its provider may count its messages anew.
create index messages_remote on messages (conversation_id, remote_id);
create index messages_conversation on messages (conversation_id, created_at, id);
create index messages_recent on messages (workspace_id, created_at desc, id);
create index messages_dead on messages (workspace_id, created_at desc, id) where status in ('failed', 'unconfirmed');

-- What we made on the other side: the echo ledger, and the way from a receipt to its message.
create table deliveries (
  workspace_id    uuid not null,
  conversation_id uuid not null,
  channel_id      uuid not null,
  remote_id       text not null,
  message_id      uuid not null,
  -- 'platform' or 'channel': where the id belongs.
  side            text not null,
  piece           int not null,
  at              timestamptz not null default now(),
  primary key (workspace_id, conversation_id, side, remote_id)
);
create index deliveries_remote on deliveries (channel_id, side, remote_id);
create index deliveries_message on deliveries (workspace_id, message_id);

create table message_attempts (
  workspace_id uuid not null,
  message_id   uuid not null,
  no           int not null,
  started_at   timestamptz not null,
  milliseconds int not null,
  ok           boolean not null,
  failure      jsonb,
  -- When the same send is tried again; null: not again.
  retry_at     timestamptz,
  -- Each call to the vendor: method, address without secrets, status, request id, time.
  exchanges    jsonb not null,
  primary key (workspace_id, message_id, no)
);

-- Fates that came in before the send call had answered, and all later ones: receipts only move a message forward.
create table receipts (
  workspace_id uuid not null,
  channel_id   uuid not null,
  remote_id    text not null,
  status       text not null,
  at           timestamptz not null,
  noted_at     timestamptz not null default now(),
  failure      jsonb,
  primary key (workspace_id, channel_id, remote_id, status)
);
create index receipts_noted on receipts (noted_at);

create table opt_outs (
  workspace_id uuid not null,
  channel_id   uuid not null,
  -- The provider's id of the person or chat.
  contact      text not null,
  at           timestamptz not null default now(),
  reason       text,
  primary key (workspace_id, channel_id, contact)
);

-- Raw webhooks, kept for a while: what came, what it meant, what became of it.
create table journal (
  id           uuid not null,
  workspace_id uuid not null,
  -- The channel, or the workspace for a platform's webhook.
  source_id    uuid not null,
  received_at  timestamptz not null default now(),
  method       text not null,
  url          text not null,
  headers      jsonb not null,
  body         bytea not null,
  -- The normalised events, each with `outcome`: stored, duplicate, waiting, or why it was ignored.
  events       jsonb not null,
  primary key (received_at, id)
) partition by range (received_at);
create table journal_default partition of journal default;
create index journal_source on journal (source_id, received_at desc);

-- A second event with a known key is a redelivery.
create table seen_events (
  source_id uuid not null,
  key       text not null,
  at        timestamptz not null default now(),
  primary key (source_id, key)
);
create index seen_events_age on seen_events using brin (at);

-- A platform can speak of a thread before the call that opened it has answered: such events wait for the link.
create table waiting_events (
  workspace_id uuid not null,
  thread_id    text not null,
  id           uuid not null,
  event        jsonb not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, thread_id, id)
);

-- One row a conversation. `due` is both the schedule and the lease; idle lanes have none and cost nothing.
create table lanes (
  workspace_id    uuid not null,
  conversation_id uuid not null,
  channel_id      uuid not null,
  last_seq        bigint not null default 0,
  done_seq        bigint not null default 0,
  due             timestamptz not null default 'infinity',
  -- Who holds it. Every write of a holder checks it, so one that woke late cannot write.
  token           uuid,
  claimed_at      timestamptz,
  attempts        int not null default 0,
  failing_since   timestamptz,
  -- Waits for a reconnect of this channel or workspace.
  parked_for      uuid,
  primary key (workspace_id, conversation_id)
) with (fillfactor = 70);
create index lanes_due on lanes (due) where due < 'infinity';
create index lanes_parked on lanes (parked_for) where parked_for is not null;

create table lane_items (
  workspace_id    uuid not null,
  conversation_id uuid not null,
  seq             bigint not null,
  -- deliver: message_id to the platform. send: message_id to the channel. apply: event. report: message_id's fate.
  kind            text not null,
  message_id      uuid,
  event           jsonb,
  created_at      timestamptz not null default now(),
  primary key (workspace_id, conversation_id, seq)
);

-- Turns under the providers' rate limits, shared by all processes. Worth nothing after a crash, so it need not survive one.
create unlogged table send_turns (
  -- A channel or a conversation.
  subject uuid primary key,
  tat     timestamptz not null
);

create table media (
  workspace_id uuid not null,
  id           uuid not null,
  account_id   uuid not null,
  key          text not null,
  mime         text not null,
  name         text not null,
  size         bigint not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table audit_log (
  account_id uuid not null,
  id         uuid not null,
  at         timestamptz not null default now(),
  actor      text not null,
  action     text not null,
  target     text not null,
  detail     jsonb not null default '{}',
  primary key (account_id, id)
);
