import type { RawRequest } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import { type Dict, dict, id } from '../../kit/read.ts';
import { sha256 } from '../../kit/signatures.ts';
import type { TelegramConfig } from './manifest.ts';
import { readMembership } from './membership.ts';
import { type ReadUpdate, readCallback, readDeletions, readEdit, readMessage } from './message.ts';
import { readReaction } from './reactions.ts';

const ignore: ReadUpdate = (_payload, key, _config, kind) => [{ type: 'ignored', key, kind }];

/** What each kind of update is read by. A kind that is not here is unknown; those we ask Telegram for are in `connect`. */
const readers: ReadonlyMap<string, ReadUpdate> = new Map([
  ['message', readMessage],
  ['edited_message', readEdit],
  ['business_message', readMessage],
  ['edited_business_message', readEdit],
  ['deleted_business_messages', readDeletions],
  ['callback_query', readCallback],
  ['message_reaction', readReaction],
  ['my_chat_member', readMembership],
  ['business_connection', ignore],
  ['channel_post', ignore],
  ['edited_channel_post', ignore],
  ['message_reaction_count', ignore],
]);

/**
 * The events of one `Update`: as a rule one, several where it holds several deletions or reactions.
 * Answering a callback query takes a call, so its button keeps turning in Telegram until it gives up by itself.
 * @see https://core.telegram.org/bots/api#update
 */
export function normalise(request: RawRequest, config: TelegramConfig): Event[] {
  const update = bodyOf(request);
  const updateId = id(update?.update_id);
  const key = updateId === undefined ? `body:${sha256(request.body)}` : `update:${updateId}`;
  if (!update) return [{ type: 'unknown', key, kind: 'unreadable body' }];

  const payloads = Object.entries(update).filter(([field]) => field !== 'update_id');
  if (payloads.length === 0) return [{ type: 'unknown', key, kind: 'empty update' }];
  return payloads.flatMap(([kind, value]) => {
    const payload = dict(value);
    const ownKey = payloads.length === 1 ? key : `${key}:${kind}`;
    const read = payload && readers.get(kind);
    return read
      ? read(payload, ownKey, config, kind)
      : [{ type: 'unknown', key: ownKey, kind: kind === '' ? 'unnamed' : kind }];
  });
}

function bodyOf(request: RawRequest): Dict | undefined {
  try {
    return dict(request.json());
  } catch {
    return undefined; // Becomes an `unknown` event, with the body kept in the journal.
  }
}
