import { isDeepStrictEqual } from 'node:util';
import type { Event, ReactionEvent } from '../contract/event.ts';
import type { Part, Sender } from '../contract/message.ts';
import { newId } from '../db/ids.ts';
import type { Client } from '../db/pool.ts';
import type { ChannelConnection } from './connections.ts';
import { recordConsent } from './consent.ts';
import { deliver } from './inbound.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import { findByRemoteId } from './messages.ts';
import type { Path } from './path.ts';
import { deleteText, editText, reactionText } from './render.ts';

/**
 * Everything in a conversation that is no new message, in its order: what it changes here, and, where the inbox should hear
 * of it, a readable message in its place.
 */
export async function apply(path: Path, lane: Lane, item: Item): Promise<Stop | undefined> {
  const event = item.event;
  if (event === null || !('type' in event)) return void (await lane.finish(item));
  const channel = await path.connections.channel(lane.channelId);
  if (!channel) return { stop: 'park', for: lane.channelId };
  let told: string | undefined;
  const work = async (client: Client) => {
    const parts = await applyEvent(client, lane, channel, event);
    told = parts && 'conversation' in event ? await tell(client, lane, item, channel, event, parts) : undefined;
  };
  await lane.write(work);
  if (told === undefined) return void (await lane.finish(item));
  return deliver(path, lane, { ...item, kind: 'deliver', message_id: told, event: null });
}

/** Takes effect here. Returns what the inbox should read of it, if anything. */
async function applyEvent(
  client: Client,
  lane: Lane,
  channel: ChannelConnection,
  event: Event,
): Promise<Part[] | undefined> {
  const conversation = { workspaceId: lane.workspaceId, id: lane.conversationId };
  switch (event.type) {
    case 'opted_in':
    case 'opted_out':
      await recordConsent(client, channel, event.type, channel.adapter.externalId(event.contact, channel.config));
      return undefined;
    case 'conversation_started':
      await client.query(
        'update conversations set referral = coalesce($3, referral) where workspace_id = $1 and id = $2',
        [lane.workspaceId, lane.conversationId, event.referral ?? null],
      );
      return undefined;
    case 'conversation_closed':
    case 'conversation_snoozed':
    case 'conversation_opened':
      await client.query('update conversations set state = $3 where workspace_id = $1 and id = $2', [
        lane.workspaceId,
        lane.conversationId,
        event.type === 'conversation_opened' ? 'open' : event.type.replace('conversation_', ''),
      ]);
      return undefined;
    case 'conversation_deleted':
      await client.query(
        `update conversations set thread_id = null, state = 'closed' where workspace_id = $1 and id = $2 and thread_id = $3`,
        [lane.workspaceId, lane.conversationId, event.conversation],
      );
      return undefined;
    case 'reaction':
    case 'reaction_removed': {
      const target = await findByRemoteId(client, conversation, event.id);
      if (!target) return undefined;
      await noteReaction(client, lane.workspaceId, target.id, event);
      const text = reactionText(event.emoji, target.parts, event.type === 'reaction_removed');
      return [{ kind: 'text', text }];
    }
    case 'edit': {
      const target = await findByRemoteId(client, conversation, event.id);
      if (!target || isDeepStrictEqual(content(target.parts), content(event.parts))) return undefined;
      await client.query('update messages set parts = $3, edited_at = now() where workspace_id = $1 and id = $2', [
        lane.workspaceId,
        target.id,
        JSON.stringify(event.parts),
      ]);
      return editText(event.parts);
    }
    case 'delete': {
      const target = await findByRemoteId(client, conversation, event.id);
      if (!target) return undefined;
      await client.query('update messages set deleted_at = now() where workspace_id = $1 and id = $2', [
        lane.workspaceId,
        target.id,
      ]);
      return target.direction === 'inbound' ? [{ kind: 'text', text: deleteText(target.parts) }] : undefined;
    }
    default:
      return undefined;
  }
}

/** What a reader sees of the parts: providers report edits that change nothing visible. */
function content(parts: readonly Part[]): unknown[] {
  return parts.map(part => ('ref' in part ? { kind: part.kind, ref: part.ref } : part));
}

async function noteReaction(
  client: Client,
  workspaceId: string,
  messageId: string,
  event: ReactionEvent,
): Promise<void> {
  const reaction = { by: event.sender?.id ?? event.conversation, emoji: event.emoji ?? null };
  await client.query(
    `update messages
     set reactions = (select coalesce(jsonb_agg(r), '[]') from jsonb_array_elements(reactions) r
                      where not (r->>'by' = $3 and ($4::text is null or r->>'emoji' = $4)))
                     || case when $5 then jsonb_build_array(jsonb_build_object('by', $3::text, 'emoji', $4::text)) else '[]' end
     where workspace_id = $1 and id = $2`,
    [workspaceId, messageId, reaction.by, reaction.emoji, event.type === 'reaction'],
  );
}

/** Stores a readable stand-in and turns the item into its delivery, so that it stands where it happened. Returns its id. */
async function tell(
  client: Client,
  lane: Lane,
  item: Item,
  channel: ChannelConnection,
  event: Event & { conversation?: string; sender?: Sender },
  parts: Part[],
): Promise<string> {
  const id = newId();
  await client.query(
    `insert into messages (workspace_id, id, account_id, channel_id, conversation_id, direction, status, remote_id, sender, parts, at)
     values ($1, $2, $3, $4, $5, $6, 'received', $7, $8, $9, coalesce($10::timestamptz, now()))`,
    [
      lane.workspaceId,
      id,
      channel.accountId,
      lane.channelId,
      lane.conversationId,
      event.sender?.kind === 'business' ? 'echo' : 'inbound',
      `event:${event.key}`,
      event.sender ?? { id: event.conversation ?? '', kind: 'customer' },
      JSON.stringify(parts),
      event.at ?? null,
    ],
  );
  await client.query(
    `update lane_items set kind = 'deliver', message_id = $4, event = null
     where workspace_id = $1 and conversation_id = $2 and seq = $3`,
    [lane.workspaceId, lane.conversationId, item.seq, id],
  );
  return id;
}
