import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isRunning } from './embedded/process.ts';
import { type Embedded, startEmbedded } from './embedded.ts';

const run = promisify(execFile);
const logger = pino({ level: 'silent' });
const isRoot = process.getuid?.() === 0;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const servers: Embedded[] = [];
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  await Promise.all(servers.splice(0).map(server => server.stop()));
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(name = 'octopods-embedded-'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  folders.push(folder);
  return folder;
}

/** Without waiting for the disk: a killed process loses nothing by that, only a machine without power would. */
const settings = { fsync: 'off' };

let prepared: string;

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'octopods-embedded-'));
  await (await startEmbedded({ dir: prepared, logger, settings })).stop();
});

afterAll(() => rm(prepared, { recursive: true }));

/** A folder that held a database before: a copy, which is quicker than a new one, with owners as they were. */
async function oldFolder(): Promise<string> {
  const folder = await newFolder();
  await run('cp', ['-a', `${prepared}/.`, folder]);
  return folder;
}

async function start(dir: string): Promise<Embedded> {
  const server = await startEmbedded({ dir, logger, settings });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that is killed breaks the connection, which rejects the query as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(dir: string): Promise<number> {
  return Number((await readFile(join(dir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

/** Another Octopods on the folder, in a process of its own; resolves with its URL once its database runs. */
async function startInChild(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    import pino from 'pino';
    import { startEmbedded } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
    const server = await startEmbedded({
      dir: process.argv[1],
      logger: pino({ level: 'silent' }),
      settings: ${JSON.stringify(settings)},
    });
    process.once('SIGTERM', () => server.stop());
    process.stdout.write(server.url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [chunk] = await once(child.stdout, 'data');
  return { child, url: String(chunk) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Lets a child end in order, so that it leaves no server behind. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

describe('a new folder', () => {
  test('becomes a database that keeps its rows from one start to the next', async () => {
    const dir = join(await newFolder(), 'kept');
    await chmod(join(dir, '..'), 0o755);
    const first = await start(dir);
    await query(first.url, `CREATE TABLE notes (words text); INSERT INTO notes VALUES ('good morning')`);
    await first.stop();

    const second = await start(dir);
    expect(await query(second.url, 'SELECT words FROM notes')).toEqual([{ words: 'good morning' }]);
  });

  test('whose path is too long for a socket gets a server on the loopback interface only', async () => {
    const parent = await newFolder();
    await chmod(parent, 0o755);
    const { url } = await start(join(parent, 'long'.repeat(25)));
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const [facts] = await query(url, `SELECT current_setting('listen_addresses') AS network`);
    expect(facts).toEqual({ network: '127.0.0.1' });
  });

  test('is left as it was found when its making was cut short', async () => {
    const dir = await newFolder();
    await mkdir(join(dir, 'unfinished-abcdef', 'cluster'), { recursive: true });
    await writeFile(join(dir, 'unfinished-abcdef', 'cluster', 'PG_VERSION'), 'half');
    const { url } = await start(dir);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(dir)).filter(name => name.startsWith('unfinished'))).toEqual([]);
  });
});

describe('a running database', () => {
  let dir: string;
  let server: Embedded;
  let url: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'octopods-embedded-'));
    server = await startEmbedded({ dir, logger });
    url = server.url;
  });

  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true });
  });

  test('speaks UTF-8, syncs to disk, and lets Octopods in as an ordinary role that may create databases', async () => {
    const [facts] = await query(
      url,
      `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider, datlocale, current_setting('fsync') AS fsync,
              rolsuper, rolcreatedb
       FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`,
    );
    expect(facts).toEqual({
      encoding: 'UTF8',
      datlocprovider: 'b',
      datlocale: 'C.UTF-8',
      fsync: 'on',
      rolsuper: false,
      rolcreatedb: true,
    });
  });

  test('is closed to whoever lacks the password, which no process shows in its arguments', async () => {
    const password = new URL(url).password;
    expect(password.length).toBeGreaterThanOrEqual(32);
    await expect(query(url.replace(password, 'not-the-password'), 'SELECT 1')).rejects.toThrow(/authentication failed/);

    const file = join(dir, 'password');
    expect((await readFile(file, 'utf8')).trim()).toBe(password);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'cluster'))).mode & 0o777).toBe(0o700);
    if (process.platform === 'linux') {
      expect(await readFile(`/proc/${await postmasterPid(dir)}/cmdline`, 'utf8')).not.toContain(password);
    }
  });

  test('listens on a socket in a private folder and on no network', async () => {
    const [facts] = await query(
      url,
      `SELECT current_setting('listen_addresses') AS network, inet_server_addr() AS address`,
    );
    expect(facts).toEqual({ network: '', address: null });
    expect((await stat(join(dir, 'run'))).mode & 0o777).toBe(0o700);
  });

  test('never runs as root', async () => {
    const { uid } = await stat(join(dir, 'cluster', 'postmaster.pid'));
    expect(uid).not.toBe(0);
    if (!isRoot) expect(uid).toBe(process.getuid?.());
  });
});

describe('a folder in use', () => {
  test('is refused to a second Octopods, in words that name the folder and the ways out', async () => {
    const dir = await oldFolder();
    const { child } = await startInChild(dir);
    await expect(start(dir)).rejects.toThrow(
      new RegExp(`already running on ${dir} \\(process ${child.pid}\\).*OCTOPODS_DATA_DIR.*DATABASE_URL`),
    );
  });

  test('is refused within the same process, and the first goes on', async () => {
    const dir = await oldFolder();
    const { url } = await start(dir);
    await expect(start(dir)).rejects.toThrow(/already running on/);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('goes to one of two that start at the same moment', async () => {
    const dir = await newFolder();
    const outcomes = await Promise.allSettled([start(dir), start(dir)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is free again after a stop, and no process is left', async () => {
    const dir = await oldFolder();
    const first = await start(dir);
    const pid = await postmasterPid(dir);
    await first.stop();
    expect(isRunning(pid)).toBe(false);
    await expect(start(dir)).resolves.toBeDefined();
  });
});

describe('after a kill', () => {
  test('of Octopods, the next start ends the server left behind and has all rows', async () => {
    const dir = await oldFolder();
    const { child, url } = await startInChild(dir);
    await query(url, 'CREATE TABLE counted AS SELECT generate_series(1, 100) AS n');
    await kill(child);
    const orphan = await postmasterPid(dir);
    expect(isRunning(orphan)).toBe(true);

    const next = await start(dir);
    expect(await postmasterPid(dir)).not.toBe(orphan);
    expect(await query(next.url, 'SELECT count(*)::int AS rows FROM counted')).toEqual([{ rows: 100 }]);
  });

  test('of Octopods and the server, the next start recovers all rows', async () => {
    const dir = await oldFolder();
    const { child, url } = await startInChild(dir);
    await query(url, 'CREATE TABLE counted AS SELECT generate_series(1, 100) AS n');
    await kill(child);
    process.kill(await postmasterPid(dir), 'SIGKILL');

    const next = await start(dir);
    expect(await query(next.url, 'SELECT count(*)::int AS rows FROM counted')).toEqual([{ rows: 100 }]);
  });

  test('of the server, the supervisor starts it again under the same address', async () => {
    const dir = await oldFolder();
    const { url } = await start(dir);
    await query(url, 'CREATE TABLE counted AS SELECT generate_series(1, 100) AS n');
    process.kill(await postmasterPid(dir), 'SIGKILL');
    const count = () => query(url, 'SELECT count(*)::int AS rows FROM counted');
    expect(await vi.waitFor(count, { timeout: 20_000, interval: 100 })).toEqual([{ rows: 100 }]);
  });

  test('of the server, a stop in the middle of its restart leaves nothing running', async () => {
    const dir = await oldFolder();
    const server = await start(dir);
    process.kill(await postmasterPid(dir), 'SIGKILL');
    await server.stop();
    await expect(start(dir)).resolves.toBeDefined();
  });

  test('a process that got the number of the dead server is left alone and does not prevent the start', async () => {
    const dir = await oldFolder();
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    children.push(bystander);
    await writeFile(join(dir, 'cluster', 'postmaster.pid'), `${bystander.pid}\n${join(dir, 'cluster')}\n`);

    const { url } = await start(dir);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });
});

describe('a folder that cannot be used', () => {
  test('because another major version wrote it is refused with the ways to carry the data over', async () => {
    const dir = await newFolder();
    await mkdir(join(dir, 'cluster'));
    await writeFile(join(dir, 'cluster', 'PG_VERSION'), '14\n');
    const refusal = start(dir);
    await expect(refusal).rejects.toThrow(/written by PostgreSQL 14.*brings PostgreSQL \d+/);
    await expect(refusal).rejects.toThrow(/pg_dump.*DATABASE_URL/);
  });

  test('because a setting is wrong is refused with the server’s own last words', async () => {
    const dir = await oldFolder();
    await appendFile(join(dir, 'cluster', 'postgresql.conf'), '\nno_such_setting = on\n');
    await expect(start(dir)).rejects.toThrow(
      /did not start.*\n(.*\n)*.*unrecognized configuration parameter "no_such_setting"/,
    );
  });

  test('because its data folder lost what names it is refused, and its password stays', async () => {
    const dir = await oldFolder();
    const password = await readFile(join(dir, 'password'), 'utf8');
    await rm(join(dir, 'cluster', 'PG_VERSION'));
    await expect(start(dir)).rejects.toThrow(/is no data folder of PostgreSQL.*backup/);
    expect(await readFile(join(dir, 'password'), 'utf8')).toBe(password);
  });

  test('because its password is gone is refused and not made anew', async () => {
    const dir = await oldFolder();
    await rm(join(dir, 'password'));
    await expect(start(dir)).rejects.toThrow(/password is missing/);
  });

  test('because its password was changed is refused, and no server is left', async () => {
    const dir = await oldFolder();
    await writeFile(join(dir, 'password'), 'not-the-password');
    await expect(start(dir)).rejects.toThrow(/does not let its own supervisor in.*bring the old one back/);
    expect(await readdir(join(dir, 'cluster'))).not.toContain('postmaster.pid');
  });
});

describe.runIf(isRoot)('as root, in a folder that only root may enter', () => {
  test('the data is kept elsewhere, is found again, and is not replaced when it is missing', async () => {
    const parent = await newFolder();
    const dir = join(parent, 'postgres');
    const first = await start(dir);
    const elsewhere = (await readFile(join(dir, 'moved-to'), 'utf8')).trim();
    onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
    await query(first.url, `CREATE TABLE notes (words text); INSERT INTO notes VALUES ('good morning')`);
    await first.stop();

    const second = await start(dir);
    expect(await query(second.url, 'SELECT words FROM notes')).toEqual([{ words: 'good morning' }]);
    await second.stop();

    await rm(elsewhere, { recursive: true });
    await expect(start(dir)).rejects.toThrow(`says that the data is kept in ${elsewhere}, and that folder is gone`);
  });
});
