import type { Account } from './account.ts';
import { Sender } from './sender.ts';
import type { Service } from './service.ts';
import { newSid } from './sid.ts';
import type { TwilioLine } from './types.ts';

/** A number or short code. */
export class Line extends Sender implements TwilioLine {
  readonly sid: string;
  readonly mms: boolean;
  readonly boughtAt: Date;
  smsUrl = '';
  smsMethod: 'GET' | 'POST' = 'POST';
  smsApplicationSid = '';
  /** Settings that the double keeps and shows but does not act on, by their names in the API. */
  readonly otherSettings: Record<string, string> = {};
  /** The messaging service it belongs to. */
  service: Service | undefined;

  constructor(account: Account, address: string, { mms = true }: { mms?: boolean } = {}) {
    super(account, address);
    this.sid = newSid(address.startsWith('+') ? 'PN' : 'SC');
    this.mms = mms;
    this.boughtAt = account.core.now();
  }

  get line(): Line {
    return this;
  }

  get optOutScope(): string {
    return this.service?.sid ?? this.address;
  }

  sent(from: string): boolean {
    return from === this.address;
  }

  /**
   * Where an incoming message is posted: its service's address comes before its own, and a TwiML app, which the double does
   * not play, before both of the number's. Undefined: nowhere.
   */
  get inboundUrl(): string | undefined {
    if (this.service && !this.service.useInboundWebhookOnNumber) return this.service.inboundRequestUrl ?? undefined;
    return this.smsUrl === '' || this.smsApplicationSid !== '' ? undefined : this.smsUrl;
  }
}
