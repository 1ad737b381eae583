import type { Account } from './account.ts';
import { Handset } from './handset.ts';
import type { Line } from './line.ts';
import type { TwilioSender } from './types.ts';

/** What messages are sent from. */
export abstract class Sender implements TwilioSender {
  readonly account: Account;
  readonly address: string;
  readonly #handsets = new Map<string, Handset>();
  #nextSid: string | undefined;

  constructor(account: Account, address: string) {
    this.account = account;
    this.address = address;
  }

  /** An opt-out counts for all senders that share this. */
  abstract readonly optOutScope: string;

  /** The number or code that a person texts to reach this sender; undefined where there is none. */
  abstract readonly line: Line | undefined;

  /** Whether something that arrived from this address, by way of this service, belongs to the thread with this sender. */
  abstract sent(from: string, serviceSid: string | undefined): boolean;

  get handsets(): readonly Handset[] {
    return [...this.#handsets.values()];
  }

  phone(phoneNumber: string): Handset {
    const known = this.#handsets.get(phoneNumber);
    if (known) return known;
    const handset = new Handset(this, phoneNumber);
    this.#handsets.set(phoneNumber, handset);
    return handset;
  }

  nextSid(sid: string): void {
    this.#nextSid = sid;
  }

  /** The SID asked for by {@link nextSid}, once. */
  takeSid(): string | undefined {
    const sid = this.#nextSid;
    this.#nextSid = undefined;
    return sid;
  }
}

/** A name: it can be read and not be answered. */
export class AlphaSender extends Sender {
  readonly line = undefined;

  get optOutScope(): string {
    return this.address;
  }

  sent(from: string): boolean {
    return from === this.address;
  }
}
