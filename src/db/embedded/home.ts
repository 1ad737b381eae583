import { access, chmod, constants, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Account, barrier, chooseAccount } from './account.ts';
import { EmbeddedDatabaseError } from './error.ts';
import { createOnce, give, hasCode, isPresent, readIfPresent } from './files.ts';
import { dataFolders, openStateFolder } from './state-folder.ts';

/**
 * The folder that holds everything of one embedded database. As root it belongs to root, and only `cluster` and `run`
 * belong to the account that PostgreSQL runs as.
 */
export interface Home {
  folder: string;
  /** PostgreSQL's own data folder. */
  cluster: string;
  /** Where its Unix socket stands. */
  run: string;
  password: string;
  log: string;
  /** Undefined: PostgreSQL runs as ourselves. */
  account: Account | undefined;
}

/** In the folder that was asked for: where the data really lives, when the folder cannot be reached by PostgreSQL's account. */
const pointerName = 'moved-to';

/**
 * Opens the home of the database that is asked for at `dir`, an absolute path, and makes it where it is missing.
 * Throws an {@link EmbeddedDatabaseError} where the account cannot use it.
 */
export async function openHome(dir: string, logger: Logger): Promise<Home> {
  const moved = await movedTo(dir);
  const folder = moved ?? dir;
  const account = await chooseAccount(join(folder, 'cluster'));
  await makeFolder(folder, account);
  const blocked = account && (await barrier(folder, account));
  if (account === undefined || blocked === undefined) return settle(folder, account);
  if (moved !== undefined || (await isPresent(join(folder, 'cluster')))) {
    throw new EmbeddedDatabaseError(
      `PostgreSQL runs as account ${account.uid}, which may not enter ${blocked} and so cannot reach its data in ` +
        `${folder}. Let it pass (\`chmod o+x ${blocked}\`), or start Octopods as the owner of that folder.`,
    );
  }
  return moveOut(dir, account, blocked, logger);
}

/** The folders that belong to the database asked for at `dir`; for whoever removes it. */
export async function foldersOf(dir: string): Promise<string[]> {
  const pointer = await readIfPresent(join(dir, pointerName));
  return pointer === undefined ? [dir] : [dir, pointer.trim()];
}

async function movedTo(dir: string): Promise<string | undefined> {
  const [, folder] = await foldersOf(dir);
  if (folder === undefined || (await isPresent(folder))) return folder;
  throw new EmbeddedDatabaseError(
    `${join(dir, pointerName)} says that the data is kept in ${folder}, and that folder is gone. Bring it back, or remove ` +
      `${dir} to begin with an empty database.`,
  );
}

async function moveOut(dir: string, account: Account, blocked: string, logger: Logger): Promise<Home> {
  const folder = await mkdtemp(join(await openStateFolder(dataFolders), 'data-'));
  if (!(await createOnce(join(dir, pointerName), `${folder}\n`))) {
    await rm(folder, { recursive: true });
    return openHome(dir, logger);
  }
  await makeFolder(folder, account);
  logger.warn(
    { folder },
    `The data of PostgreSQL is kept in ${folder}, because its account (${account.uid}) may not enter ${blocked}`,
  );
  return settle(folder, account);
}

/** Others may pass through a folder of root's, because PostgreSQL's account must; it lists and reads nothing there. */
async function makeFolder(folder: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    await chmod(folder, account === undefined ? 0o700 : 0o711);
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    throw new EmbeddedDatabaseError(
      `This account may not write to ${folder}, where the database is kept. Start Octopods as the account that owns it, ` +
        'or hand it over with `chown -R`, or set OCTOPODS_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

async function settle(folder: string, account: Account | undefined): Promise<Home> {
  const home: Home = {
    folder,
    cluster: join(folder, 'cluster'),
    run: join(folder, 'run'),
    password: join(folder, 'password'),
    log: join(folder, 'postgres.log'),
    account,
  };
  await mkdir(home.run, { recursive: true, mode: 0o700 });
  await give(home.run, account);
  await refuseForeignCluster(home);
  return home;
}

async function refuseForeignCluster({ cluster, account }: Home): Promise<void> {
  if (account !== undefined || !(await isPresent(cluster))) return;
  const { uid } = await stat(cluster);
  if (uid === (process.getuid?.() ?? uid)) return;
  throw new EmbeddedDatabaseError(
    `The data in ${cluster} belongs to account ${uid}. Start Octopods as the account it was started as before, or hand ` +
      'the folder over with `chown -R`.',
  );
}
