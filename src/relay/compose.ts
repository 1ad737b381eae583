import type { Part } from '../contract/message.ts';
import { newId } from '../db/ids.ts';
import { type Pool, transaction } from '../db/pool.ts';
import { addToLanes } from './store/lanes.ts';

/**
 * Puts a message to the customer at the end of a conversation's lane, written here and not in the platform's inbox.
 * Returns its id, or undefined when the account has no such conversation.
 */
export async function compose(
  pool: Pool,
  input: { accountId: string; conversationId: string; author: { id: string; name?: string }; parts: Part[] },
): Promise<string | undefined> {
  const id = newId();
  return transaction(pool, async client => {
    const { rows } = await client.query<{ workspace_id: string; channel_id: string }>(
      `insert into messages (workspace_id, id, account_id, channel_id, conversation_id, direction, status, remote_id, sender,
                             parts, at)
       select workspace_id, $3, account_id, channel_id, id, 'outbound', 'queued', 'octopods:' || $3, $4, $5, now()
       from conversations where account_id = $1 and id = $2
       returning workspace_id, channel_id`,
      [input.accountId, input.conversationId, id, { ...input.author, kind: 'business' }, JSON.stringify(input.parts)],
    );
    const row = rows[0];
    if (!row) return undefined;
    const conversation = { id: input.conversationId, workspaceId: row.workspace_id, channelId: row.channel_id };
    await addToLanes(client, [{ conversation, kind: 'send', messageId: id }]);
    return id;
  });
}
