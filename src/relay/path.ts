import type { Logger } from 'pino';
import type { Pool } from '../db/pool.ts';
import type { PathMetrics } from '../ops/metrics.ts';
import type { Connections } from './connections.ts';
import type { Surroundings } from './context.ts';
import type { Group } from './group.ts';
import type { Finished } from './lanes/lane.ts';
import type { Message, MessageKey } from './messages.ts';
import type { Outcome } from './outcomes.ts';

/** What every step of the path works with. */
export interface Path {
  pool: Pool;
  connections: Connections;
  surroundings: Surroundings;
  logger: Logger;
  metrics: PathMetrics;
  /** Milliseconds of the first wait before a retry; later ones grow from it. */
  retryBaseMs: number;
  /** Reads the messages that lanes ask for at the same time in one statement. */
  messages: Group<MessageKey, Message | undefined>;
  /** Records the deliveries that lanes finish at the same time in one commit. */
  outcomes: Group<Outcome, Finished | undefined>;
}
