import type { Event } from '../../contract/event.ts';
import { type Client, type Pool, transaction } from '../../db/pool.ts';
import * as sql from './statements.ts';

/** Another worker holds the lane by now: whatever this one wanted to write must not be written. */
export class LeaseLostError extends Error {
  constructor(conversationId: string) {
    super(`The lease on the lane of conversation ${conversationId} was lost.`);
    this.name = 'LeaseLostError';
  }
}

export interface Claim {
  workspace_id: string;
  conversation_id: string;
  channel_id: string;
  done_seq: number;
  attempts: number;
  failing_since: Date | null;
  abandoned_since: Date | null;
  /** The item at the head; all null when none was seen. */
  seq: number | null;
  kind: Item['kind'] | null;
  message_id: string | null;
  event: Item['event'];
}

export interface Item {
  seq: number;
  kind: 'deliver' | 'send' | 'apply' | 'report';
  message_id: string | null;
  event: (Event & { status?: string }) | { status: string } | null;
}

/** An item is done; `more` tells that the next one waits already. */
export interface Finished {
  more: boolean;
}

/** What a handler decided about an item it could not finish. */
export type Stop =
  /** Try the same item again later; `counted` failures add up to the 72 hours. */
  | { stop: 'delay'; seconds: number; counted: boolean }
  /** Wait until this channel or workspace is reconnected. */
  | { stop: 'park'; for: string };

/**
 * A lane in the hands of this process, for the one item at its head. Every write goes through it and is checked against the
 * token; finishing the item gives the lane back in the same commit.
 */
export class Lane {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly channelId: string;
  readonly token: string;
  /** Failed tries of the item at the head. */
  readonly attempts: number;
  readonly failingSince: Date | undefined;
  /** The holder before us vanished in mid-work then. */
  readonly abandonedSince: Date | undefined;
  /** What is to be done. Undefined in the rare case that it was committed while we claimed. */
  readonly item: Item | undefined;
  /** Set once the item is done and the lane was given back with it. */
  finished: Finished | undefined;
  readonly #pool: Pool;

  constructor(pool: Pool, token: string, claim: Claim) {
    this.#pool = pool;
    this.token = token;
    this.workspaceId = claim.workspace_id;
    this.conversationId = claim.conversation_id;
    this.channelId = claim.channel_id;
    this.attempts = claim.attempts;
    this.failingSince = claim.failing_since ?? undefined;
    this.abandonedSince = claim.abandoned_since ?? undefined;
    const { seq, kind, message_id, event } = claim;
    this.item = seq === null || kind === null ? undefined : { seq, kind, message_id, event };
  }

  /**
   * Finishes the item together with the writes that belong to it, in one commit, and gives the lane back.
   * @throws LeaseLostError when the lane is no longer ours; then nothing is written.
   */
  async finish(item: Item, write: (client: Client) => Promise<void> = async () => undefined): Promise<void> {
    this.finished = await transaction(this.#pool, async client => {
      const { rows } = await client.query<Finished>(sql.finish, [...this.#key, item.seq]);
      if (!rows[0]) throw new LeaseLostError(this.conversationId);
      await write(client);
      return rows[0];
    });
  }

  /**
   * As {@link finish}, where the finishes of several lanes are written together: `written` resolves to undefined when the
   * lane is no longer ours.
   * @throws LeaseLostError
   */
  async finishWith(written: Promise<Finished | undefined>): Promise<void> {
    this.finished = await written;
    if (!this.finished) throw new LeaseLostError(this.conversationId);
  }

  /**
   * Writes something in the middle of an item.
   * @throws LeaseLostError when the lane is no longer ours; then nothing is written.
   */
  write(work: (client: Client) => Promise<void>): Promise<void> {
    return transaction(this.#pool, async client => {
      const { rowCount } = await client.query(sql.hold, this.#key);
      if (rowCount === 0) throw new LeaseLostError(this.conversationId);
      await work(client);
    });
  }

  async release(): Promise<void> {
    await this.#pool.query(sql.release, this.#key);
  }

  async stop(stop: Stop): Promise<void> {
    if (stop.stop === 'park') await this.#pool.query(sql.park, [...this.#key, stop.for]);
    else await this.#pool.query(sql.delay, [...this.#key, stop.seconds, stop.counted]);
  }

  get #key(): [string, string, string] {
    return [this.workspaceId, this.conversationId, this.token];
  }
}
