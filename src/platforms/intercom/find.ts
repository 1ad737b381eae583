import type { Context } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import type { Part } from '../../contract/message.ts';
import type { Delivery } from '../../contract/platform.ts';
import { stripZeroWidth } from '../../kit/html.ts';
import { type Dict, dict, id, number } from '../../kit/read.ts';
import { call } from './api.ts';
import { readBody } from './body.ts';
import { type Composed, composeOpening, composeReply } from './compose.ts';
import { wroteIt } from './deliver.ts';
import { dicts } from './dicts.ts';
import type { IntercomConfig } from './manifest.ts';
import { partsOf } from './parts.ts';

type FindContext = Context<IntercomConfig> & { since: Date };
type Found = { thread?: string; ids: string[]; rest?: Part[] } | { failure: Failure };

/** Seconds by which Intercom's clock may be behind ours; its times are whole seconds. */
const skew = 5;
/** Seconds after which the search index is taken to have caught up with a new conversation. */
const searchLag = 60;
const day = 24 * 3600;

/**
 * Looks for a delivery whose outcome stayed open. Among equal messages the newest counts: those before it were confirmed, so
 * the relay knows their ids.
 */
export function find(delivery: Delivery, context: FindContext): Promise<Found> {
  return delivery.thread === undefined ? findThread(delivery, context) : findPart(delivery, delivery.thread, context);
}

/** A direct read, which never lags. */
async function findPart(delivery: Delivery, thread: string, context: FindContext): Promise<Found> {
  const answer = await call(context, { method: 'GET', path: `/conversations/${encodeURIComponent(thread)}` });
  // The conversation was deleted, and the message with it.
  if (!answer.ok && answer.failure.status === 404) return { ids: [] };
  if (!answer.ok) return { failure: answer.failure };
  const composed = await composeReply(delivery.parts, context);
  if ('failure' in composed) return composed;
  const part = partsOf(answer.body).findLast(
    candidate =>
      candidate.part_type !== 'note' &&
      wroteIt(delivery, dict(candidate.author)) &&
      isRecent(candidate, context.since) &&
      says(candidate, composed),
  );
  return found(id(part?.id), thread, composed);
}

/** The only way to a thread whose id never reached us is the search, which lags behind. */
async function findThread(delivery: Delivery, context: FindContext): Promise<Found> {
  // Dates are compared by the calendar day of the workspace's zone: two days back is safe in every zone.
  const from = Math.floor(context.since.getTime() / 1000) - 2 * day;
  const value = [
    { field: 'contact_ids', operator: '=', value: delivery.contact },
    { field: 'created_at', operator: '>', value: from },
  ];
  const json = { query: { operator: 'AND', value }, pagination: { per_page: 150 } };
  const answer = await call(context, { method: 'POST', path: '/conversations/search', json });
  if (!answer.ok) return { failure: answer.failure };
  const composed = composeOpening(delivery.parts);
  const conversation = dicts(answer.body.conversations)
    .sort((a, b) => (number(b.created_at) ?? 0) - (number(a.created_at) ?? 0))
    .find(candidate => {
      const source = dict(candidate.source);
      return (
        source !== undefined &&
        wroteIt(delivery, dict(source.author)) &&
        isRecent(candidate, context.since) &&
        says(source, composed)
      );
    });
  if (conversation !== undefined) {
    return found(id(dict(conversation.source)?.id), id(conversation.id), composed);
  }
  const wait = searchLag - (context.now.getTime() - context.since.getTime()) / 1000;
  if (wait <= 0) return { ids: [] };
  return {
    failure: {
      class: 'temporary',
      message: 'Intercom’s search does not show the conversation yet, if there is one.',
      retryAfter: Math.ceil(wait),
    },
  };
}

function found(made: string | undefined, thread: string | undefined, composed: Composed): Found {
  if (made === undefined || thread === undefined) return { ids: [] };
  return { thread, ids: [made], ...(composed.rest.length === 0 ? {} : { rest: composed.rest }) };
}

function isRecent(candidate: Dict, since: Date): boolean {
  return (number(candidate.created_at) ?? 0) >= Math.floor(since.getTime() / 1000) - skew;
}

/** The same words, white space aside, and as many files. */
function says(candidate: Dict, composed: Composed): boolean {
  const parts = readBody(candidate);
  const texts = parts.flatMap(part => (part.kind === 'text' ? [part.text] : []));
  const words = squeeze(texts.join(' '));
  const files = parts.length - texts.length;
  const expected = squeeze(composed.body);
  return (
    files === composed.files.length && (words === expected || (expected === '' && words === squeeze(composed.standIn)))
  );
}

function squeeze(words: string): string {
  return stripZeroWidth(words).replace(/\s+/g, ' ').trim();
}
