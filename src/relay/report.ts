import type { Report } from '../contract/platform.ts';
import { failureOf, failureRules } from '../kit/failure.ts';
import { decide } from './attempts.ts';
import { contextFor } from './context.ts';
import { markDisconnected } from './failing.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import { type Message, rememberDeliveries } from './messages.ts';
import type { Path } from './path.ts';
import { summary } from './render.ts';

/** A message's fate → the teammate who wrote it, in the platform's own way. */
export async function report(path: Path, lane: Lane, item: Item): Promise<Stop | undefined> {
  const message =
    item.message_id === null
      ? undefined
      : await path.messages.submit({ workspaceId: lane.workspaceId, id: item.message_id });
  const workspace = await path.connections.workspace(lane.workspaceId);
  if (!workspace || workspace.status === 'disconnected') return { stop: 'park', for: lane.workspaceId };
  const wanted = statusOf(item);
  const thread = message?.thread_id;
  if (!message || !thread || wanted === undefined || !workspace.adapter.reports.includes(wanted.status)) {
    return void (await lane.finish(item));
  }
  const text = wanted.text ?? sentences(message, wanted.status);
  const { context } = contextFor(workspace, path.surroundings);
  const result = await workspace.adapter
    .report(
      {
        thread,
        messageId: message.remote_id,
        status: wanted.status,
        ...(text === undefined ? {} : { text }),
        ...(message.failure ? { failure: message.failure } : {}),
      },
      context,
    )
    .catch((error: unknown) => ({ ok: false as const, failure: failureOf(error) }));
  if (result.ok) {
    await lane.finish(item, client => rememberDeliveries(client, message, 'platform', 0, result.ids));
    return undefined;
  }
  const decision = decide(result.failure, {
    lane,
    canFind: false,
    retryBaseMs: path.retryBaseMs,
    parkFor: workspace.id,
    now: new Date(),
  });
  path.logger.warn(
    { messageId: message.id, status: wanted.status, failure: result.failure },
    'a fate could not be reported',
  );
  if (result.failure.class === 'auth') await markDisconnected(path, workspace, result.failure);
  if (decision.next === 'wait') return decision.stop;
  // The fate itself is stored and shown here; only the platform could not be told.
  await lane.finish(item);
  return undefined;
}

function statusOf(item: Item): { status: Report['status']; text?: string } | undefined {
  const event = item.event;
  if (event === null || 'type' in event || event.status === undefined) return undefined;
  const text = 'text' in event && typeof event.text === 'string' ? event.text : undefined;
  return { status: event.status as Report['status'], ...(text === undefined ? {} : { text }) };
}

/** What the teammate reads: what happened, why, and what to do. */
function sentences(message: Message, status: Report['status']): string | undefined {
  const words = `“${summary(message.parts, 80)}”`;
  if (status === 'unconfirmed') {
    return `Not confirmed: ${words} left us, but the provider did not answer, so it may or may not have arrived. Ask the customer before you send it again.`;
  }
  if (status !== 'failed' || !message.failure) return undefined;
  const code = message.failure.code === undefined ? '' : ` (${message.failure.code})`;
  const rule = failureRules[message.failure.class];
  // Some classes promise another try; one that has ended keeps no such promise.
  const advice =
    rule.retry === 'never' ? rule.teammate : 'It is not tried again by itself: send it again if it still matters.';
  return `Not delivered: ${words}. ${message.failure.message}${code}\n${advice}`;
}
