import type { Queryable } from '../db/pool.ts';
import type { ChannelConnection } from './connections.ts';

type Channel = Pick<ChannelConnection, 'id' | 'workspaceId'>;

/** Keeps or lifts a contact's opt-out on a channel; the newest word counts. `contact` is its external id. */
export async function recordConsent(
  db: Queryable,
  channel: Channel,
  word: 'opted_in' | 'opted_out',
  contact: string,
): Promise<void> {
  const key = [channel.workspaceId, channel.id, contact];
  if (word === 'opted_in') {
    await db.query('delete from opt_outs where workspace_id = $1 and channel_id = $2 and contact = $3', key);
  } else {
    await db.query(
      'insert into opt_outs (workspace_id, channel_id, contact) values ($1, $2, $3) on conflict do nothing',
      key,
    );
  }
}
