import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { type Embedded, startEmbedded } from '../embedded.ts';
import { prepareBinaries } from './binaries.ts';
import { EmbeddedDatabaseError } from './error.ts';
import { isPresent } from './files.ts';
import { foldersOf, openHome } from './home.ts';
import { lockFolder } from './lock.ts';
import { endOrphan } from './orphan.ts';

export interface ScratchOptions {
  /** True keeps every safeguard against a crash, for measurements that are to hold in earnest. Default false: quick. */
  durable?: boolean;
  /** Default: says nothing. */
  logger?: Logger;
}

const prefix = 'octopods-scratch-';

const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Milliseconds that a folder is left alone, because whoever made it may not have locked it yet. */
const youngest = 60_000;

/**
 * Starts a server on an empty database in a temporary folder, for tests and trials. Its role may create further databases.
 * The folder goes at stop(), and when the process ends without it; what a killed process left behind goes at the next start.
 */
export async function startScratch(options: ScratchOptions = {}): Promise<Embedded> {
  const { durable = false, logger = pino({ level: 'silent' }) } = options;
  await sweep(logger);
  const dir = await mkdtemp(join(tmpdir(), prefix));
  const folders = [dir];
  const removeNow = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  let server: Embedded;
  try {
    server = await startEmbedded({ dir, logger, settings: durable ? {} : quick });
    folders.push(...(await foldersOf(dir)));
  } catch (error) {
    await remove(dir);
    throw error;
  }
  // After the server's own listener, which tells it to end.
  process.once('exit', removeNow);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await remove(dir);
      process.removeListener('exit', removeNow);
    },
  };
}

async function sweep(logger: Logger): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const dir = join(tmpdir(), name);
    if (name.startsWith(prefix) && (await isAbandoned(dir))) await endAndRemove(dir, logger);
  }
}

async function isAbandoned(dir: string): Promise<boolean> {
  if (!(await isPresent(dir))) return false;
  const facts = await stat(dir);
  return facts.uid === (process.getuid?.() ?? facts.uid) && Date.now() - facts.mtimeMs > youngest;
}

async function endAndRemove(dir: string, logger: Logger): Promise<void> {
  try {
    const home = await openHome(dir, logger);
    const lock = await lockFolder(home.folder);
    try {
      await endOrphan(home, await prepareBinaries(home.account, logger), logger);
    } finally {
      lock.release();
    }
    await remove(dir);
  } catch (error) {
    if (!(error instanceof EmbeddedDatabaseError)) throw error;
    // In use by another process, or not ours to use: either way no reason to refuse a new one.
    logger.debug({ err: error, dir }, 'Left an older scratch database alone');
  }
}

async function remove(dir: string): Promise<void> {
  for (const folder of await foldersOf(dir)) await rm(folder, { recursive: true, force: true });
}
