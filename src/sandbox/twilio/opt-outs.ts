import type { Sender } from './sender.ts';

/** Who wants nothing more from which senders. */
export class OptOuts {
  readonly #pairs = new Set<string>();

  add(sender: Sender, phoneNumber: string): void {
    this.#pairs.add(`${sender.optOutScope} ${phoneNumber}`);
  }

  lift(sender: Sender, phoneNumber: string): void {
    this.#pairs.delete(`${sender.optOutScope} ${phoneNumber}`);
  }

  has(sender: Sender, phoneNumber: string): boolean {
    return this.#pairs.has(`${sender.optOutScope} ${phoneNumber}`);
  }
}
