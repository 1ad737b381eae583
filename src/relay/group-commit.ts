import { type Pool, transaction } from '../db/pool.ts';
import { commitIntakes, type Intake } from './store/commit.ts';

interface Waiting {
  intake: Intake;
  resolve(outcome: 'accepted' | 'duplicate'): void;
  reject(error: unknown): void;
}

/** Webhooks that share one commit at most. */
const largestGroup = 200;

/**
 * Lets webhooks that come in at the same time share a commit: while one group is being written the next one gathers, so
 * nobody waits for a timer and a busy moment costs few disk syncs.
 */
export class GroupCommit {
  readonly #pool: Pool;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Resolves once the webhook is committed, with whether anything in it was new. Rejects when it could not be; then nothing of it is stored. */
  submit(intake: Intake): Promise<'accepted' | 'duplicate'> {
    const written = new Promise<'accepted' | 'duplicate'>((resolve, reject) =>
      this.#queue.push({ intake, resolve, reject }),
    );
    this.#writing ??= this.#drain();
    return written;
  }

  /** Resolves when nothing is left to be written. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue.slice(0, largestGroup);
      this.#queue = this.#queue.slice(largestGroup);
      await this.#commit(group);
    }
    this.#writing = undefined;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const known = await transaction(this.#pool, client =>
        commitIntakes(
          client,
          group.map(({ intake }) => intake),
        ),
      );
      for (const { intake, resolve } of group) resolve(known.has(intake) ? 'duplicate' : 'accepted');
    } catch (error) {
      const [only] = group;
      if (only && group.length === 1) return only.reject(error);
      // One of them may be what the database refuses; the others must not suffer for it.
      for (const one of group) await this.#commit([one]);
    }
  }
}
