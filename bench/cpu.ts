import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time that PostgreSQL's processes for this database have used. Linux only; else NaN. */
export async function databaseCpu(databaseName: string): Promise<number> {
  let ticks = 0;
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!title.startsWith('postgres:') || !title.includes(databaseName)) continue;
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? [];
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10;
}
