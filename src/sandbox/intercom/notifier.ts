import { createHmac, randomUUID } from 'node:crypto';
import { toJson } from '../../kit/json.ts';
import type { Delivery, Json } from '../types.ts';
import type { Core } from '../vendor.ts';
import { seconds } from './shapes.ts';

/** Makes, signs and posts the notifications of one workspace. */
export class Notifier {
  readonly #core: Core;
  readonly #appId: string;
  readonly #clientSecret: string;
  readonly #topics: readonly string[] | undefined;
  url: string | undefined;

  constructor(
    core: Core,
    options: { appId: string; clientSecret: string; topics: readonly string[] | undefined; url: string | undefined },
  ) {
    this.#core = core;
    this.#appId = options.appId;
    this.#clientSecret = options.clientSecret;
    this.#topics = options.topics;
    this.url = options.url;
  }

  /** Tells a topic about an item, in the vendor's envelope. */
  tell(topic: string, item: Json): Delivery {
    const at = seconds(this.#core.now());
    const envelope = (tries: number) =>
      toJson({
        type: 'notification_event',
        app_id: this.#appId,
        data: { type: 'notification_event_data', item },
        links: {},
        id: topic === 'ping' ? null : id,
        topic,
        delivery_status: 'pending',
        delivery_attempts: tries,
        delivered_at: 0,
        first_sent_at: at,
        created_at: at,
        self: null,
      });
    const id = `notif_${randomUUID()}`;
    const wanted = topic === 'ping' || this.#topics === undefined || this.#topics.includes(topic);
    return this.#post(topic, item, wanted, tries => this.#signed(envelope(tries)));
  }

  /** Posts a body just as given. */
  raw(body: Json | string, signature?: string | null): Delivery {
    const text = typeof body === 'string' ? body : toJson(body);
    const topic = typeof body === 'string' ? 'raw' : String(body.topic ?? 'raw');
    const signed = this.#signed(text);
    if (signature === null) signed.headers = {};
    else if (signature !== undefined) signed.headers = { 'x-hub-signature': signature };
    return this.#post(topic, body, true, () => signed);
  }

  #signed(body: string): { body: string; headers: Record<string, string> } {
    return { body, headers: { 'x-hub-signature': hubSignature(this.#clientSecret, body) } };
  }

  #post(
    topic: string,
    payload: unknown,
    wanted: boolean,
    render: (tries: number) => { body: string; headers: Record<string, string> },
  ): Delivery {
    const { delay = 200 } = this.#core.redelivery.intercom ?? {};
    return this.#core.outbox[wanted && this.url !== undefined ? 'post' : 'drop']({
      vendor: 'intercom',
      account: this.#appId,
      operation: topic,
      lane: `intercom:${this.#appId}`,
      payload,
      render,
      target: () => this.url,
      retry: { tries: 2, delay, blocking: false },
    });
  }
}

/** `X-Hub-Signature` of a webhook body: HMAC-SHA1 over its bytes, keyed with the app's client secret. */
export function hubSignature(clientSecret: string, body: string): string {
  return `sha1=${createHmac('sha1', clientSecret).update(body).digest('hex')}`;
}
