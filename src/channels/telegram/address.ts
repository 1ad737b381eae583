import { type Dict, dict, id } from '../../kit/read.ts';

/** Where a conversation takes place: all that Telegram needs to put a reply into it. */
export interface Address {
  /** Chat id. Equals the user id in private chats, negative for groups. */
  chat: string;
  /** `message_thread_id`: a topic of a forum or of a private chat. */
  thread?: string;
  /** `direct_messages_topic_id`: one person's thread in the direct messages of a channel. */
  topic?: string;
  /** `business_connection_id`: the chat belongs to a person's own account, which the bot answers for. */
  business?: string;
}

/**
 * The address as one string: `<chat>[:t<thread>][:d<topic>][:b<business connection>]`, such as `1001`, `-1009001:t3` or
 * `1001:bAbC_1`. Chats without any of the three, nearly all of them, are just the chat id.
 */
export function formatAddress({ chat, thread, topic, business }: Address): string {
  return [chat, thread && `:t${thread}`, topic && `:d${topic}`, business && `:b${business}`].join('');
}

/** The reverse of {@link formatAddress}; undefined for anything it did not make. */
export function parseAddress(address: string): Address | undefined {
  const match = /^(?<chat>-?\d+)(:t(?<thread>\d+))?(:d(?<topic>\d+))?(:b(?<business>.+))?$/.exec(address);
  const { chat, thread, topic, business } = match?.groups ?? {};
  return chat === undefined ? undefined : { chat, thread, topic, business };
}

/** The conversation of a message, or of any other object that carries a chat. */
export function conversationOf(message: Dict): string | undefined {
  const chat = id(dict(message.chat)?.id);
  if (chat === undefined) return undefined;
  return formatAddress({
    chat,
    // Replies in ordinary groups carry a thread id too, but no topic: only `is_topic_message` makes it an address.
    thread: message.is_topic_message === true ? id(message.message_thread_id) : undefined,
    topic: id(dict(message.direct_messages_topic)?.topic_id),
    business: id(message.business_connection_id),
  });
}
