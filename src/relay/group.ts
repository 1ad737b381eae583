import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that share one run at most. */
const largest = 200;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Lets what is wanted at the same time share one round trip to the database, and one commit. While one run is under way the
 * next one gathers, so nobody waits for a timer and a busy moment costs few statements and few disk syncs.
 */
export class Group<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>;
  #queue: Waiting<Item, Result>[] = [];
  #running: Promise<void> | undefined;

  /** @param run does it for all of them, and returns a result for each, in their order. It may see an item twice. */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#run = run;
  }

  /** Rejects when the item cannot be done even alone; then nothing of it is stored. */
  submit(item: Item): Promise<Result> {
    const done = new Promise<Result>((resolve, reject) => this.#queue.push({ item, resolve, reject }));
    this.#running ??= this.#drain();
    return done;
  }

  /** Resolves when nothing is left to be done. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    // What comes in within the same turn of the event loop goes along.
    await nextTurn();
    while (this.#queue.length > 0) {
      const group = this.#queue.slice(0, largest);
      this.#queue = this.#queue.slice(largest);
      await this.#runFor(group);
    }
    this.#running = undefined;
  }

  async #runFor(group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(group.map(({ item }) => item));
      for (const [i, result] of results.entries()) group[i]?.resolve(result);
    } catch (error) {
      const [only] = group;
      if (only && group.length === 1) return only.reject(error);
      // One of them may be what the database refuses; the others must not suffer for it.
      for (const one of group) await this.#runFor([one]);
    }
  }
}
