import type { AppWebhook } from '../contract/adapter.ts';
import { apply } from './apply.ts';
import { Group } from './group.ts';
import { GroupCommit } from './group-commit.ts';
import { deliver } from './inbound.ts';
import type { Item, Lane, Stop } from './lanes/lane.ts';
import { sweepParked } from './lanes/park.ts';
import { LaneWorker } from './lanes/worker.ts';
import { Listener } from './listener.ts';
import { loadMessages } from './messages.ts';
import { connectionsNotice, lanesNotice } from './notices.ts';
import { send } from './outbound.ts';
import { recordOutcomes } from './outcomes.ts';
import type { Path } from './path.ts';
import { sweepReceipts } from './receipts.ts';
import { type Incoming, type Receipt, receive } from './receive.ts';
import { report } from './report.ts';
import { sweepWaiting } from './threads.ts';

/** Milliseconds between looks for what a race left behind. */
const sweepEvery = 5000;

export interface RelayOptions {
  path: Omit<Path, 'messages' | 'outcomes'>;
  /** For the connection that listens; pools cannot. */
  databaseUrl: string;
  /** The operator's own apps by adapter id, for webhooks that all accounts of an app share. */
  apps: ReadonlyMap<string, { app: AppWebhook<unknown>; config: unknown }>;
  concurrency: number;
  leaseSeconds: number;
}

/** The path in one object: takes webhooks in, and works the lanes while it runs. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #path: Path;
  readonly #commit: GroupCommit;
  readonly #worker: LaneWorker;
  readonly #listener: Listener;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { pool } = options.path;
    const path: Path = {
      ...options.path,
      messages: new Group(keys => loadMessages(pool, keys)),
      outcomes: new Group(outcomes => recordOutcomes(pool, outcomes)),
    };
    this.#path = path;
    this.#commit = new GroupCommit(path.pool);
    this.#worker = new LaneWorker({
      pool: path.pool,
      concurrency: options.concurrency,
      leaseSeconds: options.leaseSeconds,
      handle: (lane, item) => handle(path, lane, item),
      onError: (error, lane) =>
        path.logger.error({ err: error, conversationId: lane?.conversationId }, 'a lane could not be worked'),
    });
    this.#listener = new Listener({
      url: options.databaseUrl,
      hear: new Map([
        [lanesNotice, () => this.#worker.wake()],
        [connectionsNotice, () => path.connections.forget()],
      ]),
      onReconnect: () => {
        path.connections.forget();
        this.#worker.wake();
      },
      onError: error => path.logger.warn({ err: error }, 'the listening connection broke; reconnecting'),
    });
  }

  /** Begins to hear of changes; with `work`, also to work the lanes. */
  async start({ work }: { work: boolean }): Promise<void> {
    await this.#listener.start();
    if (!work) return;
    this.#worker.start();
    this.#sweep = setInterval(() => void this.#sweepOnce(), sweepEvery);
  }

  /** A webhook of one channel or workspace. See {@link receive}. */
  receive(token: string, incoming: Incoming): Promise<Receipt> {
    return receive(this.#path, this.#commit, { token }, incoming);
  }

  /** A webhook that all accounts of the operator's app share; undefined when no such app is configured. */
  receiveForApp(id: string, incoming: Incoming): Promise<Receipt> | undefined {
    const app = this.#options.apps.get(id);
    return app && receive(this.#path, this.#commit, app, incoming);
  }

  /** Ends cleanly: what was accepted is committed, what is under way ends, all lanes are given back. */
  async stop(): Promise<void> {
    clearInterval(this.#sweep);
    await this.#commit.idle();
    await this.#worker.stop();
    await this.#listener.stop();
  }

  async #sweepOnce(): Promise<void> {
    const path = this.#path;
    try {
      await sweepWaiting(path.pool, path.connections);
      await sweepParked(path.pool);
      await sweepReceipts(path.pool);
    } catch (error) {
      path.logger.warn({ err: error }, 'a sweep failed; the next one comes soon');
    }
  }
}

const handlers = { deliver, send, apply, report };

function handle(path: Path, lane: Lane, item: Item): Promise<Stop | undefined> {
  return handlers[item.kind](path, lane, item);
}
