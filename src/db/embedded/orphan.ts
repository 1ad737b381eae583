import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Binaries } from './binaries.ts';
import { readIfPresent } from './files.ts';
import type { Home } from './home.ts';
import { commandLine, endPostgres, isRunning, strange } from './process.ts';

/**
 * Ends the server that an earlier Octopods left behind when it was killed, so that ours can start. Only for the holder of
 * the folder's lock. Touches no process but one that was started as PostgreSQL on this very folder.
 */
export async function endOrphan(home: Home, binaries: Binaries, logger: Logger): Promise<void> {
  const pidFile = join(home.cluster, 'postmaster.pid');
  const pid = Number((await readIfPresent(pidFile))?.split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid < 1 || !isRunning(pid)) return;
  const command = await commandLine(pid);
  if (command.includes(`postgres -D ${home.cluster} `)) {
    logger.warn({ pid }, 'An earlier Octopods ended without stopping PostgreSQL; stopping it now');
    await endPostgres(strange(pid), binaries.pgCtl);
  } else if (!/(^|[\\/])postgres(\.exe)?["\s]/.test(command)) {
    // By now the number belongs to another program, or to a zombie. PostgreSQL sees only that it is taken and would not start.
    logger.info({ pid }, 'Removed the lock files of a PostgreSQL that has ended');
    await rm(pidFile, { force: true });
    for (const name of await readdir(home.run)) await rm(join(home.run, name), { force: true });
  }
}
