import type { Bot } from './bot.ts';
import type { Chat, ChatMessage } from './chat.ts';
import { detectEntities } from './entities.ts';
import { type MediaDetails, mediaContent } from './media.ts';
import type { Content, User } from './shapes.ts';
import type {
  AlbumItem,
  CaptionOptions,
  FileOptions,
  StickerFormat,
  TelegramAct,
  TelegramAuthor,
  TelegramCustomer,
  TelegramEntity,
  TelegramMediaKind,
  WriteOptions,
} from './types.ts';

/** A person writing in one chat, private or group. */
export class Author implements TelegramAuthor {
  protected readonly bot: Bot;
  protected readonly user: User;
  protected readonly chat: Chat;

  constructor(bot: Bot, chat: Chat, user: User) {
    this.bot = bot;
    this.chat = chat;
    this.user = user;
  }

  get id(): number {
    return this.user.id;
  }

  get chatId(): number {
    return this.chat.id;
  }

  say(words: string | ({ text: string; entities?: TelegramEntity[] } & WriteOptions)): TelegramAct {
    const { text, entities, ...options } = typeof words === 'string' ? { text: words } : words;
    return this.#write({ text, ...someEntities('entities', entities ?? detectEntities(text)) }, options);
  }

  sendPhoto(bytes: Uint8Array, options: CaptionOptions = {}): TelegramAct {
    return this.#sendFile('photo', bytes, options);
  }

  sendVideo(bytes: Uint8Array, options: FileOptions = {}): TelegramAct {
    return this.#sendFile('video', bytes, options);
  }

  sendAnimation(bytes: Uint8Array, options: FileOptions = {}): TelegramAct {
    return this.#sendFile('animation', bytes, options);
  }

  sendAudio(bytes: Uint8Array, options: FileOptions & { title?: string; performer?: string } = {}): TelegramAct {
    return this.#sendFile('audio', bytes, options);
  }

  sendVoice(bytes: Uint8Array, options: FileOptions = {}): TelegramAct {
    return this.#sendFile('voice', bytes, options);
  }

  sendVideoNote(bytes: Uint8Array, options: WriteOptions & { duration?: number } = {}): TelegramAct {
    return this.#sendFile('video_note', bytes, options);
  }

  sendDocument(bytes: Uint8Array, options: FileOptions = {}): TelegramAct {
    return this.#sendFile('document', bytes, options);
  }

  sendSticker(bytes: Uint8Array, options: WriteOptions & { emoji?: string; format?: StickerFormat } = {}): TelegramAct {
    const name = { static: 'sticker.webp', animated: 'sticker.tgs', video: 'sticker.webm' }[options.format ?? 'static'];
    return this.#sendFile('sticker', bytes, { ...options, name });
  }

  sendLocation(latitude: number, longitude: number, options: WriteOptions = {}): TelegramAct {
    return this.#write({ location: { latitude, longitude } }, options);
  }

  sendVenue(
    { latitude, longitude, title, address }: { latitude: number; longitude: number; title: string; address: string },
    options: WriteOptions = {},
  ): TelegramAct {
    const location = { latitude, longitude };
    return this.#write({ location, venue: { location, title, address } }, options);
  }

  sendContact(
    { phone, firstName, lastName }: { phone: string; firstName: string; lastName?: string },
    options: WriteOptions = {},
  ): TelegramAct {
    const name = { first_name: firstName, ...(lastName === undefined ? {} : { last_name: lastName }) };
    return this.#write({ contact: { phone_number: phone, ...name } }, options);
  }

  sendPoll(poll: { question: string; options: string[] }, options: WriteOptions = {}): TelegramAct {
    return this.#write(
      {
        poll: {
          id: this.bot.newSerial(),
          question: poll.question,
          options: poll.options.map((text, index) => ({ persistent_id: String(index), text, voter_count: 0 })),
          total_voter_count: 0,
          is_closed: false,
          is_anonymous: true,
          type: 'regular',
          allows_multiple_answers: false,
          allows_revoting: false,
          members_only: false,
        },
      },
      options,
    );
  }

  sendDice(
    { emoji = '🎲', value = 6 }: { emoji?: string; value?: number } = {},
    options: WriteOptions = {},
  ): TelegramAct {
    return this.#write({ dice: { emoji, value } }, options);
  }

  sendAlbum(items: AlbumItem[]): TelegramAct[] {
    if (items.length < 2 || items.length > 10) throw new Error('An album has 2 to 10 items.');
    const album = this.bot.newSerial();
    return items.map(({ kind, bytes, ...options }) => this.#sendFile(kind, bytes, options, album));
  }

  edit(messageId: number, text: string, options: { entities?: TelegramEntity[] } = {}): TelegramAct {
    const { raw } = this.#own(messageId);
    const entities = options.entities ?? detectEntities(text);
    const [words, marks] =
      raw.text === undefined ? (['caption', 'caption_entities'] as const) : (['text', 'entities'] as const);
    delete raw[marks];
    Object.assign(raw, { [words]: text, ...someEntities(marks, entities) });
    raw.edit_date = this.bot.now;
    return this.bot.tell('edited_message', raw, this.chat, messageId);
  }

  react(messageId: number, emoji: string[]): TelegramAct {
    const message = this.chat.find(messageId);
    if (!message) throw new Error(`No message ${messageId} in chat ${this.chatId}.`);
    const old = message.reactions.customer;
    message.reactions.customer = emoji;
    return this.bot.tell(
      'message_reaction',
      {
        chat: this.chat.shape,
        message_id: messageId,
        user: this.user,
        date: this.bot.now,
        old_reaction: old.map(asReaction),
        new_reaction: emoji.map(asReaction),
      },
      this.chat,
      messageId,
    );
  }

  press(messageId: number, data: string): TelegramAct {
    const message = this.chat.find(messageId);
    if (!message?.buttons.flat().some(button => button.data === data)) {
      throw new Error(`Message ${messageId} of chat ${this.chatId} has no button with the data "${data}".`);
    }
    const id = this.bot.newSerial();
    this.bot.callbacks.set(id, this.chat);
    return this.bot.tell(
      'callback_query',
      { id, from: this.user, message: message.raw, chat_instance: `chat${this.chatId}`, data },
      this.chat,
      messageId,
    );
  }

  #own(messageId: number): ChatMessage {
    const message = this.chat.find(messageId);
    if (message?.raw.from.id !== this.id) throw new Error(`Message ${messageId} is not written by ${this.id}.`);
    return message;
  }

  #sendFile(
    kind: TelegramMediaKind,
    bytes: Uint8Array,
    options: FileOptions & MediaDetails,
    album?: string,
  ): TelegramAct {
    const { caption, entities, name, mime, replyTo, quote, forwardedFrom, ...details } = options;
    const file = this.bot.files.add(kind, bytes, {
      ...(name === undefined ? {} : { name }),
      ...(mime === undefined ? {} : { mime }),
    });
    const content: Content = {
      ...mediaContent(kind, file, this.bot.files, details),
      ...(album === undefined ? {} : { media_group_id: album }),
      ...(caption === undefined
        ? {}
        : { caption, ...someEntities('caption_entities', entities ?? detectEntities(caption)) }),
    };
    return this.#write(content, { replyTo, quote, forwardedFrom }, { file, kind });
  }

  #write(
    content: Content,
    { replyTo, quote, forwardedFrom }: { [K in keyof WriteOptions]: WriteOptions[K] | undefined },
    media: Pick<Parameters<Chat['add']>[1], 'file' | 'kind'> = {},
  ): TelegramAct {
    if (this.chat.barred) throw new Error(`The bot is ${this.chat.barred} in chat ${this.chatId}: it hears nothing.`);
    const message = this.chat.add(
      {
        ...content,
        ...(replyTo === undefined ? {} : this.#reply(replyTo, quote)),
        ...(forwardedFrom === undefined
          ? {}
          : { forward_origin: { type: 'hidden_user', date: this.bot.now, sender_user_name: forwardedFrom } }),
      },
      { author: this.user, from: 'customer', date: this.bot.now, ...media },
    );
    return this.bot.tell('message', message.raw, this.chat, message.id);
  }

  #reply(messageId: number, quote: string | undefined): Pick<Content, 'reply_to_message' | 'quote'> {
    const target = this.chat.find(messageId);
    if (!target) throw new Error(`No message ${messageId} to reply to in chat ${this.chatId}.`);
    const { reply_to_message: _, ...reply_to_message } = target.raw;
    if (quote === undefined) return { reply_to_message };
    const position = target.text.indexOf(quote);
    if (position < 0) throw new Error(`Message ${messageId} does not say "${quote}".`);
    return { reply_to_message, quote: { text: quote, position, is_manual: true } };
  }
}

export class Customer extends Author implements TelegramCustomer {
  start(payload?: string): TelegramAct {
    return this.say(payload === undefined ? '/start' : `/start ${payload}`);
  }

  block(): TelegramAct {
    this.chat.barred = 'blocked';
    return this.#member('member', 'kicked');
  }

  unblock(): TelegramAct {
    this.chat.barred = undefined;
    return this.#member('kicked', 'member');
  }

  #member(before: 'member' | 'kicked', after: 'member' | 'kicked'): TelegramAct {
    const as = (status: string) => ({
      user: this.bot.user,
      status,
      ...(status === 'kicked' ? { until_date: 0 } : {}),
    });
    return this.bot.tell(
      'my_chat_member',
      {
        chat: this.chat.shape,
        from: this.user,
        date: this.bot.now,
        old_chat_member: as(before),
        new_chat_member: as(after),
      },
      this.chat,
      0,
    );
  }
}

function asReaction(emoji: string): { type: 'emoji'; emoji: string } {
  return { type: 'emoji', emoji };
}

function someEntities(field: 'entities' | 'caption_entities', entities: TelegramEntity[]): Content {
  return entities.length === 0 ? {} : { [field]: entities };
}
