import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { newId } from '../../db/ids.ts';
import { addToLanes } from '../store/lanes.ts';
import { type Item, Lane, LeaseLostError, type Stop } from './lane.ts';
import { sweepParked, unpark } from './park.ts';
import * as sql from './statements.ts';
import { LaneWorker } from './worker.ts';

let database: TestDatabase;
const workspaceId = newId();
const channelId = newId();

beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(
    `insert into workspaces (id, account_id, platform, identity, name, config, secrets, hook_token, status)
     values ($1, $2, 'test', 'test:1', 'Test', '{}', '', 'w', 'connected')`,
    [workspaceId, newId()],
  );
  await database.pool.query(
    `insert into channels (id, account_id, workspace_id, kind, identity, name, config, secrets, hook_token, status)
     values ($1, $2, $3, 'test', 'test:2', 'Test', '{}', '', 'c', 'disconnected')`,
    [channelId, newId(), workspaceId],
  );
});

afterAll(() => database.drop());

beforeEach(async () => {
  await database.pool.query('truncate lanes, lane_items');
});

async function fill(conversationIds: readonly string[], each: number): Promise<void> {
  for (let i = 0; i < each; i++) {
    await addToLanes(
      database.pool,
      conversationIds.map(id => ({
        conversation: { id, workspaceId, channelId },
        kind: 'apply' as const,
        event: { status: String(i) },
      })),
    );
  }
}

/** What was done, per conversation, in order. */
class Ledger {
  readonly done = new Map<string, number[]>();
  #wanted = 0;
  #reached: () => void = () => undefined;

  note(lane: Lane, item: Item): void {
    const list = this.done.get(lane.conversationId) ?? [];
    list.push(item.seq);
    this.done.set(lane.conversationId, list);
    if (this.count >= this.#wanted) this.#reached();
  }

  get count(): number {
    return [...this.done.values()].reduce((sum, list) => sum + list.length, 0);
  }

  reach(count: number): Promise<void> {
    this.#wanted = count;
    return new Promise(resolve => {
      this.#reached = resolve;
      if (this.count >= count) resolve();
    });
  }
}

function worker(handle: (lane: Lane, item: Item) => Promise<Stop | undefined>, errors: unknown[] = []): LaneWorker {
  return new LaneWorker({
    pool: database.pool,
    concurrency: 16,
    leaseSeconds: 10,
    pollMs: 20,
    handle,
    onError: error => errors.push(error),
  });
}

const range = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const retrySoon: Stop = { stop: 'delay', seconds: 0.01, counted: true };

async function claimOne(): Promise<Lane> {
  const token = randomUUID();
  const { rows } = await database.pool.query(sql.claim, [1, 10, token]);
  return new Lane(database.pool, token, rows[0]);
}

describe('lanes', () => {
  test('keep order when every third first try fails', async () => {
    const conversations = range(10).map(newId);
    await fill(conversations, 30);
    const ledger = new Ledger();
    const failed = new Set<string>();
    const one = worker(async (lane, item) => {
      const key = `${lane.conversationId} ${item.seq}`;
      if (item.seq % 3 === 0 && !failed.has(key)) {
        failed.add(key);
        return retrySoon;
      }
      await lane.finish(item);
      ledger.note(lane, item);
      return undefined;
    });
    one.start();
    await ledger.reach(300);
    await one.stop();
    for (const id of conversations) expect(ledger.done.get(id)).toEqual(range(30));
  });

  test('are shared by two workers, each item once', async () => {
    const conversations = range(40).map(newId);
    await fill(conversations, 5);
    const ledger = new Ledger();
    const shares = [0, 0];
    const workers = [0, 1].map(i =>
      worker(async (lane, item) => {
        await lane.finish(item);
        shares[i] = (shares[i] ?? 0) + 1;
        ledger.note(lane, item);
        return undefined;
      }),
    );
    for (const one of workers) one.start();
    await ledger.reach(200);
    await Promise.all(workers.map(one => one.stop()));
    expect(ledger.count).toBe(200);
    for (const id of conversations) expect(ledger.done.get(id)).toEqual(range(5));
    expect(shares.every(share => share > 0)).toBe(true);
  });

  test('do not wait for a lane that is stuck', async () => {
    const [stuck = '', ...others] = range(5).map(newId);
    await fill([stuck, ...others], 4);
    const ledger = new Ledger();
    const one = worker(async (lane, item) => {
      if (lane.conversationId === stuck) return { stop: 'delay', seconds: 3600, counted: true };
      await lane.finish(item);
      ledger.note(lane, item);
      return undefined;
    });
    one.start();
    await ledger.reach(16);
    await one.stop();
    expect(ledger.done.has(stuck)).toBe(false);
    const { rows } = await database.pool.query('select attempts from lanes where conversation_id = $1', [stuck]);
    expect(rows[0].attempts).toBe(1);
  });

  test('fence off a holder whose lease ran out: it can write nothing', async () => {
    const id = newId();
    await fill([id], 2);
    const slow = await claimOne();
    const { item } = slow;
    if (!item) throw new Error('no item');
    await database.pool.query('update lanes set due = now() where conversation_id = $1', [id]);
    const quick = await claimOne();
    expect(quick.abandonedSince).toBeInstanceOf(Date);

    let wrote = false;
    const write = async () => {
      wrote = true;
    };
    await expect(slow.finish(item, write)).rejects.toBeInstanceOf(LeaseLostError);
    await expect(slow.write(write)).rejects.toBeInstanceOf(LeaseLostError);
    await slow.release();
    expect(wrote).toBe(false);
    await quick.finish(item);
    const { rows } = await database.pool.query('select done_seq, token from lanes where conversation_id = $1', [id]);
    expect(rows[0]).toEqual({ done_seq: 1, token: null });
  });

  test('are given back when a worker stops in the middle', async () => {
    const id = newId();
    await fill([id], 3);
    const ledger = new Ledger();
    const one = worker(async (lane, item) => {
      await lane.finish(item);
      ledger.note(lane, item);
      return undefined;
    });
    one.start();
    await ledger.reach(1);
    await one.stop();
    const { rows } = await database.pool.query(
      'select done_seq, token, due <= now() as due from lanes where conversation_id = $1',
      [id],
    );
    expect(rows[0].token).toBeNull();
    expect(rows[0].done_seq).toBe(ledger.count);
    if (ledger.count < 3) expect(rows[0].due).toBe(true);
  });

  test('wait for a reconnect and go on after it, with what came in meanwhile', async () => {
    const id = newId();
    await fill([id], 1);
    const lane = await claimOne();
    await lane.stop({ stop: 'park', for: channelId });
    await fill([id], 1);
    expect((await database.pool.query(sql.claim, [10, 10, randomUUID()])).rowCount).toBe(0);
    expect(await unpark(database.pool, channelId)).toBe(1);
    for (const seq of [1, 2]) {
      const resumed = await claimOne();
      expect(resumed.item?.seq).toBe(seq);
      if (resumed.item) await resumed.finish(resumed.item);
    }
  });

  test('parked in the moment of a reconnect are found by the sweep', async () => {
    const id = newId();
    await fill([id], 1);
    await database.pool.query(`update lanes set due = 'infinity', parked_for = $1`, [workspaceId]);
    await sweepParked(database.pool);
    expect((await claimOne()).conversationId).toBe(id);
  });

  test('come back after a handler that threw, and the error is heard of', async () => {
    const id = newId();
    await fill([id], 1);
    const errors: unknown[] = [];
    let thrown = false;
    let tell: () => void = () => undefined;
    const done = new Promise<void>(resolve => {
      tell = resolve;
    });
    const one = worker(async () => {
      thrown = true;
      tell();
      throw new Error('a fault of ours');
    }, errors);
    one.start();
    await done;
    await one.stop();
    expect(thrown).toBe(true);
    expect(errors).toEqual([expect.objectContaining({ message: 'a fault of ours' })]);
    const { rows } = await database.pool.query('select attempts, token from lanes where conversation_id = $1', [id]);
    expect(rows[0]).toEqual({ attempts: 1, token: null });
  });
});
