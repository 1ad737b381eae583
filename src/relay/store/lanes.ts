import type { Event } from '../../contract/event.ts';
import type { Queryable } from '../../db/pool.ts';
import { toJson } from '../../kit/json.ts';
import type { Conversation } from './conversations.ts';
import * as sql from './statements.ts';

/** Something to be done in a conversation's order. */
export interface LaneEntry {
  conversation: Pick<Conversation, 'id' | 'workspaceId' | 'channelId'>;
  kind: 'deliver' | 'send' | 'apply' | 'report';
  messageId?: string;
  /** For `apply`: the event. For `report`: which fate. */
  event?: Event | { status: string };
}

/** Appends to the lanes in the order given; workers are woken on commit. */
export async function addToLanes(db: Queryable, entries: readonly LaneEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const counts = new Map<
    string,
    { workspace_id: string; conversation_id: string; channel_id: string; items: number }
  >();
  for (const { conversation } of entries) {
    const lane = counts.get(conversation.id) ?? {
      workspace_id: conversation.workspaceId,
      conversation_id: conversation.id,
      channel_id: conversation.channelId,
      items: 0,
    };
    counts.set(conversation.id, { ...lane, items: lane.items + 1 });
  }
  const { rows } = await db.query<{ conversation_id: string; last_seq: number }>(sql.extendLanes, [
    toJson([...counts.values()]),
  ]);
  const next = new Map(
    rows.map(row => [row.conversation_id, row.last_seq - (counts.get(row.conversation_id)?.items ?? 0) + 1]),
  );
  const items = entries.map(entry => {
    const seq = next.get(entry.conversation.id) ?? 1;
    next.set(entry.conversation.id, seq + 1);
    return {
      workspace_id: entry.conversation.workspaceId,
      conversation_id: entry.conversation.id,
      seq,
      kind: entry.kind,
      message_id: entry.messageId ?? null,
      event: entry.event ?? null,
    };
  });
  await db.query(sql.insertLaneItems, [toJson(items)]);
}
