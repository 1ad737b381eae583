import { chmodSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedDatabaseError } from './error.ts';
import { readIfPresent } from './files.ts';

/** SQLite's code for "someone else holds the lock" (sqlite.org/rescode.html#busy). */
const busy = 5;

/** Another process holds the folder. */
export class FolderInUseError extends EmbeddedDatabaseError {}

export interface FolderLock {
  release(): void;
}

/**
 * Holds the folder against every other Octopods until released or until this process ends in any way.
 *
 * Node has no file locks of its own, but the SQLite inside it takes the operating system's, on an otherwise empty file. The
 * kernel drops such a lock with its process, so that there is nothing stale to clear up and no process number to mistake,
 * and it sees the lock across containers that share the folder.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'lock');
  const holder = join(folder, 'lock.pid');
  const lock = new DatabaseSync(path);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === busy)) throw error;
    throw new FolderInUseError(await occupied(folder, holder), { cause: error });
  }
  // By its path: opening and closing the file once more would make the kernel drop the lock.
  chmodSync(path, 0o600);
  await writeFile(holder, `${process.pid}\n`);
  return { release: () => lock.close() };
}

async function occupied(folder: string, holder: string): Promise<string> {
  const pid = (await readIfPresent(holder))?.trim();
  const who = pid === undefined ? '' : ` (process ${pid})`;
  return (
    `Octopods is already running on ${folder}${who}, and its embedded database serves one process at a time. Stop that one ` +
    'first, or set OCTOPODS_DATA_DIR to another folder, or set DATABASE_URL to a PostgreSQL that both can use.'
  );
}
