import { randomBytes } from 'node:crypto';
import { toJson } from '../../kit/json.ts';
import type { Delivery, Json } from '../types.ts';
import type { Core } from '../vendor.ts';
import { Author, Customer } from './author.ts';
import { Chat } from './chat.ts';
import { badRequest } from './errors.ts';
import { FileStore } from './files.ts';
import { Group } from './group.ts';
import { type ChatShape, privateChatOf, type User, unixSeconds, userOf } from './shapes.ts';
import type { TelegramAct, TelegramBot, TelegramPerson, TelegramWebhook } from './types.ts';

/** Update kinds that come only where they are asked for by name. */
const onRequest = ['chat_member', 'message_reaction', 'message_reaction_count'];

export class Bot implements TelegramBot {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly core: Core;
  readonly files: FileStore;
  webhook: TelegramWebhook | undefined;
  token: string;
  /** As the last setWebhook that named them left them; they outlive the webhook. Empty: all but those on request. */
  allowedUpdates: readonly string[] = [];
  /** Button presses that may still be answered, with the chat they came from. */
  readonly callbacks = new Map<string, Chat>();
  readonly #chats = new Map<number, Chat>();
  readonly #customers = new Map<number, Customer>();
  #lastUpdate: number;
  #nextMessageId: number | undefined;
  #lastSerial = 0;

  constructor(core: Core, about: { id: number; token: string; username: string; name: string }) {
    this.core = core;
    this.id = about.id;
    this.token = about.token;
    this.username = about.username;
    this.name = about.name;
    this.files = new FileStore(about.id);
    this.#lastUpdate = 100_000_000;
  }

  get user(): User {
    return { id: this.id, is_bot: true, first_name: this.name, username: this.username };
  }

  get chats(): readonly Chat[] {
    return [...this.#chats.values()];
  }

  revoke(newToken = `${this.id}:${randomBytes(26).toString('base64url')}`): string {
    this.token = newToken;
    this.core.changes.changed();
    return newToken;
  }

  nextMessageId(id: number): void {
    this.#nextMessageId = id;
  }

  /** An id for what has none of its own: albums, polls, button presses. */
  newSerial(): string {
    return `${this.id}${String(++this.#lastSerial).padStart(6, '0')}`;
  }

  /** The id asked for by {@link nextMessageId}, once. */
  takeMessageId(): number | undefined {
    const id = this.#nextMessageId;
    this.#nextMessageId = undefined;
    return id;
  }

  customer(person: TelegramPerson): Customer {
    const known = this.#customers.get(person.id);
    if (known) return known;
    const customer = new Customer(this, this.#join(privateChatOf(person)), userOf(person));
    this.#customers.set(person.id, customer);
    return customer;
  }

  group(options: { id: number; title: string }): Group {
    return new Group(this, this.#join({ ...options, type: 'group' }));
  }

  author(chat: Chat, person: TelegramPerson): Author {
    return new Author(this, chat, userOf(person));
  }

  chat(id: number | string): Chat {
    const chat = this.#chats.get(Number(id));
    if (!chat) throw badRequest('chat not found');
    return chat;
  }

  supergroup(shape: ChatShape): Chat {
    return this.#join({ ...shape, type: 'supergroup' });
  }

  file(fileId: string, file: { bytes: Uint8Array; name?: string }): void {
    this.files.put(fileId, file.bytes, file.name === undefined ? {} : { name: file.name });
  }

  update(update: Json): Delivery {
    const kind = Object.keys(update).find(key => key !== 'update_id') ?? 'unknown';
    const chat = findChat(update[kind]);
    if (chat && !this.#chats.has(chat.id)) this.#join(chat);
    return this.#post(kind, 'update_id' in update ? update : { update_id: ++this.#lastUpdate, ...update }, chat?.id);
  }

  /** Makes an update of something that happened in a chat, and posts it where the bot asked for its kind. */
  tell(kind: string, payload: object, chat: Chat, messageId: number): TelegramAct {
    // A copy: the message may change before the update leaves.
    const update = structuredClone({ update_id: ++this.#lastUpdate, [kind]: payload });
    return { messageId, update, delivery: this.#post(kind, update, chat.id, this.#wants(kind)) };
  }

  get now(): number {
    return unixSeconds(this.core.now());
  }

  #secretHeader(): Record<string, string> {
    const secret = this.webhook?.secretToken;
    return secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
  }

  #wants(kind: string): boolean {
    return this.allowedUpdates.length === 0 ? !onRequest.includes(kind) : this.allowedUpdates.includes(kind);
  }

  #join(shape: ChatShape): Chat {
    const known = this.#chats.get(shape.id);
    if (known) return known;
    const chat = new Chat(shape);
    this.#chats.set(shape.id, chat);
    return chat;
  }

  /** Updates of one chat wait for each other; while there is no webhook, they wait for one. */
  #post(kind: string, update: Json, chatId: number | undefined, wanted = true): Delivery {
    const body = toJson(update);
    const { delay = 100, tries = 100 } = this.core.redelivery.telegram ?? {};
    return this.core.outbox[wanted ? 'post' : 'drop']({
      vendor: 'telegram',
      account: String(this.id),
      operation: kind,
      lane: `telegram:${this.id}:${chatId ?? kind}`,
      payload: update,
      render: () => ({ body, headers: this.#secretHeader() }),
      target: () => this.webhook?.url,
      retry: { tries, delay, blocking: true },
    });
  }
}

/** The chat that an update's payload speaks of: its own, or that of the message inside. */
function findChat(payload: unknown): ChatShape | undefined {
  if (payload === null || typeof payload !== 'object') return undefined;
  const { chat, message } = payload as { chat?: unknown; message?: unknown };
  if (chat !== null && typeof chat === 'object' && 'id' in chat && typeof chat.id === 'number')
    return chat as ChatShape;
  return findChat(message);
}
