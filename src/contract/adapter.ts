import type { ZodType } from 'zod';
import type { Event } from './event.ts';
import type { Failure } from './failure.ts';
import type { MediaPart } from './message.ts';

/** A webhook as it came in. `json` and `form` parse once and remember; both throw {@link SyntaxError} on a malformed body. */
export interface RawRequest {
  method: string;
  /** The full public address that the provider was given, query included: several vendors sign it. */
  url: string;
  /** Lower-case names; repeated headers joined with ", ". */
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Numbers beyond 2^53 arrive as bigint, so that no id is rounded. */
  json(): unknown;
  form(): Readonly<Record<string, string>>;
}

/** An exact answer that the vendor needs instead of an empty 200. */
export interface RawReply {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

export type Verdict = { ok: true } | { ok: false; reason: string };

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH';
  url: string;
  headers?: Record<string, string>;
  /** At most one of the four. */
  json?: unknown;
  form?: Record<string, string>;
  multipart?: {
    fields: Record<string, string>;
    files: { field: string; name: string; mime: string; bytes: Uint8Array }[];
  };
  body?: Uint8Array;
  /** Milliseconds for the whole exchange. Default 15,000. */
  timeout?: number;
  /** Bytes of answer read at most. Default 5 MiB; more is a failure of class `media`. */
  maxBytes?: number;
  /** Only for addresses that a customer or vendor payload gave us: refuses private networks and pins the resolved address. */
  untrusted?: boolean;
  /** Redirects followed. Default 0; each hop is checked again and credentials are not sent to another host. */
  redirects?: number;
  /** True where repeating the request is harmless (reads, deletes): then a time-out is `temporary`, not unconfirmed. */
  idempotent?: boolean;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array;
  text(): string;
  /** Parsed without loss (see RawRequest.json); undefined when the body is no JSON. */
  json(): unknown;
}

/**
 * The way out. Every exchange is timed and noted in the message's trace with secrets removed.
 * Throws an Error that carries a {@link Failure} in `failure` when no answer came; any status is an answer.
 */
export interface Http {
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface StoredMedia {
  bytes: Uint8Array;
  /** Found by looking at the bytes. */
  mime: string;
  /** Always has an ending that fits the type. */
  name: string;
}

export interface Media {
  /** Reads from our store. Throws with a failure of class `media` when the bytes are gone. */
  read(part: MediaPart): Promise<StoredMedia>;
  /** A signed address on our public URL, alive for a week, that a vendor or a person can fetch. */
  link(part: MediaPart): string;
}

/** What every adapter call is handed: its configuration and the only means it has of touching the world. */
export interface Context<C> {
  config: C;
  http: Http;
  media: Media;
  now: Date;
}

export interface SetUpContext<C> extends Context<C> {
  /** Where the provider is to post. Empty string when the installation has no public address yet. */
  webhookUrl: string;
  /** Letters and digits, unguessable. */
  randomToken(): string;
}

/** What a check found, in words for the person who reads the channel's page. */
export interface Health {
  status: 'pending' | 'connected' | 'offline' | 'disconnected';
  reason?: string;
  /** What to do next. */
  advice?: string;
  /** Facts the provider reports: limits, pending updates, quality. Shown as label and value. */
  facts?: Record<string, string>;
}

export interface Connected<C> extends Health {
  /** What may belong to one channel or workspace only, across the installation: `telegram:bot:7001`, `phone:+12025550143`. */
  identity: string;
  /** The account's own name: a bot's user name, a workspace's name. */
  name: string;
  /** The configuration to keep: what was given plus what was made or found on the way. */
  config: C;
}

export type SetUpResult<C> = { ok: true; connected: Connected<C> } | { ok: false; failure: Failure; field?: string };

export interface SetUpStep {
  title: string;
  /** Markdown, one short paragraph: where to click and what to copy. */
  text: string;
  link?: string;
  /** The configuration field this step yields. */
  field?: string;
}

export interface Manifest<C> {
  /** Folder name, URL word and database value. */
  id: string;
  label: string;
  /** One sentence for the tile. */
  summary: string;
  /** The service behind it and where its own documentation is. */
  provider: { name: string; docs: string };
  /**
   * Draws the form, validates, and marks secrets. On each field `.meta({ title, description, secret?, generated? })`;
   * secret fields are encrypted at rest and never shown again.
   */
  config: ZodType<C>;
  steps: SetUpStep[];
}

/**
 * For providers that post all accounts of one app to one address (`/hooks/:app`). `config` is the operator's own app,
 * read from the environment.
 */
export interface AppWebhook<A> {
  config: ZodType<A>;
  verify(request: RawRequest, app: A): Verdict;
  /** The identities that the body speaks of, in the form `connect` reports them. Pure. */
  identities(request: RawRequest): string[];
  /** A challenge to the app's own address; undefined: an empty 200. Called after verification. Pure. */
  handshake?(request: RawRequest, app: A): RawReply | undefined;
}

/** What both kinds of adapter share: proving who calls, and turning what they say into events. Both are pure. */
export interface Listener<C> {
  verify(request: RawRequest, config: C): Verdict;
  /**
   * The events of this body that concern this configuration. Never throws on odd input: what it does not know becomes an
   * `unknown` event, so that the journal keeps it.
   */
  normalise(request: RawRequest, config: C): Event[];
  /** A challenge or any other exact answer; undefined: an empty 200. Called after verification. Pure. */
  handshake?(request: RawRequest, config: C): RawReply | undefined;
  /** For providers that post all accounts of one app to one address. */
  app?: AppWebhook<unknown>;
}
