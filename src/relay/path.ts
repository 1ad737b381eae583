import type { Logger } from 'pino';
import type { Pool } from '../db/pool.ts';
import type { PathMetrics } from '../ops/metrics.ts';
import type { Connections } from './connections.ts';
import type { Surroundings } from './context.ts';

/** What every step of the path works with. */
export interface Path {
  pool: Pool;
  connections: Connections;
  surroundings: Surroundings;
  logger: Logger;
  metrics: PathMetrics;
  /** Milliseconds of the first wait before a retry; later ones grow from it. */
  retryBaseMs: number;
}
