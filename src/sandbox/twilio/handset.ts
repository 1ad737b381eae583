import type { Delivery } from '../types.ts';
import { postInbound, receive } from './inbound.ts';
import type { Line } from './line.ts';
import type { Sender } from './sender.ts';
import type { TwilioAct, TwilioFate, TwilioFile, TwilioHandset, TwilioText } from './types.ts';

/** A customer's phone, in its thread with one sender. */
export class Handset implements TwilioHandset {
  readonly phoneNumber: string;
  readonly #sender: Sender;

  constructor(sender: Sender, phoneNumber: string) {
    this.#sender = sender;
    this.phoneNumber = phoneNumber;
  }

  text(body: string): TwilioAct {
    return receive(this.#line, this.phoneNumber, { body, files: [] });
  }

  mms(files: TwilioFile[], body = ''): TwilioAct {
    return receive(this.#line, this.phoneNumber, { body, files });
  }

  stop(): TwilioAct {
    return this.text('STOP');
  }

  start(): TwilioAct {
    return this.text('START');
  }

  webhook(form: Record<string, string>): Delivery {
    return postInbound(this.#line, this.phoneNumber, form);
  }

  get received(): readonly TwilioText[] {
    return this.#sender.account.arrivals
      .filter(({ to, from, serviceSid }) => to === this.phoneNumber && this.#sender.sent(from, serviceSid))
      .map(({ text }) => text);
  }

  get optedOut(): boolean {
    return this.#sender.account.optOuts.has(this.#sender, this.phoneNumber);
  }

  get fate(): TwilioFate {
    return this.#sender.account.fateOf(this.phoneNumber);
  }

  set fate(fate: TwilioFate) {
    this.#sender.account.fates.set(this.phoneNumber, fate);
  }

  get #line(): Line {
    const { line, address } = this.#sender;
    if (!line) throw new Error(`Nobody can text to ${address}.`);
    return line;
  }
}
