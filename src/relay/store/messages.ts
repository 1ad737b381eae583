import type { Event } from '../../contract/event.ts';
import { newId } from '../../db/ids.ts';
import type { Client } from '../../db/pool.ts';
import { toJson } from '../../kit/json.ts';
import type { AnyConnection } from '../connections.ts';
import type { Conversation } from './conversations.ts';
import { addToLanes, type LaneEntry } from './lanes.ts';
import * as sql from './statements.ts';

/** An event whose conversation is known. */
export interface Placed {
  source: AnyConnection;
  receivedAt: Date;
  event: Event;
  conversation: Conversation;
}

interface MessageRow {
  id: string;
  direction: 'inbound' | 'outbound' | 'echo';
  [column: string]: unknown;
}

/** Stores messages and puts everything into its conversation's lane, in the order given; workers are woken on commit. */
export async function storeInLanes(client: Client, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return;
  const messages: MessageRow[] = [];
  const entries = placed.map((item): LaneEntry => {
    const { conversation, event } = item;
    if (event.type !== 'message' && event.type !== 'echo') return { conversation, kind: 'apply', event };
    const row = messageRow(item, event);
    messages.push(row);
    return { conversation, kind: row.direction === 'outbound' ? 'send' : 'deliver', messageId: row.id };
  });
  // Lanes first: who delivers has locked the lane before it writes to the conversation, and two orders would deadlock.
  await addToLanes(client, entries);
  await insertMessages(client, messages);
}

function messageRow(item: Placed, event: Extract<Event, { type: 'message' | 'echo' }>): MessageRow {
  const { source, conversation } = item;
  const direction = source.side === 'workspace' ? 'outbound' : event.type === 'echo' ? 'echo' : 'inbound';
  return {
    workspace_id: source.workspaceId,
    id: newId(),
    account_id: source.accountId,
    channel_id: conversation.channelId,
    conversation_id: conversation.id,
    direction,
    status: direction === 'outbound' ? 'queued' : 'received',
    remote_id: event.id,
    sender: event.sender,
    parts: event.parts,
    reply_to: event.replyTo ?? null,
    referral: event.referral ?? null,
    forwarded_from: event.forwardedFrom ?? null,
    album: event.album ?? null,
    group_name: event.group?.name ?? null,
    at: event.at ?? item.receivedAt.toISOString(),
  };
}

async function insertMessages(client: Client, rows: readonly MessageRow[]): Promise<void> {
  if (rows.length === 0) return;
  const touched = new Map(
    rows.map(row => [
      String(row.conversation_id),
      { workspace_id: row.workspace_id, id: row.conversation_id, reopen: row.direction === 'inbound' },
    ]),
  );
  await client.query(sql.insertMessages, [toJson(rows), toJson([...touched.values()])]);
}
