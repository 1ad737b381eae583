import { open, rename, stat } from 'node:fs/promises';
import { isPresent } from './files.ts';

/** Bytes after which a log is put aside at the next start; one older log is kept. */
const largestLog = 10 * 1024 * 1024;

/** Lines of PostgreSQL's log that an error quotes. */
const quotedLines = 12;

/** Puts a large log aside; it stands beside the new one with the ending ".1". */
export async function rotateLog(path: string): Promise<void> {
  if ((await isPresent(path)) && (await stat(path)).size > largestLog) await rename(path, `${path}.1`);
}

/** The last lines written since the log had that size; none where someone removed it. */
export async function lastLines(path: string, since: number): Promise<string> {
  if (!(await isPresent(path))) return '';
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.min(size, Math.max(since, size - 16_384));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-quotedLines).join('\n');
  } finally {
    await file.close();
  }
}
