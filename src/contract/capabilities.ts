import type { ReceiptStatus } from './event.ts';
import type { MarkType, PartKind, TextUnit } from './message.ts';

/**
 * What becomes of a thing on its way out: carried whole; carried with a loss named in `note`; turned into text or a link;
 * left out silently; refused before sending, with the reason shown to the teammate.
 */
export type Support = 'full' | 'partial' | 'fallback' | 'dropped' | 'rejected';

export interface PartSupport {
  support: Support;
  /** Largest file, bytes. */
  maxBytes?: number;
  /** MIME types taken, `image/*` patterns allowed. Absent: any. */
  mimes?: readonly string[];
  /** One sentence for the docs page and for the teammate. */
  note?: string;
}

export interface TextLimit {
  limit: number;
  unit: TextUnit;
}

/** At most `count` sends in any `seconds`. */
export interface RateLimit {
  count: number;
  seconds: number;
}

/** What a channel or platform can carry out. The relay's `fit` obeys it before an adapter sees the message. */
export interface Capabilities {
  parts: Record<PartKind, PartSupport>;
  text: TextLimit;
  /** Text that travels with one attachment as one message; false: text always goes separately. */
  caption: TextLimit | false;
  /** Kinds of media that can carry a caption. Absent: all. */
  captioned?: PartKind[];
  /** Formatting that survives; the rest is written out as plain text. */
  marks: MarkType[];
  /** Attachments one message can carry. */
  attachmentsPerMessage: number;
  quotes: Support;
  reactions: Support;
  edits: Support;
  deletes: Support;
  /** Fates that are reported back. */
  receipts: ReceiptStatus[];
  /** Free-form replies are allowed this many hours after the customer's last message. Absent: always. */
  windowHours?: number;
  /** Writing again lifts an opt-out (a blocked bot that is written to is no longer blocked). Absent: only an opt-in does. */
  messageOptsIn?: boolean;
  rates?: { channel?: RateLimit; conversation?: RateLimit };
}
