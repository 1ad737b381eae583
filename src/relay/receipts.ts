import type { Failure } from '../contract/failure.ts';
import type { Queryable } from '../db/pool.ts';
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

/**
 * Moves messages forward to the fates known for these provider ids, and lets the teammate hear of it in the conversation's
 * own order. Runs when a receipt comes in and again when a send has answered, so it does not matter which was first.
 * A status only rises: queued, sent, delivered, read; `failed` is final unless the message is resent.
 */
export async function applyReceipts(
  db: Queryable,
  channel: Pick<ChannelConnection, 'id' | 'workspaceId'>,
  remoteIds: readonly string[],
): Promise<void> {
  const { rows } = await db.query<Moved>(
    `with news as (
       select distinct on (d.message_id) d.message_id, r.status, r.at, r.failure,
              case r.status when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 else 0 end as rank
       from receipts r
       join deliveries d on d.channel_id = r.channel_id and d.side = 'channel' and d.remote_id = r.remote_id
       where r.workspace_id = $1 and r.channel_id = $2 and r.remote_id = any($3)
       order by d.message_id, (r.status = 'failed') desc, rank desc),
     current as (
       select m.workspace_id, m.id, n.status, n.at, n.failure, n.rank,
              case m.status when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 when 'failed' then 9 else 0 end as had
       from messages m join news n on n.message_id = m.id
       where m.workspace_id = $1 and m.direction = 'outbound' order by m.id for update of m)
     update messages m
     set status = c.status, failure = c.failure,
         sent_at = coalesce(m.sent_at, c.at),
         delivered_at = case when c.rank >= 2 then coalesce(m.delivered_at, c.at) else m.delivered_at end,
         read_at = case when c.rank = 3 then c.at else m.read_at end
     from current c
     where m.workspace_id = c.workspace_id and m.id = c.id
       and ((c.status = 'failed' and c.had < 2) or c.rank > c.had)
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
