import { type Mark, now, quantile } from './traffic.ts';

export interface ArrivalReport {
  /** Different messages that arrived. */
  taken: number;
  doubled: number;
  /** Messages that came after a later one of their conversation. */
  outOfOrder: number;
  /** From the first to the last. */
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Milliseconds on the way, at the 1st, 2nd, … 100th percentile. */
  percentiles: number[];
  /** Arrivals in each second of the run. */
  perSecond: number[];
}

/** What arrived at the far end, when, and in which order. */
export class Arrivals {
  readonly #newest = new Map<number, number>();
  readonly #seen = new Set<string>();
  readonly #latencies: number[] = [];
  readonly #times: number[] = [];
  #doubled = 0;
  #outOfOrder = 0;

  get taken(): number {
    return this.#seen.size;
  }

  add({ conversation, n, sentAt }: Mark): void {
    const name = `${conversation} ${n}`;
    if (this.#seen.has(name)) {
      this.#doubled++;
      return;
    }
    this.#seen.add(name);
    const newest = this.#newest.get(conversation) ?? -1;
    if (n < newest) this.#outOfOrder++;
    else this.#newest.set(conversation, n);
    this.#times.push(now());
    this.#latencies.push(now() - sentAt);
  }

  report(): ArrivalReport {
    const sorted = Float64Array.from(this.#latencies).sort();
    const first = this.#times[0] ?? 0;
    const perSecond: number[] = [];
    for (const time of this.#times) {
      const second = Math.floor((time - first) / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    return {
      taken: this.taken,
      doubled: this.#doubled,
      outOfOrder: this.#outOfOrder,
      seconds: ((this.#times.at(-1) ?? first) - first) / 1000,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      percentiles: Array.from({ length: 100 }, (_, i) => quantile(sorted, (i + 1) / 100)),
      perSecond: Array.from(perSecond, count => count ?? 0),
    };
  }
}
