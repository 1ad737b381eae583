import { type Pool, transaction } from '../db/pool.ts';
import { announceLanes } from './notices.ts';
import { addToLanes } from './store/lanes.ts';

interface Row {
  id: string;
  workspace_id: string;
  channel_id: string;
  conversation_id: string;
  direction: string;
}

/**
 * Sends failed and unconfirmed messages of an account once more, each at the end of its conversation's lane: what was still
 * to be sent, or the whole message where all of it was sent and failed afterwards. Returns the ids that really were put in line; all others were unknown or had not failed.
 */
export async function resend(pool: Pool, accountId: string, ids: readonly string[]): Promise<string[]> {
  return transaction(pool, async client => {
    const { rows } = await client.query<Row>(
      `update messages m
       set status = case when direction = 'outbound' then 'queued' else 'received' end, failure = null, doubt_since = null,
           rest = nullif(rest, '[]'), first_piece = case when rest = '[]' then pieces else first_piece end
       from (select workspace_id, id from messages
             where account_id = $1 and id = any($2) and status in ('failed', 'unconfirmed')
             order by created_at, id for update) dead
       where m.workspace_id = dead.workspace_id and m.id = dead.id
       returning m.id, m.workspace_id, m.channel_id, m.conversation_id, m.direction`,
      [accountId, ids],
    );
    // Ids are made in the order of writing, so sorting them restores it.
    const inOrder = rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    await addToLanes(
      client,
      inOrder.map(row => ({
        conversation: { id: row.conversation_id, workspaceId: row.workspace_id, channelId: row.channel_id },
        kind: row.direction === 'outbound' ? 'send' : 'deliver',
        messageId: row.id,
      })),
    );
    await announceLanes(client);
    return inOrder.map(row => row.id);
  });
}
