import type { Json } from '../../types.ts';
import type { Content } from '../chat-message.ts';
import type { Customer } from '../customer.ts';
import type { BusinessNumber } from '../number.ts';
import type { WhatsAppFailure } from '../types.ts';

/** What a body of the messages API makes. */
export interface Composed {
  content: Content;
  /** Found out only after the call has been answered. */
  failure?: WhatsAppFailure | undefined;
  /** For what changes a message that is there, and makes none: a reaction. */
  apply?(): void;
}

/** Reads the object that stands in the field named like the type: `text`, `image`, `template`. */
export type Reader = (
  given: Json,
  about: { type: string; number: BusinessNumber; customer: Customer | undefined },
) => Composed | Promise<Composed>;
