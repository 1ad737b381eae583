import type { Context, Health, Listener, Manifest, SetUpContext, SetUpResult } from './adapter.ts';
import type { Capabilities } from './capabilities.ts';
import type { Event } from './event.ts';
import type { Failure } from './failure.ts';
import type { MediaPart, Part, Quote } from './message.ts';

/** One provider call's worth of a teammate's message, already cut to fit the channel's capabilities. */
export interface Outgoing {
  /** Our message id; the same for every piece of one message. Providers with idempotency keys get it with `piece`. */
  id: string;
  /** 0 for the first piece. */
  piece: number;
  /** The conversation's address, as events gave it. */
  to: string;
  /** One text; or attachments and, where the channel has captions, one text. */
  parts: Part[];
  replyTo?: Quote;
  /** Who answers, where the platform tells. */
  teammate?: { id: string; name?: string };
}

export type SendResult =
  | { ok: true /** Provider ids of what was made, in order. */; ids: string[]; events?: Event[] }
  | {
      ok: false;
      failure: Failure;
      /** What the answer taught us on the way: a moved chat, an opt-out. Applied before the retry rule. */
      events?: Event[];
      /** The provider refuses the form, not the words: the relay sends again at once, without formatting. */
      again?: 'plain_text';
      /** The cause has been mended by `events`: the relay sends again at once. */
      mended?: boolean;
    };

export interface ChannelAdapter<C> extends Listener<C> {
  manifest: Manifest<C> & {
    /** Ids of the platforms this channel may serve. */
    platforms: string[];
  };
  capabilities(config: C): Capabilities;
  send(message: Outgoing, context: Context<C>): Promise<SendResult>;
  connect(context: SetUpContext<C>): Promise<SetUpResult<C>>;
  check(context: SetUpContext<C>): Promise<Health>;
  /** Takes our webhook away. Best effort: a revoked token must not keep a channel from being removed. */
  disconnect(context: SetUpContext<C>): Promise<void>;
  /** How a contact of this channel is known to a platform, e.g. `tg:1001`. Stable for ever. */
  externalId(contact: string, config: C): string;

  // Optional abilities, found by their presence.

  /** What is equal for all spellings of one address; the newest spelling is the one that is answered. Absent: the address. */
  addressKey?(address: string): string;

  /** Fetches an attachment's bytes. Absent: `ref` is a plain address, fetched under the SSRF guard. */
  fetchMedia?(part: MediaPart, context: Context<C>): Promise<FetchedMedia | { failure: Failure }>;
  /**
   * After an uncertain send: the ids when it arrived, an empty list when it certainly did not. Ids that we know from an
   * earlier message are taken for an empty list.
   */
  find?(
    message: Outgoing,
    context: Context<C> & { /** When the uncertain try began. */ since: Date },
  ): Promise<{ ids: string[] } | { failure: Failure }>;
}

export interface FetchedMedia {
  bytes: Uint8Array;
  /** As the provider says; the media store looks at the bytes itself. */
  mime?: string;
  name?: string;
}
