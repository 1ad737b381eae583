import { randomUUID } from 'node:crypto';
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
 * Takes due lanes, as many as it has hands for, and works each from its head. A lane that fails waits alone; a crashed
 * worker's lanes come back when their lease ends.
 */
export class LaneWorker {
  readonly #options: WorkerOptions;
  readonly #held = new Map<string, { lane: Lane; done: Promise<void> }>();
  #running = false;
  #claiming = false;
  #again = false;
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
    if (!this.#running) return;
    if (this.#claiming) {
      this.#again = true;
      return;
    }
    this.#claiming = true;
    void this.#claim().finally(() => {
      this.#claiming = false;
      if (this.#again) {
        this.#again = false;
        this.wake();
      }
    });
  }

  /** Takes nothing new, lets what is under way end, and gives every lane back. */
  async stop(): Promise<void> {
    this.#running = false;
    clearInterval(this.#poll);
    await Promise.all([...this.#held.values()].map(entry => entry.done));
    clearInterval(this.#renewal);
  }

  async #claim(): Promise<void> {
    const free = this.#options.concurrency - this.#held.size;
    if (free <= 0) return;
    try {
      const { pool, leaseSeconds } = this.#options;
      // A token a claim: should our own lease run out and we claim the lane again, the first hold is fenced off too.
      const token = randomUUID();
      const { rows } = await pool.query<Claim>(sql.claim, [free, leaseSeconds, token]);
      for (const row of rows) this.#take(new Lane(pool, token, row));
      if (rows.length === free) this.#again = true;
    } catch (error) {
      this.#options.onError(error);
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
        this.wake();
      });
    this.#held.set(lane.conversationId, { lane, done });
  }

  async #work(lane: Lane): Promise<void> {
    try {
      for (;;) {
        const items = await lane.next();
        for (const item of items) {
          const stop = await this.#options.handle(lane, item);
          if (stop) return await this.#putBack(lane, stop);
          // Ending between two items is what makes a stop quick and loses nothing.
          if (!this.#running) return await lane.release();
        }
        if (items.length === 0) return await lane.release();
      }
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
