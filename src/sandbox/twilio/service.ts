import type { Account } from './account.ts';
import type { Line } from './line.ts';
import { Sender } from './sender.ts';
import type { TwilioService } from './types.ts';

/** A messaging service: one sender to the business, several numbers and codes to its customers. */
export class Service extends Sender implements TwilioService {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly createdAt: Date;
  inboundRequestUrl: string | null = null;
  useInboundWebhookOnNumber = false;
  statusCallback: string | null = null;
  advancedOptOut = false;

  constructor(account: Account, sid: string, about: { name: string; lines: readonly Line[] }) {
    super(account, sid);
    this.name = about.name;
    this.lines = about.lines;
    this.createdAt = account.core.now();
    for (const line of about.lines) line.service = this;
  }

  get sid(): string {
    return this.address;
  }

  get optOutScope(): string {
    return this.sid;
  }

  /** The first of the pool speaks for it: senders are sticky, so a customer sees one of them. */
  get line(): Line | undefined {
    return this.lines[0];
  }

  sent(_from: string, serviceSid: string | undefined): boolean {
    return serviceSid === this.sid;
  }
}
