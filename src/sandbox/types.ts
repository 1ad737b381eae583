import type { IntercomDouble } from './intercom/types.ts';
import type { TelegramDouble } from './telegram/types.ts';
import type { TwilioDouble } from './twilio/types.ts';
import type { WhatsAppDouble } from './whatsapp/types.ts';

export type * from './intercom/types.ts';
export type * from './telegram/types.ts';
export type * from './twilio/types.ts';
export type * from './whatsapp/types.ts';

export type Vendor = 'telegram' | 'intercom' | 'twilio' | 'whatsapp';

/** A JSON object in a vendor's own shape. */
export type Json = Record<string, unknown>;

export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  /**
   * The folder of the vendors' descriptions of their APIs, laid out as `contracts.ts` reads it. With it every request is
   * checked against the vendor's contract; a breach is kept in {@link Sandbox.violations} and answered as the vendor
   * answers a bad request. Needs the development dependencies `ajv` and `yaml`.
   */
  contractsDir?: string;
  /** The clock of all times in payloads and of expiring links. Default: the machine's. */
  now?: () => Date;
  /** How failed webhooks are posted again. */
  redelivery?: {
    /** Telegram: milliseconds before each further try, and tries in all. Defaults 100 and 100. */
    telegram?: { delay?: number; tries?: number };
    /** Intercom tries twice. Milliseconds before the second. Default 200. */
    intercom?: { delay?: number };
    /** Twilio tries twice where no connection is made, and once otherwise. Milliseconds before the second. Default 200. */
    twilio?: { delay?: number };
    /** WhatsApp: milliseconds before each further try, and tries in all. Defaults 100 and 100. */
    whatsapp?: { delay?: number; tries?: number };
    /** Milliseconds the double waits for an answer to a webhook. Default 10,000. */
    timeout?: number;
  };
}

/** Stands where the vendors stand: `https://api.telegram.org/x` is `<url>/api.telegram.org/x`. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, no trailing slash: the product's `reroute`. */
  readonly url: string;
  readonly telegram: TelegramDouble;
  readonly intercom: IntercomDouble;
  readonly twilio: TwilioDouble;
  readonly whatsapp: WhatsAppDouble;
  readonly faults: Faults;
  /** Every vendor call received, in order of arrival. */
  readonly log: readonly LoggedCall[];
  /** Breaches of the vendors' contracts, in order. */
  readonly violations: readonly Violation[];
  /** Every webhook made, in order. */
  readonly deliveries: readonly Delivery[];
  /**
   * Resolves when no webhook waits or is on its way. Webhooks that cannot leave do not count: those held by a `reorder`
   * fault, and those of a bot or workspace without a webhook address. Rejects after `timeout` milliseconds, default 30,000.
   */
  settled(options?: { timeout?: number }): Promise<void>;
  /**
   * Resolves with what `read` gives as soon as that is neither undefined, null nor false; asks again on each change of the
   * sandbox. Rejects after `timeout` milliseconds, default 10,000, with `what` in the message.
   */
  until<T>(
    read: () => T | Promise<T>,
    options?: { timeout?: number; what?: string },
  ): Promise<Exclude<T, undefined | null | false>>;
  /** Ends hanging connections and open deliveries, and stops listening. */
  close(): Promise<void>;
}

/** A call a vendor was sent, or a webhook it is about to post; what faults are matched with. */
export interface Call {
  vendor: Vendor;
  /** The bot's id, the workspace's app id, the account's SID or the WABA's id; absent where that is unknown. */
  account?: string;
  /**
   * Telegram: the Bot API method, or `file` for a download. Intercom: the operationId of the OpenAPI file, or `authorize`,
   * `exchangeCode`, `download`. WhatsApp: the operationId, or `debugToken`. Twilio: the operationId, `DownloadMedia`, or
   * `download` on the media host. Webhooks: the kind of update (`message`), the topic (`conversation.admin.replied`), the
   * message's status (`received`, `sent`), or the field; for the field `messages`, which of `messages` and `statuses` it brings.
   */
  operation: string;
  method: string;
  /** Without host, query, bot token and Graph version: `/sendMessage`, `/conversations/7001/reply`. */
  path: string;
  query: Readonly<Record<string, string>>;
  /** Lower-case names; without `authorization`. */
  headers: Readonly<Record<string, string>>;
  /** The parsed body. Telegram's multipart and form fields as strings; uploaded files stand in `files`. */
  body: unknown;
  files: Readonly<Record<string, UploadedFile>>;
}

export interface UploadedFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

export interface LoggedCall extends Call {
  at: Date;
  /** The kind of the fault that met this call. */
  fault?: FaultKind['kind'];
  /** Absent while unanswered, and for ever where a fault left it so. */
  answer?: { status: number; headers: Readonly<Record<string, string>>; body: unknown };
}

export interface Violation {
  at: Date;
  vendor: Vendor;
  operation: string;
  /** What is wrong and where, in words. */
  message: string;
}

export interface Delivery {
  readonly vendor: Vendor;
  /** The bot's id, the workspace's app id, the account's SID or the WABA's id. */
  readonly account: string;
  /** As in {@link Call.operation}. */
  readonly operation: string;
  readonly at: Date;
  /** The exact bytes posted, as text. */
  readonly body: string;
  /** In order. `status` is absent when no answer came. */
  readonly tries: readonly { at: Date; status?: number; error?: string }[];
  /**
   * waiting: no try yet, or between tries · held: by a `reorder` fault · delivered: answered 2xx · failed: given up ·
   * dropped: never to be posted (not subscribed to, no address that asks for it, or pending updates dropped).
   */
  readonly state: 'waiting' | 'held' | 'delivered' | 'failed' | 'dropped';
  /** Resolves once the state is delivered, failed or dropped. */
  readonly done: Promise<Delivery>;
  /** Posts the same bytes once more, as a vendor's redelivery would. */
  again(): Delivery;
}

export type FaultKind =
  /** Answers with a status and, where no body is given, the vendor's usual body for it. No effect takes place. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Answers exactly this; a string goes out as it is, anything else as JSON. No effect takes place. */
  | { kind: 'answer'; status: number; body: unknown; headers?: Record<string, string> }
  /** Never answers; nothing takes place. */
  | { kind: 'timeout_before' }
  /** The effect takes place and its webhooks go out, but no answer comes. */
  | { kind: 'timeout_after' }
  /** The connection is reset before or after the effect. */
  | { kind: 'cut'; when: 'before' | 'after' }
  /** The call is handled after this many milliseconds, or when the fault is released. */
  | { kind: 'slow'; milliseconds: number }
  /** The webhooks of the effect are delivered and answered before the call itself is answered. */
  | { kind: 'webhook_before_answer' }
  /** Webhooks: delivered twice, the second time after the first was answered. */
  | { kind: 'duplicate' }
  /** Webhooks: held until the next webhook of the same vendor account has been delivered. */
  | { kind: 'reorder' };

export type FaultRule = FaultKind & {
  vendor: Vendor;
  /**
   * A string is an operation; a regular expression is tried on `METHOD /path` for calls and on the operation for webhooks.
   * Absent: any.
   */
  match?: string | RegExp | ((call: Call) => boolean);
  /** How often it strikes; default 1, or without end where `every` is given. */
  times?: number;
  /**
   * Strikes the first try of every n-th distinct call (by operation and body); repeats of any call go through.
   */
  every?: number;
};

export interface Fault {
  readonly id: string;
  readonly rule: FaultRule;
  /** How often it has struck. */
  readonly strikes: number;
  /** Ends the connections it left hanging, and lets go of the calls it slows and the webhooks it holds. */
  release(): void;
  /** No longer strikes; releases as well. */
  remove(): void;
}

export interface Faults {
  /** Rules are tried in the order they were added; the first that fits strikes. */
  add(rule: FaultRule): Fault;
  readonly active: readonly Fault[];
  /** Removes all. */
  clear(): void;
}
