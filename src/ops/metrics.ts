import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FailureClass } from '../contract/failure.ts';

/** What became of a webhook: stored; known already; its signature wrong; its body not to be read. */
export type WebhookOutcome = 'accepted' | 'duplicate' | 'rejected' | 'malformed';

/** What the message path reports. `adapter` is an adapter's id, such as "telegram"; times are in seconds. */
export interface PathMetrics {
  webhook(adapter: string, outcome: WebhookOutcome): void;
  /** How long a provider waited for our answer. */
  acknowledged(adapter: string, seconds: number): void;
  /** A message reached this status. */
  message(direction: 'inbound' | 'outbound', status: string): void;
  /** How long a message took from its arrival to its delivery. */
  delivered(seconds: number): void;
  /** One call to deliver, and how it ended. */
  attempt(adapter: string, outcome: 'ok' | 'unconfirmed' | FailureClass): void;
}

/** What waits in the lanes, across all processes. */
export interface LaneDepth {
  /** Items not delivered yet. */
  waiting: number;
  /** Seconds that the oldest of them has waited; 0 where nothing waits. */
  oldestSeconds: number;
}

export interface Metrics {
  path: PathMetrics;
  /** The Prometheus text format, and its content type. Rejects where the lanes cannot be read. */
  scrape(): Promise<{ body: string; contentType: string }>;
}

/** From what nobody notices to what providers take for a failure: they wait 5 to 20 seconds for an answer. */
const acknowledgeBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From at once to the 72 hours after which a delivery is given up. */
const deliveryBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 28_800, 86_400, 259_200];

/** Metrics of this process, in a registry of their own. The lanes are read at every scrape. */
export function createMetrics(readLanes: () => Promise<LaneDepth>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const webhooks = new Counter({
    name: 'octopods_webhooks_total',
    help: 'Webhooks received, by adapter and outcome.',
    labelNames: ['adapter', 'outcome'],
    registers,
  });
  const acknowledgements = new Histogram({
    name: 'octopods_webhook_ack_seconds',
    help: 'Seconds until a webhook was answered, by adapter.',
    labelNames: ['adapter'],
    buckets: acknowledgeBuckets,
    registers,
  });
  const messages = new Counter({
    name: 'octopods_messages_total',
    help: 'Messages that reached a status, by direction and status.',
    labelNames: ['direction', 'status'],
    registers,
  });
  const deliveries = new Histogram({
    name: 'octopods_delivery_seconds',
    help: 'Seconds from a message’s arrival to its delivery.',
    buckets: deliveryBuckets,
    registers,
  });
  const attempts = new Counter({
    name: 'octopods_attempts_total',
    help: 'Calls to deliver, by adapter and how they ended.',
    labelNames: ['adapter', 'outcome'],
    registers,
  });

  const depth = new Gauge({
    name: 'octopods_lane_depth',
    help: 'Items in the lanes that are not delivered yet.',
    registers,
  });
  const oldest = new Gauge({
    name: 'octopods_lane_oldest_waiting_seconds',
    help: 'Seconds that the oldest undelivered item has waited.',
    registers,
  });

  return {
    path: {
      webhook: (adapter, outcome) => webhooks.inc({ adapter, outcome }),
      acknowledged: (adapter, seconds) => acknowledgements.observe({ adapter }, seconds),
      message: (direction, status) => messages.inc({ direction, status }),
      delivered: seconds => deliveries.observe(seconds),
      attempt: (adapter, outcome) => attempts.inc({ adapter, outcome }),
    },
    async scrape() {
      const { waiting, oldestSeconds } = await readLanes();
      depth.set(waiting);
      oldest.set(oldestSeconds);
      return { body: await registry.metrics(), contentType: registry.contentType };
    },
  };
}
