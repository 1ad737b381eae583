import type { AppWebhook, Context, Health, Listener, Manifest, SetUpContext, SetUpResult } from './adapter.ts';
import type { Capabilities } from './capabilities.ts';
import type { FetchedMedia } from './channel.ts';
import type { Failure } from './failure.ts';
import type { MediaPart, Part } from './message.ts';

/** A customer as a platform needs to know them. */
export interface ContactIdentity {
  /** Stable across the workspace, e.g. `tg:1001`: made by the channel adapter. */
  externalId: string;
  name?: string;
  /** E.164 with a leading plus. */
  phone?: string;
  username?: string;
  language?: string;
  channel: { /** Adapter id. */ kind: string; label: string };
}

/** One piece of what a customer wrote, cut to fit the platform's capabilities. */
export interface Delivery {
  /** Our message id; the same for every piece. */
  id: string;
  piece: number;
  /** The contact's id on the platform. */
  contact: string;
  /** The thread to append to. Absent: open one. */
  thread?: string;
  parts: Part[];
  /** `business`: sent by the business from elsewhere; shown as the business's own, never as the customer's. */
  as: 'customer' | 'business';
  at: string;
}

export type DeliverResult =
  | {
      ok: true;
      thread: string;
      /** The platform's ids of what was made: the echo ledger. */
      ids: string[];
      /** What did not fit into this call (a file that cannot open a thread) and is delivered next. */
      rest?: Part[];
    }
  | {
      ok: false;
      failure: Failure;
      /** The link we held is dead: the relay forgets it, looks up or makes a new one, and delivers again at once. */
      forget?: 'thread' | 'contact';
    };

export type ContactResult =
  | { ok: true /** The platform's contact id. */; id: string }
  | { ok: false; failure: Failure };

/** A message's fate, for the teammate who wrote it. */
export interface Report {
  thread: string;
  /** The platform's id of the teammate's message. */
  messageId: string;
  status: 'sent' | 'delivered' | 'read' | 'failed' | 'unconfirmed' | 'notice';
  /** Sentences for the teammate: what happened and what to do. Set for failed, unconfirmed and notice. */
  text?: string;
  failure?: Failure;
}

/** A login at the vendor that yields a configuration. */
export interface OAuth<C, A> {
  /** Where to send the browser. */
  authorizeUrl(app: A, options: { state: string; redirectUri: string; region?: string }): string;
  exchange(
    app: A,
    options: { code: string; redirectUri: string; region?: string },
    context: Omit<SetUpContext<undefined>, 'config'>,
  ): Promise<{ ok: true; config: C } | { ok: false; failure: Failure }>;
}

export interface PlatformAdapter<C, A = unknown> extends Listener<C> {
  manifest: Manifest<C>;
  capabilities(config: C): Capabilities;
  contacts: {
    /** Finds the customer, or makes them. Safe to repeat. */
    resolve(identity: ContactIdentity, context: Context<C>): Promise<ContactResult>;
  };
  deliver(delivery: Delivery, context: Context<C>): Promise<DeliverResult>;
  /**
   * After an uncertain delivery: its ids when it arrived (and what of it is still to be delivered, as `deliver` would say),
   * an empty list when it certainly did not. Ids that are in the echo ledger already belong to an earlier message and are
   * taken for an empty list.
   */
  find?(
    delivery: Delivery,
    context: Context<C> & { /** When the uncertain try began. */ since: Date },
  ): Promise<{ thread?: string; ids: string[]; rest?: Part[] } | { failure: Failure }>;
  /** Which fates `report` is called with. */
  reports: Report['status'][];
  report(report: Report, context: Context<C>): Promise<{ ok: true; ids: string[] } | { ok: false; failure: Failure }>;
  connect(context: SetUpContext<C>): Promise<SetUpResult<C>>;
  check(context: SetUpContext<C>): Promise<Health>;
  disconnect(context: SetUpContext<C>): Promise<void>;
  /** Fetches a teammate's attachment. Absent: `ref` is a plain address, fetched under the SSRF guard. */
  fetchMedia?(part: MediaPart, context: Context<C>): Promise<FetchedMedia | { failure: Failure }>;
  app?: AppWebhook<A>;
  oauth?: OAuth<C, A>;
}
