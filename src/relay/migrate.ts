import type { MigratedEvent } from '../contract/event.ts';
import type { Queryable } from '../db/pool.ts';
import type { ChannelConnection } from './connections.ts';
import { addressKey } from './store/conversations.ts';

/**
 * The provider moved a chat: the conversation answers to the new address and keeps its thread. Where messages at the new
 * address were quicker than this news, both conversations exist already; then the old one hands its thread to the new one
 * if that has none. Safe to repeat.
 */
export async function migrateChat(
  db: Queryable,
  channel: ChannelConnection,
  event: Pick<MigratedEvent, 'from' | 'to'>,
): Promise<void> {
  const from = addressKey(channel, event.from);
  const to = addressKey(channel, event.to);
  const { rowCount } = await db.query(
    `update conversations set address = $3, address_key = $4
     where channel_id = $1 and address_key = $2
       and not exists (select 1 from conversations where channel_id = $1 and address_key = $4)`,
    [channel.id, from, event.to, to],
  );
  if (rowCount !== 0) return;
  const { rows } = await db.query<{ thread_id: string }>(
    `select o.thread_id from conversations o
     join conversations n on n.channel_id = o.channel_id and n.address_key = $3 and n.thread_id is null
     where o.channel_id = $1 and o.address_key = $2 and o.thread_id is not null
     for update of o`,
    [channel.id, from, to],
  );
  if (!rows[0]) return;
  const set = 'update conversations set thread_id = $3 where channel_id = $1 and address_key = $2';
  await db.query(set, [channel.id, from, null]);
  await db.query(set, [channel.id, to, rows[0].thread_id]);
}
