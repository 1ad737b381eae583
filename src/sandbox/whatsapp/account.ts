import type { Delivery, Json } from '../types.ts';
import type { Core } from '../vendor.ts';
import type { Letter } from './act.ts';
import type { App } from './app.ts';
import { type Change, merged } from './change.ts';
import { newToken } from './ids.ts';
import { BusinessNumber } from './number.ts';
import { Template } from './template.ts';
import type { WhatsAppAccount, WhatsAppCallback, WhatsAppNumberOptions } from './types.ts';
import { hubSignature256, metaJson } from './webhook-body.ts';

/** Fields that a callback of the account or the number takes over; all others always go to the app's. */
const overridable = new Set([
  'messages',
  'message_echoes',
  'calls',
  'consumer_profile',
  'messaging_handovers',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_settings_update',
]);

/** A WhatsApp Business account that gave the app access. */
export class Account implements WhatsAppAccount {
  readonly core: Core;
  readonly app: App;
  readonly wabaId: string;
  readonly name: string;
  readonly templates: Template[] = [];
  token: string;
  subscribed = false;
  callback: WhatsAppCallback | undefined;
  readonly #numbers: BusinessNumber[] = [];
  /** What a batch has collected so far; undefined outside one. */
  #collected: { change: Change; letter: Letter }[] | undefined;

  constructor(core: Core, app: App, about: { wabaId: string; name: string; token: string }) {
    this.core = core;
    this.app = app;
    this.wabaId = about.wabaId;
    this.name = about.name;
    this.token = about.token;
  }

  get numbers(): readonly BusinessNumber[] {
    return this.#numbers;
  }

  number(options: WhatsAppNumberOptions = {}): BusinessNumber {
    const number = new BusinessNumber(this, {
      phoneNumberId: this.app.directory.claim(options.phoneNumberId),
      display: options.display ?? '+1 202-555-0100',
      verifiedName: options.verifiedName ?? 'Sandbox business',
    });
    this.#numbers.push(number);
    this.core.changes.changed();
    return number;
  }

  revoke(): string {
    this.app.directory.revokedTokens.add(this.token);
    this.token = newToken();
    this.core.changes.changed();
    return this.token;
  }

  template(template: { name: string; language: string; body: string; quickReplies?: string[] }): void {
    this.templates.push(new Template(template));
  }

  batch(work: () => void): Delivery[] {
    if (this.#collected) throw new Error('Batches cannot be nested.');
    const collected: { change: Change; letter: Letter }[] = [];
    this.#collected = collected;
    try {
      work();
    } finally {
      this.#collected = undefined;
    }
    const groups = Map.groupBy(collected, ({ change }) => this.#callbackFor(change)?.url);
    return [...groups.values()].map(group => {
      const delivery = this.post(group.map(({ change }) => change));
      for (const { letter } of group) letter.delivery = delivery;
      return delivery;
    });
  }

  webhook(field: string, value: Json): Delivery {
    return this.post([{ field, value, operation: field, lane: this.wabaId }]);
  }

  /** Posts a change, or lets the batch that is under way collect it. */
  tell(change: Change): Letter {
    const letter: Letter = {};
    // A copy: the message may change before the webhook leaves.
    if (this.#collected) this.#collected.push({ change: { ...change, value: structuredClone(change.value) }, letter });
    else letter.delivery = this.post([change]);
    return letter;
  }

  /** Posts a body just as given to where this number's messages go. */
  postRaw(body: Json | string, number: BusinessNumber, signature: string | null | undefined): Delivery {
    const text = typeof body === 'string' ? body : metaJson(body);
    return this.#post(text, signature, body, {
      field: 'messages',
      value: {},
      number,
      operation: 'raw',
      lane: this.wabaId,
    });
  }

  /** Posts changes in one body. */
  post(changes: readonly Change[]): Delivery {
    const [first] = changes;
    if (!first) throw new Error('There is nothing to post.');
    const seconds = Math.floor(this.core.now().getTime() / 1000);
    const timed = changes.some(({ field }) => field !== 'messages');
    const body = {
      object: 'whatsapp_business_account',
      entry: [{ id: this.wabaId, ...(timed ? { time: seconds } : {}), changes: merged(changes) }],
    };
    const lane = changes.length === 1 ? first.lane : this.wabaId;
    return this.#post(metaJson(body), undefined, body, { ...first, lane });
  }

  #post(body: string, signature: string | null | undefined, payload: unknown, change: Change): Delivery {
    const proof = signature === undefined ? hubSignature256(this.app.appSecret, body) : signature;
    const headers: Record<string, string> = proof === null ? {} : { 'x-hub-signature-256': proof };
    const { delay = 100, tries = 100 } = this.core.redelivery.whatsapp ?? {};
    const target = () => this.#callbackFor(change)?.url;
    return this.core.outbox[this.subscribed && target() !== undefined ? 'post' : 'drop']({
      vendor: 'whatsapp',
      account: this.wabaId,
      operation: change.operation,
      lane: `whatsapp:${change.lane}`,
      payload,
      render: () => ({ body, headers }),
      target,
      retry: { tries, delay, blocking: false },
    });
  }

  #callbackFor({ field, number }: Change): WhatsAppCallback | undefined {
    if (!overridable.has(field)) return this.app.callback;
    return number?.callback ?? this.callback ?? this.app.callback;
  }
}
