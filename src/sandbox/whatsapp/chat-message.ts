import type { Json } from '../types.ts';
import { shown } from './markup.ts';
import type { WhatsAppChatMessage, WhatsAppMedia, WhatsAppReceipt } from './types.ts';

/** What a message says, whoever wrote it. */
export type Content = Pick<WhatsAppChatMessage, 'text' | 'contacts' | 'choices'> & {
  media?: WhatsAppMedia;
  location?: NonNullable<WhatsAppChatMessage['location']>;
};

export const empty: Content = { text: '', contacts: [], choices: [] };

/** How far a message has got; it never goes back. */
const rank = ['accepted', 'sent', 'delivered', 'read', 'played'] as const;

/** A message as the customer's phone holds it, and how far the business's own have got. */
export class ChatMessage implements WhatsAppChatMessage {
  readonly id: string;
  readonly from: 'customer' | 'business';
  readonly at: Date;
  readonly raw: Json & { type: string };
  readonly contacts: Content['contacts'];
  readonly choices: Content['choices'];
  readonly reactions: { customer?: string; business?: string } = {};
  readonly media?: WhatsAppMedia;
  readonly location?: NonNullable<Content['location']>;
  readonly replyTo?: string;
  /** The sender's own mark, told back in each status. */
  readonly callbackData: string | undefined;
  text: string;
  status?: 'accepted' | WhatsAppReceipt | 'failed';
  edited = false;
  revoked = false;
  seen = false;

  constructor(
    about: {
      id: string;
      from: 'customer' | 'business';
      at: Date;
      raw: Json & { type: string };
      replyTo?: string | undefined;
      callbackData?: string | undefined;
    },
    content: Content,
  ) {
    this.id = about.id;
    this.from = about.from;
    this.at = about.at;
    this.raw = about.raw;
    this.callbackData = about.callbackData;
    this.text = content.text;
    this.contacts = content.contacts;
    this.choices = content.choices;
    if (content.media) this.media = content.media;
    if (content.location) this.location = content.location;
    if (about.replyTo !== undefined) this.replyTo = about.replyTo;
    if (about.from === 'business') this.status = 'accepted';
  }

  get shown(): string {
    return shown(this.text);
  }

  get type(): string {
    return this.raw.type;
  }

  reached(status: WhatsAppReceipt | 'failed'): void {
    if (status === 'failed' || this.status === 'failed' || this.status === undefined) this.status = status;
    else if (rank.indexOf(status) > rank.indexOf(this.status)) this.status = status;
  }
}
