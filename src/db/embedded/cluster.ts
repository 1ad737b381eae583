import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { lchown, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import { type Account, namedAccountFor } from './account.ts';
import type { Binaries } from './binaries.ts';
import { childEnvironment } from './environment.ts';
import { EmbeddedDatabaseError } from './error.ts';
import { give, isPresent, readIfPresent, syncFolder } from './files.ts';
import type { Home } from './home.ts';

const run = promisify(execFile);

export interface ClusterOptions {
  home: Home;
  binaries: Binaries;
  /** False makes a new folder without waiting for the disk. */
  durable: boolean;
  logger: Logger;
}

/**
 * Opens the data folder, or makes it at first start, and returns the password of its roles. Throws an
 * {@link EmbeddedDatabaseError} for a folder that another major version wrote.
 */
export async function openCluster(options: ClusterOptions): Promise<string> {
  const { home, binaries } = options;
  await removeUnfinished(home);
  const major = (await readIfPresent(join(home.cluster, 'PG_VERSION')))?.trim();
  if (major === undefined) {
    if (!(await isPresent(home.cluster))) return createCluster(options);
    throw new EmbeddedDatabaseError(
      `${home.cluster} is there but is no data folder of PostgreSQL: its PG_VERSION is missing. Bring the folder back from ` +
        `a backup, or move ${home.folder} away to begin with an empty database.`,
    );
  }
  if (major !== binaries.major) throw new EmbeddedDatabaseError(otherMajor(home, major, binaries.major));
  const password = await readIfPresent(home.password);
  if (password !== undefined) return password.trim();
  throw new EmbeddedDatabaseError(
    `${home.password} is missing, and without it nobody can sign in to the data in ${home.cluster}. Bring the file back ` +
      `from a backup, or move ${home.folder} away to begin with an empty database.`,
  );
}

/** A folder appears under its final name only when it is whole, so that a start cut short leaves nothing half-made in use. */
async function createCluster(options: ClusterOptions): Promise<string> {
  const { home, logger } = options;
  const began = performance.now();
  const password = randomBytes(24).toString('base64url');
  const unfinished = await mkdtemp(join(home.folder, unfinishedPrefix));
  const maker = home.account && (await initdbAccount(home.account));
  // initdb takes a password only from a terminal or a file; a file it is, for arguments can be read by every account.
  const passwordFile = join(unfinished, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(passwordFile, maker);
  await give(unfinished, maker);
  const cluster = join(unfinished, 'cluster');
  await initdb(cluster, passwordFile, maker, options);
  if (home.account && maker?.uid !== home.account.uid) await giveTree(cluster, home.account);
  await writeFile(home.password, `${password}\n`, { mode: 0o600, flush: true });
  await rename(cluster, home.cluster);
  if (options.durable) await syncFolder(home.folder);
  await rm(unfinished, { recursive: true });
  const milliseconds = Math.round(performance.now() - began);
  logger.info({ folder: home.cluster, milliseconds }, 'Made a new database');
  return password;
}

const unfinishedPrefix = 'unfinished-';

async function removeUnfinished(home: Home): Promise<void> {
  for (const name of await readdir(home.folder)) {
    if (name.startsWith(unfinishedPrefix)) await rm(join(home.folder, name), { recursive: true });
  }
}

/**
 * The locale is PostgreSQL's own C.UTF-8, which no change of the operating system's libraries can alter under the indexes.
 * Settings are written to postgresql.conf, where an operator may change them.
 */
async function initdb(
  cluster: string,
  passwordFile: string,
  account: Account | undefined,
  { binaries, durable }: ClusterOptions,
): Promise<void> {
  const basics = ['-D', cluster, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const settings = ['max_connections=100', 'shared_buffers=128MB', 'timezone=UTC', 'log_timezone=UTC'].flatMap(
    setting => ['-c', setting],
  );
  try {
    await run(binaries.initdb, [...basics, ...locale, ...settings, ...(durable ? [] : ['--no-sync'])], {
      cwd: join(cluster, '..'),
      env: childEnvironment(),
      ...account,
    });
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new EmbeddedDatabaseError(
      `A new database could not be made in ${cluster}: ${output || String(error)}\n${initdbAdvice(output)}`,
      { cause: error },
    );
  }
}

function initdbAdvice(output: string): string {
  return output.includes('could not look up effective user')
    ? 'PostgreSQL needs an account that has a name. Add a line for it to /etc/passwd, or start Octopods as another account, ' +
        'or set DATABASE_URL to a PostgreSQL of your own.'
    : 'Mend that, or set DATABASE_URL to a PostgreSQL of your own.';
}

async function initdbAccount(account: Account): Promise<Account> {
  const named = await namedAccountFor(account);
  if (named !== undefined) return named;
  throw new EmbeddedDatabaseError(
    'PostgreSQL does not run as root, and /etc/passwd names no other account. Add one, for example with ' +
      '`useradd --system postgres`, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function giveTree(folder: string, account: Account): Promise<void> {
  await give(folder, account);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

function otherMajor(home: Home, found: string, ours: string): string {
  return (
    `The data in ${home.cluster} was written by PostgreSQL ${found}, and this Octopods brings PostgreSQL ${ours}, which ` +
    'cannot read it. Either go back to the Octopods that wrote it; or carry the data over: with that Octopods running, save ' +
    `it by \`pg_dump\`, stop it, move ${home.folder} away, start this one, and load the dump with \`psql\`; or set ` +
    `DATABASE_URL to a PostgreSQL ${found} of your own that holds it.`
  );
}
