import type { Json } from '../types.ts';
import type { ChatMessage } from './chat-message.ts';
import type { BusinessNumber } from './number.ts';
import type { WhatsAppPerson } from './types.ts';

const windowLength = 24 * 60 * 60 * 1000;

/** A person's chat with one number: who they are to Meta, and what their phone shows. */
export class Chat {
  readonly bsuid: string | undefined;
  readonly name: string;
  waId: string | undefined;
  blocking = false;
  protected readonly number: BusinessNumber;
  readonly #username: string | undefined;
  readonly #spellings: readonly string[];
  readonly #messages = new Map<string, ChatMessage>();
  #heardAt: Date | undefined;

  constructor(number: BusinessNumber, person: WhatsAppPerson) {
    this.number = number;
    this.waId = person.waId;
    this.bsuid = person.bsuid;
    this.name = person.name;
    this.#username = person.username;
    this.#spellings = person.spellings ?? [];
  }

  get messages(): readonly ChatMessage[] {
    return [...this.#messages.values()].filter(({ status }) => status !== 'failed');
  }

  /** Whether a send to this number or user id reaches them. */
  answersTo(id: string): boolean {
    return id === this.waId || id === this.bsuid || this.#spellings.includes(id);
  }

  get windowOpen(): boolean {
    return this.#heardAt !== undefined && this.number.now.getTime() - this.#heardAt.getTime() < windowLength;
  }

  openWindow(): void {
    this.#heardAt = this.number.now;
  }

  closeWindow(): void {
    this.#heardAt = undefined;
  }

  block(): void {
    this.blocking = true;
  }

  unblock(): void {
    this.blocking = false;
  }

  find(messageId: string): ChatMessage | undefined {
    return this.#messages.get(messageId);
  }

  /** @throws Error where there is no such message. */
  need(messageId: string): ChatMessage {
    const message = this.#messages.get(messageId);
    if (!message) throw new Error(`No message ${messageId} in the chat of ${this.name}.`);
    return message;
  }

  /** Puts a message on the phone. */
  add(message: ChatMessage): void {
    if (this.#messages.has(message.id)) throw new Error(`Message ${message.id} exists already.`);
    this.#messages.set(message.id, message);
    this.number.account.core.changes.changed();
  }

  get lane(): string {
    return `${this.number.phoneNumberId}:${this.waId ?? this.bsuid}`;
  }

  /** As `contacts[]` tells of them. */
  get contact(): Json {
    const username = this.#username === undefined ? {} : { username: this.#username };
    return {
      profile: { name: this.name, ...username },
      ...(this.waId === undefined ? {} : { wa_id: this.waId }),
      ...(this.bsuid === undefined ? {} : { user_id: this.bsuid }),
    };
  }

  /** As statuses name them. */
  get recipient(): Json {
    return {
      ...(this.waId === undefined ? {} : { recipient_id: this.waId }),
      ...(this.bsuid === undefined ? {} : { recipient_user_id: this.bsuid }),
    };
  }

  /** As messages name the one who writes, or is written to. */
  as(role: 'from' | 'to'): Json {
    return {
      ...(this.waId === undefined ? {} : { [role]: this.waId }),
      ...(this.bsuid === undefined ? {} : { [`${role}_user_id`]: this.bsuid }),
    };
  }
}
