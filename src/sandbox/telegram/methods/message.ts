import type { Bot } from '../bot.ts';
import type { Chat, ChatMessage } from '../chat.ts';
import { badRequest } from '../errors.ts';
import type { StoredFile } from '../files.ts';
import type { Params } from '../params.ts';
import type { Content } from '../shapes.ts';
import type { TelegramMediaKind } from '../types.ts';

/** A file with the kind of message it makes. */
export interface KindOfFile {
  kind: TelegramMediaKind;
  file: StoredFile;
}

/** Writes as the bot into the chat that `chat_id` names. */
export function write(bot: Bot, params: Params, content: Content, media?: KindOfFile): ChatMessage {
  const chat = bot.chat(params.needText('chat_id'));
  chat.admitBot();
  const messageId = bot.takeMessageId();
  const message = chat.add(
    { ...content, ...reply(chat, params), ...keyboard(params) },
    { author: bot.user, from: 'bot', date: bot.now, ...(messageId === undefined ? {} : { messageId }), ...media },
  );
  bot.core.changes.changed();
  return message;
}

/** The message a call speaks of. */
export function findMessage(bot: Bot, params: Params, missing: string): { chat: Chat; message: ChatMessage } {
  const chat = bot.chat(params.needText('chat_id'));
  chat.admitBot();
  const message = chat.find(params.needNumber('message_id'));
  if (!message) throw badRequest(missing);
  return { chat, message };
}

function reply(chat: Chat, params: Params): Pick<Content, 'reply_to_message' | 'quote'> {
  const wanted = params.object('reply_parameters');
  if (!wanted) return {};
  const target = chat.find(Number(wanted.message_id));
  if (!target) {
    if (wanted.allow_sending_without_reply === true) return {};
    throw badRequest('message to be replied not found');
  }
  const { reply_to_message: _, ...reply_to_message } = target.raw;
  if (typeof wanted.quote !== 'string') return { reply_to_message };
  const position = target.text.indexOf(wanted.quote);
  if (position < 0) throw badRequest('QUOTE_TEXT_INVALID');
  return { reply_to_message, quote: { text: wanted.quote, position, is_manual: true } };
}

/** Inline buttons stay with the message; other keyboards belong to the client and are not shown. */
function keyboard(params: Params): Pick<Content, 'reply_markup'> {
  const markup = params.object('reply_markup');
  if (!markup || !('inline_keyboard' in markup)) return {};
  const { inline_keyboard } = markup as unknown as NonNullable<Content['reply_markup']>;
  for (const button of inline_keyboard.flat()) {
    const bytes = Buffer.byteLength(button.callback_data ?? 'x');
    if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
  }
  return { reply_markup: { inline_keyboard } };
}
