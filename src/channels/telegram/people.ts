import type { Group } from '../../contract/event.ts';
import type { Sender } from '../../contract/message.ts';
import { type Dict, dict, id, text } from '../../kit/read.ts';

/** First and last name of a user, contact or private chat; the title of any other chat; else the user name. */
export function nameOf(someone: Dict | undefined): string | undefined {
  const names = [text(someone?.first_name), text(someone?.last_name)].filter(name => name !== undefined);
  return names.length > 0 ? names.join(' ') : (text(someone?.title) ?? text(someone?.username));
}

/** A `User`, or a `Chat` in whose name something was said. */
export function person(value: unknown): Sender | undefined {
  const someone = dict(value);
  const personId = id(someone?.id);
  if (!someone || personId === undefined) return undefined;
  return {
    id: personId,
    kind: someone.is_bot === true ? 'bot' : 'customer',
    name: nameOf(someone),
    username: text(someone.username),
    language: text(someone.language_code),
  };
}

/**
 * Who wrote a message. `sender_chat` goes first: beside it `from` holds a stand-in user, such as GroupAnonymousBot. A
 * message with neither is the chat's own.
 */
export function senderOf(message: Dict): Sender | undefined {
  const sender = person(message.sender_chat) ?? person(message.from) ?? person(message.chat);
  return sender && isFromBusiness(message, sender) ? { ...sender, kind: 'business' } : sender;
}

/** Chats that the bot answers for someone else show both sides; whatever the customer did not write is the business's. */
function isFromBusiness(message: Dict, sender: Sender): boolean {
  const topic = dict(message.direct_messages_topic);
  const customer = message.business_connection_id ? id(dict(message.chat)?.id) : id(dict(topic?.user)?.id);
  return customer !== undefined && sender.id !== customer;
}

/** The group a chat is; undefined for private chats and for the direct messages of a channel, where one person writes. */
export function groupOf(value: unknown): Group | undefined {
  const chat = dict(value);
  const chatId = id(chat?.id);
  if (chatId === undefined || chat?.is_direct_messages === true) return undefined;
  if (chat?.type !== 'group' && chat?.type !== 'supergroup') return undefined;
  return { id: chatId, name: text(chat.title) ?? 'Group' };
}
