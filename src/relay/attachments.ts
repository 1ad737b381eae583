import type { Context } from '../contract/adapter.ts';
import type { FetchedMedia } from '../contract/channel.ts';
import type { Failure } from '../contract/failure.ts';
import type { MediaPart, Part } from '../contract/message.ts';
import { failureOf } from '../kit/failure.ts';
import type { AnyConnection } from './connections.ts';
import type { Lane } from './lanes/lane.ts';
import type { Message } from './messages.ts';
import type { Path } from './path.ts';
import { isMedia } from './render.ts';

/** Largest attachment fetched from an address when the adapter has no rule of its own. */
const largest = 50 * 1024 * 1024;

/** Tries before an attachment is given up and its stand-in delivered: it must not hold the words back for days. */
const patience = 6;

/**
 * Fetches the attachments of a message from the side where it was written into our media store, once, before anything is
 * delivered: vendors' addresses expire and carry tokens. Returns the parts to deliver, or the failure to retry.
 */
export async function fetchAttachments(
  path: Path,
  lane: Lane,
  message: Message,
  from: AnyConnection,
  context: Context<unknown>,
): Promise<{ parts: Part[] } | { failure: Failure }> {
  const missing = message.parts.some(needsFetching);
  if (!missing) return { parts: message.parts };
  const parts: Part[] = [];
  for (const part of message.parts) {
    if (!needsFetching(part)) {
      parts.push(part);
      continue;
    }
    const fetched = await fetchOne(from, part, context);
    if (!('failure' in fetched)) {
      const owner = { workspaceId: message.workspace_id, accountId: message.account_id };
      parts.push(await path.surroundings.media.save(owner, part, fetched));
    } else if (isPassing(fetched.failure) && lane.attempts < patience) {
      return { failure: fetched.failure };
    } else {
      parts.push({ ...part, unavailable: fetched.failure.message });
    }
  }
  await lane.write(async client => {
    await client.query('update messages set parts = $3 where workspace_id = $1 and id = $2', [
      message.workspace_id,
      message.id,
      JSON.stringify(parts),
    ]);
  });
  return { parts };
}

function needsFetching(part: Part): part is MediaPart {
  return isMedia(part) && part.mediaId === undefined && part.unavailable === undefined;
}

function isPassing(failure: Failure): boolean {
  return failure.class === 'temporary' || failure.class === 'rate_limited' || failure.class === 'auth';
}

async function fetchOne(
  from: AnyConnection,
  part: MediaPart,
  context: Context<unknown>,
): Promise<FetchedMedia | { failure: Failure }> {
  try {
    if (from.adapter.fetchMedia) return await from.adapter.fetchMedia(part, context);
    const answer = await context.http.request({ url: part.ref, untrusted: true, redirects: 3, maxBytes: largest });
    if (answer.status === 200) {
      const mime = answer.headers['content-type'];
      return { bytes: answer.bytes, ...(mime === undefined ? {} : { mime }) };
    }
    const passing = answer.status === 429 || answer.status >= 500;
    return {
      failure: {
        class: passing ? 'temporary' : 'media',
        message: `The attachment’s address answered ${answer.status}.`,
        status: answer.status,
      },
    };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
