import type { Event, MessageEvent } from '../../contract/event.ts';
import { type Dict, dict, id, list, text, unixTime } from '../../kit/read.ts';
import { conversationOf } from './address.ts';
import { buttonLabel, contentOf, forwardedFrom, partsOf, quoteOf } from './content.ts';
import { serviceField } from './fields.ts';
import { botId, type TelegramConfig } from './manifest.ts';
import { groupOf, person, senderOf } from './people.ts';

/** The event key is the update's: Telegram repeats an update under its own `update_id` only. */
export type ReadUpdate = (payload: Dict, key: string, config: TelegramConfig, kind: string) => Event[];

/** A `Message` that is new: said by someone, or a service message. */
export const readMessage: ReadUpdate = (message, key, config, kind) => {
  const conversation = conversationOf(message);
  const messageId = id(message.message_id);
  const sender = senderOf(message);
  if (conversation === undefined || messageId === undefined || !sender) return [{ type: 'unknown', key, kind }];

  const at = unixTime(message.date);
  const service = contentOf(message).length === 0 ? serviceField(message) : undefined;
  if (service !== undefined) return [migration(message) ?? { type: 'ignored', key, kind: service, at }];
  if (wroteItOurselves(message, config)) return [{ type: 'ignored', key, kind: 'own_message', at }];

  const group = groupOf(message.chat);
  const start = startCommand(message, config);
  // The event has no room for a group: its sender would be taken for a customer who writes alone.
  if (start && group) return [{ type: 'ignored', key, kind: '/start', at }];
  if (start) return [{ type: 'conversation_started', key, conversation, at, sender, ...start }];
  const event: Omit<MessageEvent, 'type'> = {
    key,
    conversation,
    at,
    id: messageId,
    sender,
    parts: partsOf(message),
    replyTo: quoteOf(message),
    forwardedFrom: forwardedFrom(message),
    album: id(message.media_group_id),
    group,
  };
  return [sender.kind === 'business' ? { type: 'echo', ...event } : { type: 'message', ...event }];
};

/** An edited `Message`. Telegram also reports changes that cannot be seen: the relay compares with what it holds. */
export const readEdit: ReadUpdate = (message, key, config, kind) => {
  const conversation = conversationOf(message);
  const messageId = id(message.message_id);
  if (conversation === undefined || messageId === undefined) return [{ type: 'unknown', key, kind }];
  if (wroteItOurselves(message, config)) return [{ type: 'ignored', key, kind: 'own_message' }];
  const editDate = id(message.edit_date) ?? 'undated';
  return [
    {
      type: 'edit',
      key: `${key}:${editDate}`,
      conversation,
      at: unixTime(message.edit_date) ?? unixTime(message.date),
      id: messageId,
      sender: senderOf(message),
      parts: partsOf(message),
    },
  ];
};

/**
 * A press on an inline button. The message with the button may be too old to be told (`date` 0) or sent through inline
 * mode (no message at all): then the press belongs to the presser's own chat.
 */
export const readCallback: ReadUpdate = (query, key, _config, kind) => {
  const sender = person(query.from);
  const queryId = id(query.id);
  const data = text(query.data) ?? text(query.game_short_name);
  if (!sender || queryId === undefined || data === undefined) return [{ type: 'unknown', key, kind }];
  const message = dict(query.message);
  return [
    {
      type: 'message',
      key,
      conversation: (message && conversationOf(message)) ?? sender.id,
      id: `callback:${queryId}`,
      sender,
      parts: [{ kind: 'choice', label: buttonLabel(message, data) ?? data, payload: data }],
      group: groupOf(message?.chat),
    },
  ];
};

/** `BusinessMessagesDeleted`: the only deletions that Telegram tells a bot. */
export const readDeletions: ReadUpdate = (deleted, key, _config, kind) => {
  const conversation = conversationOf(deleted);
  const ids = new Set(list(deleted.message_ids).flatMap(one => id(one) ?? []));
  if (conversation === undefined || ids.size === 0) return [{ type: 'unknown', key, kind }];
  return Array.from(ids, messageId => ({ type: 'delete', key: `${key}:${messageId}`, conversation, id: messageId }));
};

function wroteItOurselves(message: Dict, config: TelegramConfig): boolean {
  return [message.from, message.sender_business_bot].some(user => id(dict(user)?.id) === botId(config));
}

/**
 * The group became a supergroup with another chat id. Two service messages tell it, one in the old chat and one in the
 * new; the key is the same for both, so that it is applied once.
 */
function migration(message: Dict): Event | undefined {
  const here = id(dict(message.chat)?.id);
  const to = id(message.migrate_to_chat_id);
  const from = id(message.migrate_from_chat_id);
  if (here === undefined) return undefined;
  if (to !== undefined) return chatMigrated(here, to, unixTime(message.date));
  return from === undefined ? undefined : chatMigrated(from, here, unixTime(message.date));
}

/** The one form of this event, whichever of the three places it was learnt in. */
export function chatMigrated(from: string, to: string, at?: string): Event {
  return { type: 'chat_migrated', key: `migrated:${from}:${to}`, from, to, at };
}

/**
 * `/start`, alone or with a deep link's payload (1-64 of A-Z a-z 0-9 _ -): sent by the button that opens the chat, and no
 * words of the customer's. With anything else behind it, it is ordinary text.
 * @see https://core.telegram.org/bots/features#deep-linking
 */
function startCommand(message: Dict, config: TelegramConfig): { referral?: { payload: string } } | undefined {
  const command = /^\/start(?:@(?<bot>\w+))?(?:\s+(?<payload>[\w-]{1,64}))?\s*$/.exec(text(message.text) ?? '');
  if (!command) return undefined;
  const { bot, payload } = command.groups ?? {};
  const ours = bot === undefined || config.username === undefined || sameName(bot, config.username);
  if (!ours) return undefined;
  return payload === undefined ? {} : { referral: { payload } };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
