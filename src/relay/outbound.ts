import type { Context } from '../contract/adapter.ts';
import type { Outgoing, SendResult } from '../contract/channel.ts';
import type { Event } from '../contract/event.ts';
import type { Failure } from '../contract/failure.ts';
import type { Part } from '../contract/message.ts';
import type { Client } from '../db/pool.ts';
import { failureOf } from '../kit/failure.ts';
import { dropMarks } from '../kit/text.ts';
import { fetchAttachments } from './attachments.ts';
import { recordAttempt } from './attempts.ts';
import type { ChannelConnection, WorkspaceConnection } from './connections.ts';
import { recordConsent } from './consent.ts';
import { contextFor } from './context.ts';
import { afterFailure } from './failing.ts';
import { cutToFit } from './fit.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import { waitForTurn } from './limits.ts';
import { deleteMessage, isNews, type Message, rememberDeliveries } from './messages.ts';
import { migrateChat } from './migrate.ts';
import type { Path } from './path.ts';
import { settleReceipts } from './receipts.ts';
import { addToLanes } from './store/lanes.ts';
import { windowClosed } from './window.ts';

/** How often one send may mend its own cause (a moved chat, refused formatting) before it counts as a failure. */
const mendings = 3;

/** teammate → customer: sends one message on its channel, piece by piece, and finishes the item. */
export async function send(path: Path, lane: Lane, item: Item): Promise<Stop | undefined> {
  const message =
    item.message_id === null
      ? undefined
      : await path.messages.submit({ workspaceId: lane.workspaceId, id: item.message_id });
  if (message?.status !== 'queued') return void (await lane.finish(item));
  const workspace = await path.connections.workspace(lane.workspaceId);
  if (!workspace) return { stop: 'park', for: lane.workspaceId };
  const channel = await path.connections.channel(lane.channelId);
  if (!channel || channel.status === 'disconnected') return { stop: 'park', for: lane.channelId };
  const paused = channel.pausedUntil ? (channel.pausedUntil.getTime() - Date.now()) / 1000 : 0;
  if (paused > 0) return { stop: 'delay', seconds: paused, counted: false };
  if (message.is_ours) {
    return void (await lane.finish(item, client => deleteMessage(client, message)));
  }

  const startedAt = new Date();
  const source = contextFor(workspace, path.surroundings);
  if (message.opted_out) {
    const failure: Failure = { class: 'opted_out', message: 'The customer opted out of messages on this channel.' };
    return afterFailure(path, lane, item, message, channel, { startedAt, failure, exchanges: [] });
  }
  const closed = await windowClosed(path.pool, channel, message);
  if (closed) return afterFailure(path, lane, item, message, channel, { startedAt, failure: closed, exchanges: [] });
  const fetched = await fetchAttachments(path, lane, message, workspace, source.context);
  if ('failure' in fetched) {
    const attempt = { startedAt, failure: fetched.failure, exchanges: source.exchanges };
    return afterFailure(path, lane, item, message, workspace, attempt);
  }
  const link = contextFor(workspace, path.surroundings).context.media.link;
  const fitted = message.rest
    ? { pieces: message.rest, notices: [] }
    : cutToFit(fetched.parts, channel.adapter.capabilities(channel.config), link);
  if ('refused' in fitted && fitted.refused) {
    return afterFailure(path, lane, item, message, channel, { startedAt, failure: fitted.refused, exchanges: [] });
  }
  return sendPieces(path, lane, item, { message, workspace, channel, ...fitted });
}

interface Work {
  message: Message;
  workspace: WorkspaceConnection;
  channel: ChannelConnection;
  pieces: Part[][];
  notices: string[];
}

async function sendPieces(path: Path, lane: Lane, item: Item, work: Work): Promise<Stop | undefined> {
  const { message, channel, workspace } = work;
  const rest = [...work.pieces];
  let piece = message.pieces;
  let doubt = message.doubt_since ?? lane.abandonedSince;
  const turn = { channelId: channel.id, conversationId: lane.conversationId };
  for (let mended = 0; rest.length > 0; ) {
    const wait = await waitForTurn(path.pool, channel.adapter.capabilities(channel.config), turn);
    if (wait > 0) return { stop: 'delay', seconds: wait, counted: false };
    const startedAt = new Date();
    const { context, exchanges } = contextFor(channel, path.surroundings);
    const result = await sendPiece(path, work, rest[0] ?? [], piece, doubt, context);
    doubt = undefined;
    if (result.events) await learn(path, lane, message, channel, result.events);
    if (!result.ok) {
      const attempt = { startedAt, failure: result.failure, exchanges };
      const again = (result.mended || result.again) && mended++ < mendings;
      if (!again) return afterFailure(path, lane, item, message, channel, attempt);
      await lane.write(client => recordAttempt(client, message, attempt, new Date()));
      if (result.again === 'plain_text') rest[0] = plain(rest[0] ?? []);
      continue;
    }
    rest.shift();
    const isLast = rest.length === 0;
    const made = piece;
    const write = async (client: Client) => {
      await rememberDeliveries(client, message, 'channel', made, result.ids);
      await recordAttempt(client, message, { startedAt, exchanges });
      await client.query(
        `update messages
         set rest = $3, pieces = $4, doubt_since = null, status = case when $5 then 'sent' else status end,
             sent_at = case when $5 then now() end, failure = null
         where workspace_id = $1 and id = $2`,
        [message.workspace_id, message.id, JSON.stringify(rest), made + 1, isLast],
      );
      if (isLast) await reportSent(client, message, workspace, work.notices);
    };
    if (isLast) await lane.finish(item, write);
    else await lane.write(write);
    await settleReceipts(path.pool, channel, result.ids);
    piece++;
  }
  if (work.pieces.length === 0) {
    const failure: Failure = { class: 'content', message: 'Nothing in this message can be carried on the channel.' };
    return afterFailure(path, lane, item, message, channel, { startedAt: new Date(), failure, exchanges: [] });
  }
  path.metrics.attempt(channel.kind, 'ok');
  path.metrics.message('outbound', 'sent');
  path.metrics.delivered((Date.now() - message.created_at.getTime()) / 1000);
  return undefined;
}

async function sendPiece(
  path: Path,
  { message, channel }: Work,
  parts: Part[],
  piece: number,
  doubt: Date | undefined,
  context: Context<unknown>,
): Promise<SendResult> {
  const outgoing: Outgoing = {
    id: message.id,
    piece,
    to: message.address,
    parts,
    ...(message.reply_to && piece === 0 ? { replyTo: message.reply_to } : {}),
    teammate: { id: message.sender.id, ...(message.sender.name === undefined ? {} : { name: message.sender.name }) },
  };
  try {
    if (doubt && channel.adapter.find) {
      const found = await channel.adapter.find(outgoing, { ...context, since: doubt });
      if ('failure' in found) return { ok: false, failure: { ...found.failure, unconfirmed: true } };
      if (await isNews(path.pool, message, 'channel', found.ids)) return { ok: true, ids: found.ids };
    }
    return await channel.adapter.send(outgoing, context);
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

/** What an answer taught us beside its result takes effect before the next try. */
async function learn(
  path: Path,
  lane: Lane,
  message: Message,
  channel: ChannelConnection,
  events: readonly Event[],
): Promise<void> {
  await lane.write(async client => {
    for (const event of events) {
      if (event.type === 'opted_out' || event.type === 'opted_in') {
        const contact = channel.adapter.externalId(event.contact, channel.config);
        await recordConsent(client, channel, event.type, contact);
      } else if (event.type === 'chat_migrated') {
        await migrateChat(client, channel, event);
        message.address = event.to;
      } else path.logger.warn({ channelId: channel.id, type: event.type }, 'a send taught us something we do not use');
    }
  });
}

/** Tells the teammate what was changed on the way, and the platform that it was sent, where it wants to know. */
async function reportSent(
  client: Client,
  message: Message,
  workspace: WorkspaceConnection,
  notices: readonly string[],
): Promise<void> {
  const conversation = {
    id: message.conversation_id,
    workspaceId: message.workspace_id,
    channelId: message.channel_id,
  };
  if (workspace.adapter.reports.includes('sent')) {
    await addToLanes(client, [{ conversation, kind: 'report', messageId: message.id, event: { status: 'sent' } }]);
  }
  if (notices.length > 0 && workspace.adapter.reports.includes('notice')) {
    const event = { status: 'notice', text: notices.join(' ') };
    await addToLanes(client, [{ conversation, kind: 'report', messageId: message.id, event }]);
  }
}

function plain(parts: readonly Part[]): Part[] {
  return parts.map(part => (part.kind === 'text' ? dropMarks(part) : part));
}
