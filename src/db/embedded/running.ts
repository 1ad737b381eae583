import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Address, chooseAddress, urlOf } from './address.ts';
import { readIfPresent } from './files.ts';
import { openHome } from './home.ts';
import { applicationRole } from './session.ts';

/** The line of postmaster.pid that names the port (postgresql.org/docs/current/storage-file-layout.html). */
const portLine = 3;

/**
 * The URL of the server that another process of ours runs on this folder, so that a command can look into a living
 * installation; undefined when none has written down where it listens.
 */
export async function runningUrl(dir: string, logger: Logger): Promise<string | undefined> {
  const home = await openHome(dir, logger);
  const written = await readIfPresent(join(home.cluster, 'postmaster.pid'));
  if (written === undefined) return undefined;
  const chosen = await chooseAddress(home);
  const address: Address = 'socketFolder' in chosen ? chosen : { port: Number(written.split('\n')[portLine]) };
  const password = (await readFile(home.password, 'utf8')).trim();
  return urlOf(address, applicationRole, password, applicationRole);
}
