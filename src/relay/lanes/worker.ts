import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from '../../db/pool.ts';
import { type Claim, type Item, Lane, LeaseLostError, type Stop } from './lane.ts';
import * as sql from './statements.ts';

/** Milliseconds between looks when nobody wakes the worker. */
const poll = 1000;

export interface WorkerOptions {
  pool: Pool;
  /** Lanes worked on at the same time. */
  concurrency: number;
  /** Seconds a claim lasts; renewed at a third of it. */
  leaseSeconds: number;
  /** Milliseconds between looks when nobody wakes us. Default 1000. */
  pollMs?: number;
  /** Works one item: finishes it through the lane and returns nothing, or says why it must wait. */
  handle(lane: Lane, item: Item): Promise<Stop | undefined>;
  /** Hears of what should not happen: a handler that threw, a database that is away. */
  onError(error: unknown, lane?: Lane): void;
}

/**
 * Takes due lanes, as many as it has hands for, and works the item at the head of each. A lane that fails waits alone; a crashed
 * worker's lanes come back when their lease ends.
 */
export class LaneWorker {
  readonly #options: WorkerOptions;
  readonly #held = new Map<string, { lane: Lane; done: Promise<void> }>();
  #running = false;
  /** Lanes may be due that nobody has looked for yet. */
  #mayBeDue = false;
  #claiming: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.#poll = setInterval(() => this.wake(), this.#options.pollMs ?? poll);
    this.#renewal = setInterval(() => void this.#renew(), (this.#options.leaseSeconds * 1000) / 3);
    this.wake();
  }

  /** Something may be due: look now. Cheap to call often. */
  wake(): void {
    this.#mayBeDue = true;
    if (!this.#running) return;
    this.#claiming ??= this.#claimWhileDue().finally(() => {
      this.#claiming = undefined;
    });
  }

  /** Takes nothing new, lets what is under way end, and gives every lane back. */
  async stop(): Promise<void> {
    this.#running = false;
    clearInterval(this.#poll);
    await this.#claiming;
    await Promise.all([...this.#held.values()].map(entry => entry.done));
    clearInterval(this.#renewal);
  }

  async #claimWhileDue(): Promise<void> {
    // Lanes that end in the same turn of the event loop are followed by as many others in one claim.
    await nextTurn();
    while (this.#running && this.#mayBeDue) {
      const free = this.#options.concurrency - this.#held.size;
      // The first lane that ends looks again.
      if (free <= 0) return;
      this.#mayBeDue = false;
      const claimed = await this.#claim(free);
      if (claimed === free) this.#mayBeDue = true;
    }
  }

  /** Returns how many it got. */
  async #claim(free: number): Promise<number> {
    try {
      const { pool, leaseSeconds } = this.#options;
      // A token a claim: should our own lease run out and we claim the lane again, the first hold is fenced off too.
      const token = randomUUID();
      const { rows } = await pool.query<Claim>(sql.claim, [free, leaseSeconds, token]);
      for (const row of rows) this.#take(new Lane(pool, token, row));
      return rows.length;
    } catch (error) {
      this.#options.onError(error);
      return 0;
    }
  }

  #take(lane: Lane): void {
    const before = this.#held.get(lane.conversationId);
    // Our own lease ran out under load and we claimed the lane again: the first hold must end before the second begins.
    // (It cannot write any more, but it may be in the middle of a call to a vendor.)
    const done = Promise.resolve(before?.done)
      .then(() => this.#work(lane))
      .catch(error => this.#options.onError(error, lane))
      .finally(() => {
        if (this.#held.get(lane.conversationId)?.lane === lane) this.#held.delete(lane.conversationId);
        if (this.#mayBeDue || lane.finished?.more !== false) this.wake();
      });
    this.#held.set(lane.conversationId, { lane, done });
  }

  async #work(lane: Lane): Promise<void> {
    try {
      // Once we are to stop, a lane that was claimed at the last moment goes back untouched.
      const stop = this.#running && lane.item ? await this.#options.handle(lane, lane.item) : undefined;
      if (stop) await this.#putBack(lane, stop);
      else if (!lane.finished) await lane.release();
    } catch (error) {
      this.#options.onError(error, lane);
      if (!(error instanceof LeaseLostError)) await lane.stop({ stop: 'delay', seconds: 5, counted: true });
    }
  }

  async #putBack(lane: Lane, stop: Stop): Promise<void> {
    await lane.stop(stop);
    const milliseconds = stop.stop === 'delay' ? stop.seconds * 1000 : Number.POSITIVE_INFINITY;
    // The poll finds it too, but only at its next look; a short wait should be a short wait.
    if (milliseconds < (this.#options.pollMs ?? poll)) setTimeout(() => this.wake(), milliseconds + 1);
  }

  async #renew(): Promise<void> {
    if (this.#held.size === 0) return;
    try {
      const { pool, leaseSeconds } = this.#options;
      const lanes = [...this.#held.values()].map(entry => entry.lane);
      await pool.query(sql.renew, [
        lanes.map(lane => lane.workspaceId),
        lanes.map(lane => lane.conversationId),
        lanes.map(lane => lane.token),
        leaseSeconds,
      ]);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
