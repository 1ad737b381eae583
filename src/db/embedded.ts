import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { chooseAddress, urlOf } from './embedded/address.ts';
import { prepareBinaries } from './embedded/binaries.ts';
import { openCluster } from './embedded/cluster.ts';
import { openHome } from './embedded/home.ts';
import { lockFolder } from './embedded/lock.ts';
import { rotateLog } from './embedded/log.ts';
import { endOrphan } from './embedded/orphan.ts';
import { type Server, type ServerOptions, startServer } from './embedded/server.ts';
import { applicationRole, prepareDatabase } from './embedded/session.ts';

export interface EmbeddedOptions {
  /** The folder that holds the database; made at first start. */
  dir: string;
  logger: Logger;
  /** Settings over those of postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL of our own, watched over until it is stopped. */
export interface Embedded {
  /** `postgres://`, with the password; the same for as long as this process lives, also when the server was restarted. */
  url: string;
  /** Ends the server in order and gives the folder free. Later calls wait for the first. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm brought along, on a folder that it makes at first start and holds against every other
 * Octopods. Whatever an earlier process left behind when it was killed is cleared up first. Throws an
 * EmbeddedDatabaseError, with a message for the person at the terminal, where it cannot.
 */
export async function startEmbedded({ dir, logger, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  const home = await openHome(resolve(dir), logger);
  const lock = await lockFolder(home.folder);
  try {
    const binaries = await prepareBinaries(home.account, logger);
    const password = await openCluster({ home, binaries, durable: settings.fsync !== 'off', logger });
    await endOrphan(home, binaries, logger);
    await rotateLog(home.log);
    const address = await chooseAddress(home);
    const supervisor = await supervise({ home, binaries, address, password, settings, logger });
    try {
      await prepareDatabase(urlOf(address, 'postgres', password, 'postgres'), password);
    } catch (error) {
      await supervisor.stop();
      throw error;
    }
    let stopping: Promise<void> | undefined;
    return {
      url: urlOf(address, applicationRole, password, applicationRole),
      stop: () => {
        stopping ??= supervisor.stop().finally(() => lock.release());
        return stopping;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Starts the server, and starts it again whenever it ends by itself. */
async function supervise(options: ServerOptions): Promise<{ stop(): Promise<void> }> {
  const stopped = new AbortController();
  let server: Server | undefined = await startServer(options);

  async function watch(): Promise<void> {
    while (server !== undefined) {
      const lastWords = await server.ended;
      server = undefined;
      if (stopped.signal.aborted) return;
      options.logger.error({ lastWords }, 'PostgreSQL ended by itself; starting it again');
      server = await startAgain(options, stopped.signal);
    }
  }
  const watching = watch();

  return {
    async stop() {
      stopped.abort();
      await server?.stop();
      await watching;
    },
  };
}

/** Tries until the server runs; undefined when it was stopped meanwhile. */
async function startAgain(options: ServerOptions, stopped: AbortSignal): Promise<Server | undefined> {
  const { logger } = options;
  while (!stopped.aborted) {
    try {
      const server = await startServer(options, stopped);
      if (!stopped.aborted) {
        logger.info({ pid: server.pid }, 'PostgreSQL runs again');
        return server;
      }
      await server.stop();
    } catch (error) {
      logger.error({ err: error }, 'PostgreSQL could not be started again; the next try follows in 5 seconds');
      await pause(5_000, stopped);
    }
  }
  return undefined;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
