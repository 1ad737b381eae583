import type { Delivery, Json } from '../types.ts';
import type { Account } from './account.ts';
import { actOf } from './act.ts';
import { ChatMessage, empty } from './chat-message.ts';
import { Customer } from './customer.ts';
import { statusError } from './errors.ts';
import { newMessageId, timestamp } from './ids.ts';
import { lifetimes } from './media.ts';
import type {
  WhatsAppAct,
  WhatsAppCallback,
  WhatsAppCustomer,
  WhatsAppFailure,
  WhatsAppNumber,
  WhatsAppPerson,
  WhatsAppReceipt,
} from './types.ts';

/** One of a business's numbers, and the chats that customers have with it. */
export class BusinessNumber implements WhatsAppNumber {
  readonly account: Account;
  readonly phoneNumberId: string;
  readonly display: string;
  readonly verifiedName: string;
  readonly facts: Json = {
    code_verification_status: 'VERIFIED',
    quality_rating: 'GREEN',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    account_mode: 'LIVE',
    status: 'CONNECTED',
    name_status: 'APPROVED',
    new_name_status: 'NONE',
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: true,
    last_onboarded_time: '2026-01-05T09:00:00+0000',
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    quality_score: { score: 'GREEN' },
  };
  callback: WhatsAppCallback | undefined;
  receipts: readonly WhatsAppReceipt[] = ['sent', 'delivered'];
  readonly #customers: Customer[] = [];
  #nextFailure: WhatsAppFailure | undefined;
  #nextMessageId: string | undefined;

  constructor(account: Account, about: { phoneNumberId: string; display: string; verifiedName: string }) {
    this.account = account;
    this.phoneNumberId = about.phoneNumberId;
    this.display = about.display;
    this.verifiedName = about.verifiedName;
  }

  get now(): Date {
    return this.account.core.now();
  }

  /** The number as webhooks write it: digits only. */
  get digits(): string {
    return this.display.replace(/\D/g, '');
  }

  get customers(): readonly Customer[] {
    return this.#customers;
  }

  customer(person: WhatsAppPerson): Customer {
    const id = person.waId ?? person.bsuid;
    if (id === undefined) throw new Error('A person on WhatsApp has a number or a user id.');
    const known = this.findCustomer(id);
    if (known) return known;
    const customer = new Customer(this, person);
    this.#customers.push(customer);
    this.account.core.changes.changed();
    return customer;
  }

  findCustomer(id: string): Customer | undefined {
    return this.#customers.find(customer => customer.answersTo(id));
  }

  echo(customer: WhatsAppCustomer, text: string): WhatsAppAct {
    const recipient = this.customer(customer);
    const content = { type: 'text', text: { body: text } };
    const id = newMessageId();
    recipient.add(new ChatMessage({ id, from: 'business', at: this.now, raw: content }, { ...empty, text }));
    const message = { from: this.digits, ...recipient.as('to'), id, timestamp: timestamp(this.now), ...content };
    const letter = this.account.tell({
      field: 'smb_message_echoes',
      value: { ...this.envelope(), contacts: [recipient.contact], message_echoes: [message] },
      number: this,
      operation: 'smb_message_echoes',
      lane: recipient.lane,
    });
    return actOf(id, message, letter);
  }

  media(mediaId: string, file: { bytes: Uint8Array; mime: string }): void {
    const { phoneNumberId } = this;
    this.account.app.directory.media.add({ ...file, mediaId, phoneNumberId, lifetime: lifetimes.received });
  }

  failNext(failure: WhatsAppFailure): void {
    this.#nextFailure = failure;
  }

  /** The failure asked for by {@link failNext}, once. */
  takeFailure(): WhatsAppFailure | undefined {
    const failure = this.#nextFailure;
    this.#nextFailure = undefined;
    return failure;
  }

  nextMessageId(id: string): void {
    this.#nextMessageId = id;
  }

  /** The id asked for by {@link nextMessageId}, once, or a new one. */
  takeMessageId(): string {
    const id = this.#nextMessageId ?? newMessageId();
    this.#nextMessageId = undefined;
    return id;
  }

  webhook(value: Json): Delivery {
    const full = { ...this.envelope(), ...value };
    const operation = 'statuses' in value ? 'statuses' : 'messages';
    return this.account.post([{ field: 'messages', value: full, number: this, operation, lane: this.phoneNumberId }]);
  }

  post(body: Json | string, { signature }: { signature?: string | null } = {}): Delivery {
    return this.account.postRaw(body, this, signature);
  }

  /** Tells how far a message has got, or that it failed. */
  tellStatus(message: ChatMessage, to: StatusRecipient, status: WhatsAppReceipt | 'failed', failure?: Json): void {
    message.reached(status);
    const category = message.type === 'template' ? 'utility' : 'service';
    const value = {
      ...this.envelope(),
      contacts: [to.contact],
      statuses: [
        {
          id: message.id,
          status,
          timestamp: timestamp(this.now),
          ...to.recipient,
          ...(message.callbackData === undefined ? {} : { biz_opaque_callback_data: message.callbackData }),
          ...(failure
            ? { errors: [failure] }
            : { pricing: { billable: category === 'utility', pricing_model: 'PMP', category } }),
        },
      ],
    };
    this.account.tell({ field: 'messages', value, number: this, operation: 'statuses', lane: to.lane });
  }

  tellFailure(message: ChatMessage, to: StatusRecipient, failure: WhatsAppFailure): void {
    this.tellStatus(message, to, 'failed', statusError(failure));
  }

  envelope(): Json {
    return {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: this.digits, phone_number_id: this.phoneNumberId },
    };
  }
}

/** Whom a status speaks of; not all of them are known. */
export interface StatusRecipient {
  lane: string;
  contact: Json;
  /** `recipient_id`, `recipient_user_id`. */
  recipient: Json;
}
