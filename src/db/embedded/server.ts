import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Address, listenSettings, urlOf } from './address.ts';
import type { Binaries } from './binaries.ts';
import { childEnvironment } from './environment.ts';
import { EmbeddedDatabaseError } from './error.ts';
import type { Home } from './home.ts';
import { lastLines } from './log.ts';
import { endPostgres, signalNow } from './process.ts';
import { connectsBefore } from './session.ts';

export interface ServerOptions {
  home: Home;
  binaries: Binaries;
  address: Address;
  password: string;
  /** Settings over those of postgresql.conf. */
  settings: Readonly<Record<string, string>>;
  logger: Logger;
}

/** A running server that takes connections. */
export interface Server {
  pid: number;
  /** Resolves when the process has ended, with the last lines of its log. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** The process ended before it took connections. */
class StartError extends EmbeddedDatabaseError {
  /** What is in the way goes by itself, so that trying again helps. */
  readonly passing: boolean;

  constructor(home: Home, words: string) {
    super(`PostgreSQL did not start on ${home.cluster}. Its last words, from ${home.log}:\n${words}`);
    this.passing = passingTroubles.test(words);
  }
}

/** The processes of a killed server linger for moments, and with them its lock file, its shared memory and its port. */
const passingTroubles = /lock file .* already exists|shared memory block .* still in use|could not bind/i;

/** Milliseconds that passing trouble may last. */
const patience = 15_000;

/**
 * Starts the server and waits until it takes connections, which after a crash is when it has recovered. Tries for 15 s where
 * remains of an earlier server are in the way, unless `signal` says that nobody waits any more. Throws an
 * {@link EmbeddedDatabaseError} with the server's last words.
 */
export async function startServer(options: ServerOptions, signal?: AbortSignal): Promise<Server> {
  const end = performance.now() + patience;
  for (let wait = 100; ; wait = Math.min(wait * 2, 2_000)) {
    try {
      return await startOnce(options);
    } catch (error) {
      const again = error instanceof StartError && error.passing && performance.now() + wait <= end;
      if (!again || signal?.aborted) throw error;
    }
    await delay(wait);
  }
}

async function startOnce(options: ServerOptions): Promise<Server> {
  const { home, binaries } = options;
  const { child, pid, logSize } = await spawnServer(options);
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const words = () => lastLines(home.log, logSize);
  const stop = () => endPostgres({ pid, endsWithin: limit => within(exit, limit) }, binaries.pgCtl);
  try {
    const signIn = urlOf(options.address, 'postgres', options.password, 'postgres');
    if (!(await connectsBefore(exit, signIn, options.logger))) throw new StartError(home, await words());
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, ended: exit.then(words), stop };
}

async function spawnServer(options: ServerOptions): Promise<{ child: ChildProcess; pid: number; logSize: number }> {
  const { home, binaries } = options;
  const log = await open(home.log, 'a', 0o600);
  try {
    const { size } = await log.stat();
    const child = spawn(binaries.postgres, ['-D', home.cluster, ...settingArguments(options)], {
      cwd: home.cluster,
      env: childEnvironment(),
      stdio: ['ignore', log.fd, log.fd],
      // A process group of its own: Ctrl-C in a terminal is for us, and we need the database until our own work has ended.
      detached: true,
      windowsHide: true,
      ...home.account,
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    const { pid } = child;
    if (pid === undefined) throw new Error('it has no process number');
    // The last moment at which a process that ends without stop() can still tell the server to end.
    const onExit = () => signalNow(pid, 'SIGINT');
    process.once('exit', onExit);
    child.once('exit', () => process.removeListener('exit', onExit));
    return { child, pid, logSize: size };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedDatabaseError(
      `${binaries.postgres} cannot be run on this machine (${reason}). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  } finally {
    await log.close();
  }
}

function settingArguments({ address, settings }: ServerOptions): string[] {
  const all = { logging_collector: 'off', log_destination: 'stderr', ...listenSettings(address), ...settings };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  try {
    const late = delay(milliseconds, false, { signal: timer.signal });
    return await Promise.race([event.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
