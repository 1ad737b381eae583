import type { Failure } from '../contract/failure.ts';
import { type Pool, type Queryable, transaction } from '../db/pool.ts';
import type { ChannelConnection } from './connections.ts';
import { addToLanes } from './store/lanes.ts';

interface Moved {
  id: string;
  workspace_id: string;
  conversation_id: string;
  channel_id: string;
  status: string;
  failure: Failure | null;
}

type Channel = Pick<ChannelConnection, 'id' | 'workspaceId'>;

/**
 * Moves messages forward to the fates known for these provider ids, and lets the teammate hear of it in the conversation's
 * own order. Looked at when a receipt came in and again when a send was recorded, so it does not matter which was first.
 * A status only rises: queued, sent, delivered, read; `failed` is final unless the message is resent. A message of several
 * pieces is as far as the piece that lags behind, and is not judged before its last piece was sent.
 */
async function applyReceipts(db: Queryable, channel: Channel, remoteIds: readonly string[]): Promise<void> {
  const { rows } = await db.query<Moved>(
    `with touched as (
       select distinct workspace_id, message_id from deliveries
       where channel_id = $2 and side = 'channel' and remote_id = any($3)),
     pieces as (
       select d.message_id, d.remote_id, bool_or(r.status = 'failed') as failed, max(r.at) as at,
              max(case r.status when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 else 0 end) as rank,
              (array_agg(r.failure) filter (where r.status = 'failed'))[1] as failure
       from touched t
       join messages m on m.workspace_id = t.workspace_id and m.id = t.message_id
       join deliveries d on d.workspace_id = t.workspace_id and d.message_id = t.message_id and d.side = 'channel'
                         and d.piece >= m.first_piece
       left join receipts r on r.workspace_id = $1 and r.channel_id = d.channel_id and r.remote_id = d.remote_id
       group by d.message_id, d.remote_id),
     news as (
       select message_id, coalesce(bool_or(failed), false) as failed, coalesce(min(rank), 0) as rank, max(at) as at,
              (array_agg(failure) filter (where failed))[1] as failure
       from pieces group by message_id),
     current as (
       select m.workspace_id, m.id, n.failed, n.rank, n.at, n.failure,
              case m.status when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 when 'failed' then 9 else 0 end as had
       from messages m join news n on n.message_id = m.id
       where m.workspace_id = $1 and m.direction = 'outbound' and m.rest = '[]' order by m.id for update of m)
     update messages m
     set status = case when c.failed then 'failed' else (array['sent', 'delivered', 'read'])[c.rank] end,
         failure = case when c.failed then c.failure end,
         sent_at = coalesce(m.sent_at, c.at),
         delivered_at = case when c.rank >= 2 then coalesce(m.delivered_at, c.at) else m.delivered_at end,
         read_at = case when c.rank = 3 then c.at else m.read_at end
     from current c
     where m.workspace_id = c.workspace_id and m.id = c.id and ((c.failed and c.had < 2) or (not c.failed and c.rank > c.had))
     returning m.id, m.workspace_id, m.conversation_id, m.channel_id, m.status, m.failure`,
    [channel.workspaceId, channel.id, remoteIds],
  );
  await addToLanes(
    db,
    rows.map(row => ({
      conversation: { id: row.conversation_id, workspaceId: row.workspace_id, channelId: row.channel_id },
      kind: 'report' as const,
      messageId: row.id,
      event: { status: row.status },
    })),
  );
}

/**
 * {@link applyReceipts} in a transaction of its own. It must run after the commit of whatever was news, a receipt or the
 * record of a send: of two that commit in the same moment, the later look then sees both.
 */
export async function settleReceipts(pool: Pool, channel: Channel, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length > 0) await transaction(pool, client => applyReceipts(client, channel, remoteIds));
}

/**
 * Looks again at receipts some seconds old, for a process that ended between a commit and its look. Called every few
 * seconds, so each is looked at once or twice.
 */
export async function sweepReceipts(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ workspace_id: string; channel_id: string; ids: string[] }>(
    `select r.workspace_id, r.channel_id, array_agg(distinct r.remote_id) as ids
     from receipts r
     join deliveries d on d.channel_id = r.channel_id and d.side = 'channel' and d.remote_id = r.remote_id
     join messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
     where r.noted_at between now() - interval '15 seconds' and now() - interval '3 seconds'
       and m.status <> r.status and m.status in ('queued', 'sent', 'delivered')
     group by r.workspace_id, r.channel_id`,
  );
  for (const row of rows) {
    await settleReceipts(pool, { id: row.channel_id, workspaceId: row.workspace_id }, row.ids);
  }
}
