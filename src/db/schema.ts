import { type ColumnType, type Generated, type Insertable, Kysely, PostgresDialect, type Selectable } from 'kysely';
import type { Failure } from '../contract/failure.ts';
import type { Part, Quote, Referral, Sender } from '../contract/message.ts';
import type { Pool } from './pool.ts';

/** The tables as the migrations make them; a test holds the two together. Names and nullability are the database's own. */
export interface Tables {
  workspaces: Workspaces;
  channels: Channels;
  status_history: StatusHistory;
  contacts: Contacts;
  conversations: Conversations;
  messages: Messages;
  deliveries: Deliveries;
  message_attempts: MessageAttempts;
  receipts: Receipts;
  journal: Journal;
  lanes: Lanes;
  audit_log: AuditLog;
  users: Users;
  accounts: Accounts;
  members: Members;
  invitations: Invitations;
  sessions: Sessions;
  api_keys: ApiKeys;
  idempotency_keys: IdempotencyKeys;
  oauth_states: OauthStates;
}

export type Database = Kysely<Tables>;
export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;

/** Typed queries over the pool. */
export function createDatabase(pool: Pool): Database {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

type Json<T> = ColumnType<T, string, string>;
type JsonWithDefault<T> = ColumnType<T, string | undefined, string>;
type Facts = Record<string, string>;
type Status = 'pending' | 'connected' | 'offline' | 'disconnected';

interface Workspaces {
  id: string;
  account_id: string;
  platform: string;
  identity: string;
  name: string;
  config: Json<Record<string, unknown>>;
  secrets: string;
  hook_token: string;
  sandbox: Generated<boolean>;
  status: Status;
  status_reason: string | null;
  status_advice: string | null;
  status_since: Generated<Date>;
  facts: JsonWithDefault<Facts>;
  last_webhook_at: Date | null;
  connected_by: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  archived_at: Date | null;
}

interface Channels {
  id: string;
  account_id: string;
  workspace_id: string;
  kind: string;
  identity: string;
  name: string;
  friendly_name: string | null;
  config: Json<Record<string, unknown>>;
  secrets: string;
  hook_token: string;
  status: Status;
  status_reason: string | null;
  status_advice: string | null;
  status_since: Generated<Date>;
  facts: JsonWithDefault<Facts>;
  switched_off: Generated<boolean>;
  paused_until: Date | null;
  last_webhook_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  removed_at: Date | null;
}

interface StatusHistory {
  workspace_id: string;
  subject_id: string;
  at: Generated<Date>;
  status: Status;
  reason: string | null;
}

interface Contacts {
  workspace_id: string;
  id: string;
  account_id: string;
  external_id: string;
  name: string | null;
  username: string | null;
  phone: string | null;
  language: string | null;
  platform_contact_id: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface Conversations {
  workspace_id: string;
  id: string;
  account_id: string;
  channel_id: string;
  contact_id: string;
  address: string;
  address_key: string;
  thread_id: string | null;
  is_group: Generated<boolean>;
  state: Generated<string>;
  referral: Json<Referral> | null;
  last_message_at: Generated<Date>;
  created_at: Generated<Date>;
}

interface Messages {
  workspace_id: string;
  id: string;
  account_id: string;
  channel_id: string;
  conversation_id: string;
  direction: 'inbound' | 'outbound' | 'echo';
  status: 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'unconfirmed';
  remote_id: string;
  sender: Json<Sender>;
  parts: Json<Part[]>;
  rest: Json<Part[][]> | null;
  pieces: Generated<number>;
  first_piece: Generated<number>;
  reply_to: Json<Quote> | null;
  referral: Json<Referral> | null;
  forwarded_from: string | null;
  album: string | null;
  group_name: string | null;
  reactions: JsonWithDefault<unknown[]>;
  failure: Json<Failure> | null;
  doubt_since: Date | null;
  at: Date;
  created_at: Generated<Date>;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  edited_at: Date | null;
  deleted_at: Date | null;
}

interface Deliveries {
  workspace_id: string;
  conversation_id: string;
  channel_id: string;
  remote_id: string;
  message_id: string;
  side: 'platform' | 'channel';
  piece: number;
  at: Generated<Date>;
}

interface MessageAttempts {
  workspace_id: string;
  message_id: string;
  no: number;
  started_at: Date;
  milliseconds: number;
  ok: boolean;
  failure: Json<Failure> | null;
  retry_at: Date | null;
  exchanges: Json<unknown[]>;
}

interface Receipts {
  workspace_id: string;
  channel_id: string;
  remote_id: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  at: Date;
  noted_at: Generated<Date>;
  failure: Json<Failure> | null;
}

interface Journal {
  id: string;
  workspace_id: string;
  source_id: string;
  received_at: Generated<Date>;
  method: string;
  url: string;
  headers: Json<Record<string, string>>;
  body: Buffer;
  events: Json<unknown[]>;
}

interface Lanes {
  workspace_id: string;
  conversation_id: string;
  channel_id: string;
  last_seq: Generated<number>;
  done_seq: Generated<number>;
  due: Generated<Date>;
  token: string | null;
  claimed_at: Date | null;
  attempts: Generated<number>;
  failing_since: Date | null;
  parked_for: string | null;
}

interface AuditLog {
  account_id: string;
  id: string;
  at: Generated<Date>;
  actor: string;
  action: string;
  target: string;
  detail: JsonWithDefault<Record<string, unknown>>;
}

interface Users {
  id: Generated<string>;
  name: string;
  email: string;
  email_verified: boolean;
  image: string | null;
  two_factor_enabled: boolean | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface Accounts {
  id: Generated<string>;
  name: string;
  slug: string;
  logo: string | null;
  metadata: string | null;
  created_at: Date;
}

interface Members {
  id: Generated<string>;
  account_id: string;
  user_id: string;
  role: string;
  created_at: Date;
}

interface Invitations {
  id: Generated<string>;
  account_id: string;
  email: string;
  role: string | null;
  status: string;
  expires_at: Date;
  created_at: Generated<Date>;
  inviter_id: string;
}

interface Sessions {
  id: Generated<string>;
  user_id: string;
  token: string;
  active_account_id: string | null;
  ip_address: string | null;
  user_agent: string | null;
  expires_at: Date;
  created_at: Generated<Date>;
  updated_at: Date;
}

interface ApiKeys {
  id: string;
  account_id: string;
  workspace_id: string | null;
  name: string;
  hash: Buffer;
  hint: string;
  created_by: string | null;
  created_at: Generated<Date>;
  last_used_at: Date | null;
  valid_until: Date | null;
  replaced_by: string | null;
  revoked_at: Date | null;
}

interface IdempotencyKeys {
  actor: string;
  key: string;
  request_hash: Buffer;
  created_at: Generated<Date>;
  locked_until: Date;
  status: number | null;
  answer: string | null;
}

interface OauthStates {
  hash: Buffer;
  account_id: string;
  user_id: string;
  session_id: string;
  platform: string;
  region: string | null;
  expires_at: Date;
}
