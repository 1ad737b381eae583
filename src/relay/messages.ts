import type { Failure } from '../contract/failure.ts';
import type { Part, Quote, Referral, Sender } from '../contract/message.ts';
import type { Queryable } from '../db/pool.ts';

/** A stored message with what the path needs to know of its conversation and contact. */
export interface Message {
  workspace_id: string;
  id: string;
  account_id: string;
  channel_id: string;
  conversation_id: string;
  direction: 'inbound' | 'outbound' | 'echo';
  status: string;
  remote_id: string;
  sender: Sender;
  parts: Part[];
  /** Pieces still to deliver, already cut to fit; null: not begun. */
  rest: Part[][] | null;
  pieces: number;
  reply_to: Quote | null;
  referral: Referral | null;
  forwarded_from: string | null;
  group_name: string | null;
  failure: Failure | null;
  doubt_since: Date | null;
  at: Date;
  created_at: Date;
  address: string;
  thread_id: string | null;
  contact_id: string;
  is_group: boolean;
  conversation_referral: Referral | null;
  external_id: string;
  contact_name: string | null;
  username: string | null;
  phone: string | null;
  language: string | null;
  platform_contact_id: string | null;
  /** The customer opted out of this channel. */
  opted_out: boolean;
  /** Written elsewhere, and yet by a call of ours: the echo ledger knows its id. */
  is_ours: boolean;
}

export interface MessageKey {
  workspaceId: string;
  id: string;
}

/**
 * Reads messages as they are now; undefined in the place of one that is gone. Each `limit 1` keeps the planner from joining
 * whole tables while their statistics are old: one message costs one look into each index.
 */
export async function loadMessages(db: Queryable, keys: readonly MessageKey[]): Promise<(Message | undefined)[]> {
  const { rows } = await db.query<Message>(
    `select m.workspace_id, m.id, m.account_id, m.channel_id, m.conversation_id, m.direction, m.status, m.remote_id,
            m.sender, m.parts, m.rest, m.pieces, m.reply_to, m.referral, m.forwarded_from, m.group_name, m.failure,
            m.doubt_since, m.at, m.created_at,
            v.address, v.thread_id, v.contact_id, v.is_group, v.referral as conversation_referral,
            c.external_id, c.name as contact_name, c.username, c.phone, c.language, c.platform_contact_id,
            o.contact is not null as opted_out, d.remote_id is not null as is_ours
     from unnest($1::uuid[], $2::uuid[]) as k (workspace_id, id)
     cross join lateral (
       select * from messages where workspace_id = k.workspace_id and id = k.id limit 1) m
     cross join lateral (
       select * from conversations where workspace_id = m.workspace_id and id = m.conversation_id limit 1) v
     cross join lateral (
       select * from contacts where workspace_id = v.workspace_id and id = v.contact_id limit 1) c
     left join lateral (
       select contact from opt_outs
       where workspace_id = m.workspace_id and channel_id = m.channel_id and contact = c.external_id limit 1) o on true
     left join lateral (
       select remote_id from deliveries
       where m.direction <> 'inbound' and workspace_id = m.workspace_id and conversation_id = m.conversation_id
         and side = case m.direction when 'outbound' then 'platform' else 'channel' end and remote_id = m.remote_id
       limit 1) d on true`,
    [keys.map(key => key.workspaceId), keys.map(key => key.id)],
  );
  const found = new Map(rows.map(row => [row.id, row]));
  return keys.map(key => found.get(key.id));
}

/** The newest message that a provider id speaks of: one the customer wrote, or one we sent them. */
export async function findByRemoteId(
  db: Queryable,
  conversation: { workspaceId: string; id: string },
  remoteId: string,
): Promise<{ id: string; direction: string; parts: Part[] } | undefined> {
  const { rows } = await db.query<{ id: string; direction: string; parts: Part[] }>(
    `select id, direction, parts, created_at from messages
     where conversation_id = $2 and direction in ('inbound', 'echo') and remote_id = $3
     union all
     select m.id, m.direction, m.parts, m.created_at from deliveries d
     join messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
     where d.workspace_id = $1 and d.conversation_id = $2 and d.side = 'channel' and d.remote_id = $3
     order by created_at desc limit 1`,
    [conversation.workspaceId, conversation.id, remoteId],
  );
  return rows[0];
}

/** Whether we made this on the platform or channel ourselves: the echo ledger. */
async function isOurs(
  db: Queryable,
  conversation: { workspaceId: string; id: string },
  side: 'platform' | 'channel',
  remoteId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from deliveries where workspace_id = $1 and conversation_id = $2 and side = $3 and remote_id = $4',
    [conversation.workspaceId, conversation.id, side, remoteId],
  );
  return rowCount !== 0;
}

/** Whether a look-up found this message at all: the same words of an earlier one are in the ledger already. */
export async function isNews(
  db: Queryable,
  message: Pick<Message, 'workspace_id' | 'conversation_id'>,
  side: 'platform' | 'channel',
  ids: readonly string[],
): Promise<boolean> {
  const conversation = { workspaceId: message.workspace_id, id: message.conversation_id };
  for (const id of ids) if (await isOurs(db, conversation, side, id)) return false;
  return ids.length > 0;
}

/** Enters what a call made into the echo ledger. */
export async function rememberDeliveries(
  db: Queryable,
  message: Pick<Message, 'workspace_id' | 'conversation_id' | 'channel_id' | 'id'>,
  side: 'platform' | 'channel',
  piece: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db.query(
    `insert into deliveries (workspace_id, conversation_id, channel_id, remote_id, message_id, side, piece)
     select $1, $2, $3, unnest($4::text[]), $5, $6, $7
     on conflict (workspace_id, conversation_id, side, remote_id) do update set message_id = excluded.message_id`,
    [message.workspace_id, message.conversation_id, message.channel_id, ids, message.id, side, piece],
  );
}

/** Takes back a message that was the echo of a call of our own. */
export async function deleteMessage(db: Queryable, message: Pick<Message, 'workspace_id' | 'id'>): Promise<void> {
  await db.query('delete from messages where workspace_id = $1 and id = $2', [message.workspace_id, message.id]);
}
