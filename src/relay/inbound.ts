import type { Context } from '../contract/adapter.ts';
import type { Failure } from '../contract/failure.ts';
import type { Part } from '../contract/message.ts';
import type { DeliverResult, Delivery } from '../contract/platform.ts';
import { failureOf } from '../kit/failure.ts';
import { fetchAttachments } from './attachments.ts';
import type { ChannelConnection, WorkspaceConnection } from './connections.ts';
import { contextFor } from './context.ts';
import { afterFailure } from './failing.ts';
import { cutToFit } from './fit.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import { deleteMessage, findByRemoteId, isNews, type Message } from './messages.ts';
import { recordPiece } from './outcomes.ts';
import type { Path } from './path.ts';
import { summary, withPreface } from './render.ts';

/** How often one call may mend its own cause (a merged contact, a deleted thread) before it counts as a failure. */
const mendings = 3;

/** customer → inbox: delivers one message to the platform, piece by piece, and finishes the item. */
export async function deliver(path: Path, lane: Lane, item: Item): Promise<Stop | undefined> {
  const message =
    item.message_id === null
      ? undefined
      : await path.messages.submit({ workspaceId: lane.workspaceId, id: item.message_id });
  const workspace = await path.connections.workspace(lane.workspaceId);
  if (message?.status !== 'received') return void (await lane.finish(item));
  if (!workspace || workspace.status === 'disconnected') return { stop: 'park', for: lane.workspaceId };
  const channel = await path.connections.channel(lane.channelId);
  if (!channel) return { stop: 'park', for: lane.channelId };
  if (message.direction === 'echo' && message.is_ours) {
    return void (await lane.finish(item, client => deleteMessage(client, message)));
  }

  const startedAt = new Date();
  const source = contextFor(channel, path.surroundings);
  const fetched = await fetchAttachments(path, lane, message, channel, source.context);
  if ('failure' in fetched) {
    const attempt = { startedAt, failure: fetched.failure, exchanges: source.exchanges };
    return afterFailure(path, lane, item, message, channel, attempt);
  }

  const pieces = message.rest ?? (await preparePieces(path, message, fetched.parts, workspace));
  return deliverPieces(path, lane, item, { message, workspace, channel, pieces });
}

async function preparePieces(
  path: Path,
  message: Message,
  parts: Part[],
  workspace: WorkspaceConnection,
): Promise<Part[][]> {
  const quoted =
    message.reply_to && message.reply_to.text === undefined
      ? await findByRemoteId(
          path.pool,
          { workspaceId: message.workspace_id, id: message.conversation_id },
          message.reply_to.id,
        )
      : undefined;
  const referral = message.referral ?? message.conversation_referral;
  const told = withPreface(parts, {
    ...(message.is_group && message.direction === 'inbound'
      ? { groupAuthor: message.sender.name ?? message.sender.id }
      : {}),
    ...(message.reply_to ? { quote: message.reply_to } : {}),
    ...(quoted ? { quoted: summary(quoted.parts) } : {}),
    ...(message.forwarded_from === null ? {} : { forwardedFrom: message.forwarded_from }),
    ...(referral ? { referral } : {}),
  });
  const link = contextFor(workspace, path.surroundings).context.media.link;
  return cutToFit(told, workspace.adapter.capabilities(workspace.config), link).pieces;
}

interface Work {
  message: Message;
  workspace: WorkspaceConnection;
  channel: ChannelConnection;
  pieces: Part[][];
}

async function deliverPieces(path: Path, lane: Lane, item: Item, work: Work): Promise<Stop | undefined> {
  const { message, workspace, channel } = work;
  const rest = [...work.pieces];
  let piece = message.pieces;
  let doubt = message.doubt_since ?? lane.abandonedSince;
  while (rest.length > 0) {
    const startedAt = new Date();
    const { context, exchanges } = contextFor(workspace, path.surroundings);
    const result = await deliverPiece(path, lane, work, { parts: rest[0] ?? [], piece, doubt }, context);
    if (!result.ok) {
      const attempt = { startedAt, failure: result.failure, exchanges };
      return afterFailure(path, lane, item, message, workspace, attempt);
    }
    doubt = undefined;
    rest.shift();
    if (result.rest && result.rest.length > 0) rest.unshift(result.rest);
    const isLast = rest.length === 0;
    const attempt = { startedAt, exchanges };
    const outcome = { lane, item, message, workspace, channel, attempt, piece, ids: result.ids, thread: result.thread };
    if (isLast) await lane.finishWith(path.outcomes.submit(outcome));
    else await lane.write(client => recordPiece(client, outcome, rest));
    message.thread_id = result.thread;
    piece++;
  }
  if (work.pieces.length === 0) await finishEmpty(lane, item, message);
  path.metrics.attempt(workspace.platform, 'ok');
  path.metrics.message('inbound', 'delivered');
  path.metrics.delivered((Date.now() - message.created_at.getTime()) / 1000);
  return undefined;
}

/** One piece, with the contact found and dead links replaced on the way. */
async function deliverPiece(
  path: Path,
  lane: Lane,
  work: Work,
  what: { parts: Part[]; piece: number; doubt: Date | undefined },
  context: Context<unknown>,
): Promise<DeliverResult> {
  const { message, workspace } = work;
  const { adapter } = workspace;
  let failure: Failure = { class: 'unknown', message: 'The platform kept taking its answer back.' };
  let { doubt } = what;
  for (let round = 0; round < mendings; round++) {
    try {
      const contact = await ensureContact(lane, work, context);
      if (!contact.ok) return contact;
      const delivery: Delivery = {
        id: message.id,
        piece: what.piece,
        contact: contact.id,
        ...(message.thread_id === null ? {} : { thread: message.thread_id }),
        parts: what.parts,
        as: message.direction === 'echo' ? 'business' : 'customer',
        at: message.at.toISOString(),
      };
      if (doubt && adapter.find) {
        const found = await adapter.find(delivery, { ...context, since: doubt });
        if ('failure' in found) return { ok: false, failure: { ...found.failure, unconfirmed: true } };
        const thread = found.thread ?? message.thread_id;
        if (thread !== null && (await isNews(path.pool, message, 'platform', found.ids))) {
          return { ok: true, thread, ids: found.ids, ...(found.rest ? { rest: found.rest } : {}) };
        }
        doubt = undefined;
      }
      const result = await adapter.deliver(delivery, context);
      if (result.ok || result.forget === undefined) return result;
      failure = result.failure;
      await forget(path, lane, message, result.forget);
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  }
  return { ok: false, failure };
}

async function ensureContact(
  lane: Lane,
  { message, workspace, channel }: Work,
  context: Context<unknown>,
): Promise<{ ok: true; id: string } | { ok: false; failure: Failure }> {
  if (message.platform_contact_id !== null) return { ok: true, id: message.platform_contact_id };
  const result = await workspace.adapter.contacts.resolve(
    {
      externalId: message.external_id,
      ...(message.contact_name === null ? {} : { name: message.contact_name }),
      ...(message.phone === null ? {} : { phone: message.phone }),
      ...(message.username === null ? {} : { username: message.username }),
      ...(message.language === null ? {} : { language: message.language }),
      channel: { kind: channel.kind, label: channel.label },
    },
    context,
  );
  if (!result.ok) return result;
  await lane.write(async client => {
    await client.query('update contacts set platform_contact_id = $3 where workspace_id = $1 and id = $2', [
      message.workspace_id,
      message.contact_id,
      result.id,
    ]);
  });
  message.platform_contact_id = result.id;
  return result;
}

/** A link we held is dead: without it the next round finds or makes a new one. */
async function forget(path: Path, lane: Lane, message: Message, what: 'thread' | 'contact'): Promise<void> {
  path.logger.info({ conversationId: message.conversation_id, what }, 'the platform no longer knows it: linking anew');
  if (what === 'contact') {
    await lane.write(async client => {
      await client.query('update contacts set platform_contact_id = null where workspace_id = $1 and id = $2', [
        message.workspace_id,
        message.contact_id,
      ]);
    });
    message.platform_contact_id = null;
    return;
  }
  await lane.write(async client => {
    await client.query('update conversations set thread_id = null where workspace_id = $1 and id = $2', [
      message.workspace_id,
      message.conversation_id,
    ]);
  });
  message.thread_id = null;
}

async function finishEmpty(lane: Lane, item: Item, message: Message): Promise<void> {
  await lane.finish(item, async client => {
    await client.query(
      `update messages set status = 'delivered', delivered_at = now() where workspace_id = $1 and id = $2`,
      [message.workspace_id, message.id],
    );
  });
}
