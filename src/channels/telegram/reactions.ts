import { type Dict, dict, id, list, text, unixTime } from '../../kit/read.ts';
import { conversationOf } from './address.ts';
import type { ReadUpdate } from './message.ts';
import { person } from './people.ts';

/**
 * `MessageReactionUpdated` holds one person's reactions before and after: what is only in the old list was taken back,
 * what is only in the new one was added.
 */
export const readReaction: ReadUpdate = (update, key, _config, kind) => {
  const conversation = conversationOf(update);
  const messageId = id(update.message_id);
  if (conversation === undefined || messageId === undefined) return [{ type: 'unknown', key, kind }];
  const before = reactions(update.old_reaction);
  const after = reactions(update.new_reaction);
  const changes = [
    ...missing(before, after).map(emoji => ({ type: 'reaction_removed' as const, emoji })),
    ...missing(after, before).map(emoji => ({ type: 'reaction' as const, emoji })),
  ];
  if (changes.length === 0) return [{ type: 'ignored', key, kind }];
  const sender = person(update.actor_chat) ?? person(update.user);
  const at = unixTime(update.date);
  return changes.map((change, index) => ({
    ...change,
    key: changes.length === 1 ? key : `${key}:${index}`,
    conversation,
    id: messageId,
    sender,
    at,
  }));
};

/** Each reaction's identity with what a reader sees of it. */
function reactions(value: unknown): Map<string, string> {
  return new Map(list(value).flatMap(entry => reaction(dict(entry) ?? {})));
}

function reaction({ type, emoji, custom_emoji_id: custom }: Dict): [string, string][] {
  if (type === 'paid') return [['paid', '⭐']];
  const customId = id(custom);
  // Only Telegram's programs can draw it, and its name would take a call to ask for.
  if (type === 'custom_emoji' && customId !== undefined) return [[`custom:${customId}`, 'custom emoji']];
  const plain = text(emoji);
  return plain === undefined ? [] : [[plain, plain]];
}

function missing(from: Map<string, string>, others: Map<string, string>): string[] {
  return Array.from(from).flatMap(([identity, emoji]) => (others.has(identity) ? [] : [emoji]));
}
