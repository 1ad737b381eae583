import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { isPresent } from './files.ts';
import { commandLine } from './process.ts';
import { startScratch } from './scratch.ts';

vi.setConfig({ testTimeout: 60_000 });

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The folder of a scratch database, from the socket in its URL. */
function folderOf(url: string): string {
  return dirname(new URL(url).searchParams.get('host') ?? '');
}

async function postmasterPid(dir: string): Promise<number> {
  return Number((await readFile(join(dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A scratch database in a process that afterwards runs `then`. */
async function scratchInChild(then: string): Promise<{ child: ChildProcess; dir: string }> {
  const script = `
    import { startScratch } from ${JSON.stringify(new URL('./scratch.ts', import.meta.url).href)};
    const { url } = await startScratch();
    process.stdout.write(url);
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { child, dir: folderOf(String(chunk)) };
}

test('takes further databases, trades safety for speed, and is gone after its stop', async () => {
  const scratch = await startScratch();
  await query(scratch.url, 'CREATE DATABASE another TEMPLATE octopods');
  expect(await query(scratch.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  expect(await isPresent(folderOf(scratch.url))).toBe(true);
  await scratch.stop();
  expect(await isPresent(folderOf(scratch.url))).toBe(false);
});

test('keeps every safeguard where asked to', async () => {
  const scratch = await startScratch({ durable: true });
  expect(await query(scratch.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await scratch.stop();
});

test('goes with a process that ends without stopping it', async () => {
  const { child, dir } = await scratchInChild(`process.stdin.once('data', () => process.exit(3));`);
  const server = await postmasterPid(dir);
  child.stdin?.write('end');
  await once(child, 'exit');
  expect(await isPresent(dir)).toBe(false);
  await vi.waitFor(async () => expect(await commandLine(server)).toBe(''), { timeout: 20_000 });
});

test('of a killed process goes, with its server, when the next one starts; one in use stays', async () => {
  const inUse = await startScratch();
  const { child, dir } = await scratchInChild('');
  const server = await postmasterPid(dir);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const folder of [dir, folderOf(inUse.url)]) await utimes(folder, anHourAgo, anHourAgo);

  const next = await startScratch();
  expect(await isPresent(dir)).toBe(false);
  await vi.waitFor(async () => expect(await commandLine(server)).toBe(''), { timeout: 20_000 });
  expect((await stat(folderOf(inUse.url))).isDirectory()).toBe(true);
  expect(await query(inUse.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await Promise.all([next.stop(), inUse.stop()]);
});
