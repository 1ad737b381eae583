import type { Event } from '../contract/event.ts';
import { type Client, type Pool, transaction } from '../db/pool.ts';
import type { Connections, WorkspaceConnection } from './connections.ts';
import type { Message } from './messages.ts';
import type { Conversation } from './store/conversations.ts';
import { storeInLanes } from './store/messages.ts';

/**
 * Ties a conversation to its thread on the platform, and lets through what the platform said of that thread before we knew
 * it: an answer can be quicker than the call that opened the thread.
 */
export async function linkThread(
  client: Client,
  workspace: WorkspaceConnection,
  message: Pick<Message, 'workspace_id' | 'conversation_id' | 'channel_id' | 'contact_id'>,
  thread: string,
): Promise<void> {
  await client.query('update conversations set thread_id = $3 where workspace_id = $1 and id = $2', [
    message.workspace_id,
    message.conversation_id,
    thread,
  ]);
  await letThrough(client, workspace, thread, {
    id: message.conversation_id,
    workspaceId: message.workspace_id,
    channelId: message.channel_id,
    contactId: message.contact_id,
  });
}

async function letThrough(
  client: Client,
  workspace: WorkspaceConnection,
  thread: string,
  conversation: Conversation,
): Promise<void> {
  const { rows } = await client.query<{ id: string; event: Event; at: Date }>(
    'delete from waiting_events where workspace_id = $1 and thread_id = $2 returning id, event, at',
    [workspace.id, thread],
  );
  const inOrder = rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  await storeInLanes(
    client,
    inOrder.map(row => ({ source: workspace, receivedAt: row.at, event: row.event, conversation })),
  );
}

/**
 * Lets through events whose thread was linked in the very moment they came in, when neither side could see the other, and
 * forgets those whose thread nobody linked: they belong to the platform's other conversations.
 */
export async function sweepWaiting(pool: Pool, connections: Connections): Promise<void> {
  const { rows } = await pool.query<Conversation & { thread: string }>(
    `select distinct v.thread_id as thread, v.id, v.workspace_id as "workspaceId", v.channel_id as "channelId",
            v.contact_id as "contactId"
     from waiting_events w join conversations v on v.workspace_id = w.workspace_id and v.thread_id = w.thread_id`,
  );
  for (const { thread, ...conversation } of rows) {
    const workspace = await connections.workspace(conversation.workspaceId);
    if (workspace) await transaction(pool, client => letThrough(client, workspace, thread, conversation));
  }
  await pool.query(`delete from waiting_events where at < now() - interval '15 minutes'`);
}
