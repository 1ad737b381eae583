import { badRequest, TelegramError } from './errors.ts';
import type { StoredFile } from './files.ts';
import type { ChatShape, Content, MessageShape, User } from './shapes.ts';
import type { TelegramChat, TelegramChatMessage, TelegramEntity, TelegramMedia, TelegramMediaKind } from './types.ts';

/** A message as the chat holds it: Telegram's own shape, and the file behind it. */
export class ChatMessage implements TelegramChatMessage {
  readonly from: 'customer' | 'bot';
  readonly raw: MessageShape & Record<string, unknown>;
  readonly media: TelegramMedia | undefined;
  readonly reactions: { customer: readonly string[]; bot: readonly string[] } = { customer: [], bot: [] };

  constructor(raw: MessageShape, from: 'customer' | 'bot', media: TelegramMedia | undefined) {
    this.raw = raw;
    this.from = from;
    this.media = media;
  }

  get id(): number {
    return this.raw.message_id;
  }

  get sender(): { id: number; name: string } {
    return { id: this.raw.from.id, name: nameOf(this.raw.from) };
  }

  get at(): Date {
    return new Date(this.raw.date * 1000);
  }

  get text(): string {
    return this.raw.text ?? this.raw.caption ?? '';
  }

  get entities(): readonly TelegramEntity[] {
    return this.raw.entities ?? this.raw.caption_entities ?? [];
  }

  get location(): TelegramChatMessage['location'] {
    const { location, venue } = this.raw;
    return location && { ...location, ...(venue ? { title: venue.title, address: venue.address } : {}) };
  }

  get contact(): TelegramChatMessage['contact'] {
    const { contact } = this.raw;
    return (
      contact && {
        phone: contact.phone_number,
        firstName: contact.first_name,
        ...(contact.last_name === undefined ? {} : { lastName: contact.last_name }),
      }
    );
  }

  get replyTo(): number | undefined {
    return this.raw.reply_to_message?.message_id;
  }

  get quote(): string | undefined {
    return this.raw.quote?.text;
  }

  get album(): string | undefined {
    return this.raw.media_group_id;
  }

  get edited(): boolean {
    return this.raw.edit_date !== undefined;
  }

  get buttons(): TelegramChatMessage['buttons'] {
    return (this.raw.reply_markup?.inline_keyboard ?? []).map(row =>
      row.map(({ text, callback_data, url }) => ({
        text,
        ...(callback_data === undefined ? {} : { data: callback_data }),
        ...(url === undefined ? {} : { url }),
      })),
    );
  }
}

export class Chat implements TelegramChat {
  readonly shape: ChatShape;
  readonly actions: string[] = [];
  readonly callbackAnswers: { callbackQueryId: string; text?: string }[] = [];
  /** Why the bot may not write here; undefined while it may. */
  barred: 'blocked' | 'kicked' | undefined;
  /** The supergroup that this group has become. */
  migratedTo: number | undefined;
  readonly #messages = new Map<number, ChatMessage>();
  #lastId = 0;

  constructor(shape: ChatShape) {
    this.shape = shape;
  }

  get id(): number {
    return this.shape.id;
  }

  get type(): TelegramChat['type'] {
    return this.shape.type;
  }

  get name(): string {
    const { title, first_name, last_name } = this.shape;
    return title ?? [first_name, last_name].filter(Boolean).join(' ');
  }

  get messages(): readonly ChatMessage[] {
    return [...this.#messages.values()];
  }

  find(messageId: number): ChatMessage | undefined {
    return this.#messages.get(messageId);
  }

  /**
   * Adds a message; ids count up within the chat, going on from a `messageId` that is given.
   * @throws Error where the given id is taken.
   */
  add(
    content: Content,
    about: {
      author: User;
      from: 'customer' | 'bot';
      date: number;
      messageId?: number;
      file?: StoredFile;
      kind?: TelegramMediaKind;
    },
  ): ChatMessage {
    const messageId = about.messageId ?? this.#lastId + 1;
    if (this.#messages.has(messageId)) throw new Error(`Message ${messageId} exists in chat ${this.id} already.`);
    const raw = { message_id: messageId, from: about.author, chat: this.shape, date: about.date, ...content };
    const message = new ChatMessage(raw, about.from, about.file && about.kind && mediaOf(about.kind, about.file));
    this.#messages.set(messageId, message);
    this.#lastId = Math.max(this.#lastId, messageId);
    return message;
  }

  delete(messageId: number): boolean {
    return this.#messages.delete(messageId);
  }

  /** @throws TelegramError where the bot may not write. */
  admitBot(): void {
    if (this.migratedTo !== undefined) {
      throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: this.migratedTo });
    }
    if (this.barred === 'blocked') throw new TelegramError(403, 'Forbidden: bot was blocked by the user');
    if (this.barred === 'kicked') throw new TelegramError(403, `Forbidden: bot was kicked from the ${this.type} chat`);
  }
}

function mediaOf(kind: TelegramMediaKind, file: StoredFile): TelegramMedia {
  return {
    kind,
    bytes: file.bytes,
    mime: file.mime,
    fileId: file.fileId,
    ...(file.name === undefined ? {} : { name: file.name }),
  };
}

function nameOf(user: User): string {
  return [user.first_name, user.last_name].filter(Boolean).join(' ');
}
