import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Changes } from './changes.ts';
import type { FaultList } from './faults.ts';
import type { Call, Delivery, Vendor } from './types.ts';

/** A webhook to be posted. */
export interface Webhook {
  vendor: Vendor;
  account: string;
  operation: string;
  /** Webhooks of one lane leave one after another. */
  lane: string;
  /** What the call's `body` shows to fault rules. */
  payload: unknown;
  /** The bytes and headers of the n-th try, counted from 1. */
  render(tries: number): { body: string; headers: Record<string, string> };
  /** Where to post; undefined while there is nowhere, then the lane waits. */
  target(): string | undefined;
  retry: {
    tries: number;
    /** Milliseconds before each further try. */
    delay: number;
    /** Whether the lane waits for the retries of its head. */
    blocking: boolean;
    /** Only where no connection was made; any other failure is final. */
    unconnectedOnly?: boolean;
  };
  /** Told of what a 2xx answer says. */
  answered?(answer: { type: string; body: string }): void;
}

class Posting implements Delivery {
  readonly webhook: Webhook;
  readonly at: Date;
  readonly tries: { at: Date; status?: number; error?: string }[] = [];
  readonly done: Promise<Delivery>;
  state: Delivery['state'] = 'waiting';
  /** Posted once more as soon as it is delivered. */
  twice = false;
  /** Not to be tried again, whatever came of it. */
  final = false;
  body: string;
  readonly #repeat: (posting: Posting) => Delivery;
  readonly #finish: (delivery: Delivery) => void;

  constructor(webhook: Webhook, at: Date, repeat: (posting: Posting) => Delivery) {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    this.webhook = webhook;
    this.at = at;
    this.body = webhook.render(1).body;
    this.done = promise;
    this.#finish = resolve;
    this.#repeat = repeat;
  }

  get vendor(): Vendor {
    return this.webhook.vendor;
  }

  get account(): string {
    return this.webhook.account;
  }

  get operation(): string {
    return this.webhook.operation;
  }

  finish(state: 'delivered' | 'failed' | 'dropped'): void {
    this.state = state;
    this.#finish(this);
  }

  again(): Delivery {
    return this.#repeat(this);
  }
}

/** Posts webhooks over HTTP: in order within a lane, again after a failure, and not before the call that caused them is answered. */
export class Outbox {
  readonly deliveries: Posting[] = [];
  readonly #open = new Set<Posting>();
  readonly #lanes = new Map<string, Posting[]>();
  readonly #running = new Set<string>();
  readonly #held: Posting[] = [];
  readonly #failures = new Map<string, Posting['tries'][number]>();
  readonly #collecting = new AsyncLocalStorage<Posting[] | undefined>();
  readonly #changes: Changes;
  readonly #faults: FaultList;
  readonly #now: () => Date;
  readonly #timeout: number;
  readonly #stop: AbortSignal;
  readonly #agent = new Agent({ keepAliveTimeout: 2_000, keepAliveMaxTimeout: 2_000 });

  constructor(options: { changes: Changes; faults: FaultList; now: () => Date; timeout: number; stop: AbortSignal }) {
    this.#changes = options.changes;
    this.#faults = options.faults;
    this.#now = options.now;
    this.#timeout = options.timeout;
    this.#stop = options.stop;
  }

  /** True while a webhook waits that can leave. */
  get busy(): boolean {
    for (const posting of this.#open) {
      if (posting.state === 'waiting' && posting.webhook.target() !== undefined) return true;
    }
    return false;
  }

  post(webhook: Webhook): Delivery {
    const posting = this.#make(webhook);
    const fault = this.#faults.strikeWebhook(asCall(webhook));
    posting.twice = fault?.rule.kind === 'duplicate';
    if (fault?.rule.kind === 'reorder') {
      posting.state = 'held';
      this.#held.push(posting);
      fault.hold(() => this.#letGo(posting));
    } else {
      this.#send(posting);
    }
    this.#changes.changed();
    return posting;
  }

  /** Notes a webhook that the vendor would have posted, had it been subscribed to. */
  drop(webhook: Webhook): Delivery {
    const posting = this.#make(webhook);
    this.#end(posting, 'dropped');
    return posting;
  }

  /** Runs `work` and keeps back the webhooks it makes until they are released. */
  async collect<T>(work: () => Promise<T>): Promise<{ value: T; release(): Promise<Delivery>[] }> {
    const made: Posting[] = [];
    const value = await this.#collecting.run(made, work);
    return {
      value,
      release: () =>
        made.splice(0).map(posting => {
          this.#enqueue(posting);
          return posting.done;
        }),
    };
  }

  /** To be called when an account got a webhook address: what waited for one leaves. */
  wake(account: string): void {
    for (const [lane, queue] of this.#lanes) {
      if (queue[0]?.account === account) this.#run(lane);
    }
  }

  /** Gives up what waits for this account. */
  dropWaiting(account: string): void {
    for (const posting of [...this.#open]) {
      if (posting.account !== account || posting.state !== 'waiting') continue;
      const queue = this.#lanes.get(posting.webhook.lane) ?? [];
      if (queue.includes(posting)) queue.splice(queue.indexOf(posting), 1);
      this.#end(posting, 'dropped');
    }
  }

  /** How many of an account's webhooks are not delivered yet. */
  waiting(account: string): number {
    return [...this.#open].filter(posting => posting.account === account).length;
  }

  /** Gives up what is still open, so that nobody waits for it, and ends the connections. The stop signal comes first. */
  close(): Promise<void> {
    for (const posting of [...this.#open]) this.#end(posting, 'failed');
    return this.#agent.destroy();
  }

  /** The newest try that failed, of all of an account's webhooks. */
  lastFailure(account: string): Posting['tries'][number] | undefined {
    return this.#failures.get(account);
  }

  #make(webhook: Webhook): Posting {
    const posting = new Posting(webhook, this.#now(), original => {
      const copy = this.#make(original.webhook);
      this.#enqueue(copy);
      return copy;
    });
    this.deliveries.push(posting);
    this.#open.add(posting);
    return posting;
  }

  #send(posting: Posting): void {
    const collected = this.#collecting.getStore();
    if (collected) collected.push(posting);
    else this.#enqueue(posting);
  }

  #enqueue(posting: Posting): void {
    const { lane } = posting.webhook;
    const queue = this.#lanes.get(lane);
    if (queue) queue.push(posting);
    else this.#lanes.set(lane, [posting]);
    this.#collecting.run(undefined, () => this.#run(lane));
  }

  #letGo(posting: Posting): void {
    const index = this.#held.indexOf(posting);
    if (index < 0) return;
    this.#held.splice(index, 1);
    posting.state = 'waiting';
    this.#enqueue(posting);
  }

  async #run(lane: string): Promise<void> {
    if (this.#running.has(lane)) return;
    this.#running.add(lane);
    const queue = this.#lanes.get(lane) ?? [];
    for (let head = queue[0]; head && !this.#stop.aborted; head = queue[0]) {
      if (head.webhook.target() === undefined) break;
      if (head.webhook.retry.blocking) {
        await this.#deliver(head);
        if (queue[0] === head && head.state !== 'waiting') queue.shift();
      } else {
        queue.shift();
        if (await this.#attempt(head)) this.#end(head, 'delivered');
        else this.#deliver(head);
      }
    }
    if (queue.length === 0) this.#lanes.delete(lane);
    this.#running.delete(lane);
  }

  /** Tries until it is delivered, given up or dropped; returns early where there is no address any more. */
  async #deliver(posting: Posting): Promise<void> {
    const { tries, delay } = posting.webhook.retry;
    while (posting.state === 'waiting' && posting.webhook.target() !== undefined && !this.#stop.aborted) {
      if (posting.final || posting.tries.length >= tries) return this.#end(posting, 'failed');
      if (posting.tries.length > 0) await this.#pause(delay);
      if (posting.state === 'waiting' && (await this.#attempt(posting))) this.#end(posting, 'delivered');
    }
  }

  /** One try. True when answered 2xx. */
  async #attempt(posting: Posting): Promise<boolean> {
    const target = posting.webhook.target();
    if (target === undefined || this.#stop.aborted) return false;
    const outcome: Posting['tries'][number] = { at: this.#now() };
    const { body, headers } = posting.webhook.render(posting.tries.length + 1);
    posting.body = body;
    posting.tries.push(outcome);
    let unconnected = false;
    let said = { type: '', body: '' };
    try {
      const answer = await request(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        dispatcher: this.#agent,
        signal: AbortSignal.any([this.#stop, AbortSignal.timeout(this.#timeout)]),
      });
      outcome.status = answer.statusCode;
      said = { type: String(answer.headers['content-type'] ?? ''), body: await answer.body.text() };
    } catch (error) {
      outcome.error = error instanceof Error ? error.message : String(error);
      unconnected = neverConnected(error);
    }
    const arrived = outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300;
    posting.final = posting.webhook.retry.unconnectedOnly === true && !unconnected;
    if (arrived) posting.webhook.answered?.(said);
    else this.#failures.set(posting.account, outcome);
    this.#changes.changed();
    return arrived;
  }

  #end(posting: Posting, state: 'delivered' | 'failed' | 'dropped'): void {
    if (!this.#open.delete(posting)) return;
    posting.finish(state);
    if (posting.twice && state === 'delivered') posting.again();
    if (state !== 'dropped') {
      for (const held of this.#held.filter(other => other.account === posting.account)) this.#letGo(held);
    }
    this.#changes.changed();
  }

  /** Ends early, and quietly, when the sandbox closes. */
  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, undefined, { signal: this.#stop }).catch(() => undefined);
  }
}

function neverConnected(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ['ECONNREFUSED', 'EHOSTUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(code));
}

function asCall(webhook: Webhook): Call {
  const { vendor, account, operation, payload } = webhook;
  return {
    vendor,
    account,
    operation,
    method: 'POST',
    path: webhook.target() ?? '',
    query: {},
    headers: {},
    body: payload,
    files: {},
  };
}
