import { constants } from 'node:os';
import type { Logger } from 'pino';

/** SIGHUP is what the end of a terminal session sends. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Milliseconds in which further signals are the same wish: a terminal sends Ctrl-C to every process of its group, and npm
 * and our own launcher pass it on to us once more.
 */
const sameWish = 1_000;

export interface ShutdownOptions {
  logger: Logger;
  /** Milliseconds for all closers together. Default 25,000: containers are killed after 30 seconds. */
  limit?: number;
}

/** Ends the process in order. */
export interface Shutdown {
  /** Has this done before the process ends. Closers run one after another, the last added first. */
  add(name: string, close: () => Promise<void>): void;
  /** Ends the process now, as a signal would: with code 0, or 1 where the reason is an error. */
  end(reason: string | Error): void;
}

/**
 * Listens for the signals that ask the process to end, runs the closers, and exits: 0 when all went well; 1 when a closer
 * failed or time ran out; 128 + the signal's number at once when someone signals a second time.
 */
export function createShutdown({ logger, limit = 25_000 }: ShutdownOptions): Shutdown {
  const closers: { name: string; close: () => Promise<void> }[] = [];
  let begunAt: number | undefined;

  function begin(reason: string, code: number): void {
    if (begunAt !== undefined) return;
    begunAt = performance.now();
    logger.info({ reason }, 'Stopping');
    setTimeout(() => {
      logger.error(
        { milliseconds: limit },
        'Stopping took too long; what was not finished is taken up at the next start',
      );
      process.exit(1);
    }, limit);
    void closeAll().then(clean => {
      logger.info('Stopped');
      process.exit(clean ? code : 1);
    });
  }

  async function closeAll(): Promise<boolean> {
    let clean = true;
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
      try {
        await closer.close();
        logger.debug({ part: closer.name }, 'Closed');
      } catch (error) {
        clean = false;
        logger.error({ err: error, part: closer.name }, 'Could not be closed in order');
      }
    }
    return clean;
  }

  for (const signal of signals) {
    process.on(signal, () => {
      if (begunAt === undefined) begin(signal, 0);
      else if (performance.now() - begunAt > sameWish) process.exit(128 + constants.signals[signal]);
    });
  }

  return {
    add: (name, close) => void closers.push({ name, close }),
    end(reason) {
      if (reason instanceof Error) logger.fatal({ err: reason }, 'Ending because of an error');
      begin(reason instanceof Error ? reason.message : reason, reason instanceof Error ? 1 : 0);
    },
  };
}
