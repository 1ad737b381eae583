import type { Delivery, Json } from '../types.ts';

/** Telegram's side: bots, the chats they take part in, and the people who write in them. */
export interface TelegramDouble {
  /** Makes a bot. Defaults are invented; an id or token in use is refused with an Error. */
  bot(options?: { id?: number; token?: string; username?: string; name?: string }): TelegramBot;
  readonly bots: readonly TelegramBot[];
}

export interface TelegramBot {
  readonly id: number;
  /** `<id>:<secret>`; changes on {@link revoke}. */
  readonly token: string;
  readonly username: string;
  readonly name: string;
  /** As setWebhook left it; undefined when there is none. */
  readonly webhook: TelegramWebhook | undefined;
  /** The token answers 401 from now on. Returns the new one. The webhook stays. */
  revoke(newToken?: string): string;
  /** The id of the next message that the bot sends, in whichever chat. */
  nextMessageId(id: number): void;
  /** The person with this id, writing to the bot in private. Made at the first call. */
  customer(options: TelegramPerson): TelegramCustomer;
  group(options: { id: number; title: string }): TelegramGroup;
  /** The chat as its people see it. Throws where the bot knows no such chat. */
  chat(id: number | string): TelegramChat;
  readonly chats: readonly TelegramChat[];
  /** Puts a file on Telegram's servers under a given id, for raw updates that speak of it. */
  file(fileId: string, file: { bytes: Uint8Array; name?: string }): void;
  /**
   * Posts an update just as given; `update_id` is added where it lacks. The chats of its messages exist from then on.
   */
  update(update: Json): Delivery;
}

export interface TelegramWebhook {
  url: string;
  secretToken: string | undefined;
  allowedUpdates: readonly string[];
  maxConnections: number;
}

export interface TelegramPerson {
  id: number;
  firstName: string;
  lastName?: string;
  username?: string;
  /** IETF tag: `en`, `pt-br`. */
  language?: string;
}

/** What an act made: `messageId` of the message written or touched, the update in Telegram's shape, and its delivery. */
export interface TelegramAct {
  messageId: number;
  update: Json;
  delivery: Delivery;
}

export interface TelegramEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  [field: string]: unknown;
}

export interface WriteOptions {
  /** Message id in the same chat. */
  replyTo?: number;
  /** The part of that message that is quoted; needs `replyTo`. */
  quote?: string;
  /** Shown as the first author: the message is a forward. */
  forwardedFrom?: string;
}

export interface CaptionOptions extends WriteOptions {
  caption?: string;
  entities?: TelegramEntity[];
}

export interface FileOptions extends CaptionOptions {
  name?: string;
  mime?: string;
  /** Seconds; where the kind has one. Default 1. */
  duration?: number;
}

/** A person writing in one chat. */
export interface TelegramAuthor {
  readonly id: number;
  readonly chatId: number;
  say(text: string | ({ text: string; entities?: TelegramEntity[] } & WriteOptions)): TelegramAct;
  sendPhoto(bytes: Uint8Array, options?: CaptionOptions): TelegramAct;
  sendVideo(bytes: Uint8Array, options?: FileOptions): TelegramAct;
  sendAnimation(bytes: Uint8Array, options?: FileOptions): TelegramAct;
  sendAudio(bytes: Uint8Array, options?: FileOptions & { title?: string; performer?: string }): TelegramAct;
  sendVoice(bytes: Uint8Array, options?: FileOptions): TelegramAct;
  sendVideoNote(bytes: Uint8Array, options?: WriteOptions & { duration?: number }): TelegramAct;
  sendDocument(bytes: Uint8Array, options?: FileOptions): TelegramAct;
  sendSticker(bytes: Uint8Array, options?: WriteOptions & { emoji?: string; format?: StickerFormat }): TelegramAct;
  sendLocation(latitude: number, longitude: number, options?: WriteOptions): TelegramAct;
  sendVenue(
    venue: { latitude: number; longitude: number; title: string; address: string },
    options?: WriteOptions,
  ): TelegramAct;
  sendContact(contact: { phone: string; firstName: string; lastName?: string }, options?: WriteOptions): TelegramAct;
  sendPoll(poll: { question: string; options: string[] }, options?: WriteOptions): TelegramAct;
  sendDice(dice?: { emoji?: string; value?: number }, options?: WriteOptions): TelegramAct;
  /** 2-10 items; one act each, sharing a media_group_id. */
  sendAlbum(items: AlbumItem[]): TelegramAct[];
  edit(messageId: number, text: string, options?: { entities?: TelegramEntity[] }): TelegramAct;
  /** The whole new set of reactions; an empty list takes them away. */
  react(messageId: number, emoji: string[]): TelegramAct;
  /** Presses an inline button of a message of the bot. */
  press(messageId: number, data: string): TelegramAct;
}

export type StickerFormat = 'static' | 'animated' | 'video';

export type AlbumItem = { kind: 'photo' | 'video' | 'document' | 'audio'; bytes: Uint8Array } & FileOptions;

export interface TelegramCustomer extends TelegramAuthor {
  /** Opens the bot by a deep link: `/start <payload>`. */
  start(payload?: string): TelegramAct;
  /** Sends to them answer 403 until {@link unblock}. */
  block(): TelegramAct;
  unblock(): TelegramAct;
}

export interface TelegramGroup {
  /** Changes on {@link migrate}. */
  readonly id: number;
  readonly title: string;
  member(person: TelegramPerson): TelegramAuthor;
  /** Turns into a supergroup: the old chat and the new one each get their service message. */
  migrate(newId: number): [TelegramAct, TelegramAct];
  /** Removes the bot: sends answer 403. */
  kick(by: TelegramPerson): TelegramAct;
}

export interface TelegramChat {
  readonly id: number;
  readonly type: 'private' | 'group' | 'supergroup';
  /** The person's name or the group's title. */
  readonly name: string;
  /** In the order written, as the people in the chat see them; deleted ones are gone. */
  readonly messages: readonly TelegramChatMessage[];
  /** What sendChatAction showed, in order: `typing`. */
  readonly actions: readonly string[];
  /** Answers to button presses. */
  readonly callbackAnswers: readonly { callbackQueryId: string; text?: string }[];
}

export interface TelegramChatMessage {
  readonly id: number;
  readonly from: 'customer' | 'bot';
  readonly sender: { id: number; name: string };
  readonly at: Date;
  /** Text or caption, after parsing; empty where there is none. */
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
  readonly media?: TelegramMedia;
  readonly location?: { latitude: number; longitude: number; title?: string; address?: string };
  readonly contact?: { phone: string; firstName: string; lastName?: string };
  readonly replyTo?: number;
  readonly quote?: string;
  /** Items of one album share it. */
  readonly album?: string;
  readonly edited: boolean;
  /** Emoji, by who set them. */
  readonly reactions: { readonly customer: readonly string[]; readonly bot: readonly string[] };
  /** Rows of inline buttons. */
  readonly buttons: readonly (readonly { text: string; data?: string; url?: string }[])[];
  /** The message in Telegram's own shape. */
  readonly raw: Json;
}

export type TelegramMediaKind =
  | 'photo'
  | 'video'
  | 'animation'
  | 'audio'
  | 'voice'
  | 'video_note'
  | 'document'
  | 'sticker';

export interface TelegramMedia {
  kind: TelegramMediaKind;
  bytes: Uint8Array;
  mime: string;
  name?: string;
  fileId: string;
}
