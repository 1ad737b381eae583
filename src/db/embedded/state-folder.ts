import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabaseError } from './error.ts';
import { hasCode } from './files.ts';

/**
 * Where root may put what another account must reach, when the installation itself stands where only root can go.
 * Data goes nowhere else, since a temporary folder is emptied; programs can be copied again at any time.
 */
export const dataFolders = ['/var/lib/octopods'];

export function binaryFolders(): string[] {
  return [...dataFolders, join(tmpdir(), 'octopods')];
}

/**
 * Opens the first of these folders that can be had, making it where it is missing. Throws an
 * {@link EmbeddedDatabaseError} where none can, or where one is not ours alone to write to: what is in it would be run.
 */
export async function openStateFolder(candidates: readonly string[]): Promise<string> {
  let lastError: unknown;
  for (const folder of candidates) {
    try {
      const made = await mkdir(folder, { recursive: true });
      if (made !== undefined) await chmod(folder, 0o755);
    } catch (error) {
      if (!hasCode(error, 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR')) throw error;
      lastError = error;
      continue;
    }
    await refuseForeign(folder);
    return folder;
  }
  throw new EmbeddedDatabaseError(
    `The embedded PostgreSQL needs a folder that its own account can enter, and ${candidates.join(' or ')} cannot be made. ` +
      'Set OCTOPODS_DATA_DIR to a folder that every account may pass through, or start Octopods as an ordinary user.',
    { cause: lastError },
  );
}

async function refuseForeign(folder: string): Promise<void> {
  const facts = await lstat(folder);
  if (facts.isDirectory() && facts.uid === process.getuid?.() && (facts.mode & 0o022) === 0) return;
  throw new EmbeddedDatabaseError(
    `${folder} is not a folder that only this account can write to, so nothing in it is trusted. Look at what it is and ` +
      'remove it; Octopods makes it anew.',
  );
}
