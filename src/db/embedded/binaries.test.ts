import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyOnce, prepareBinaries } from './binaries.ts';
import { openStateFolder } from './state-folder.ts';

const run = promisify(execFile);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octopods-binaries-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('npm brought a PostgreSQL that runs here, of the major version it is taken for', async () => {
  const { postgres, initdb, major } = await prepareBinaries(undefined, pino({ level: 'silent' }));
  expect((await run(postgres, ['--version'])).stdout).toContain(`(PostgreSQL) ${major}.`);
  expect((await run(initdb, ['--version'])).stdout).toContain(`(PostgreSQL) ${major}.`);
});

describe('a copy for an account that cannot reach the original', () => {
  async function original(): Promise<string> {
    const native = join(folder, 'native');
    await mkdir(join(native, 'bin'), { recursive: true, mode: 0o700 });
    await writeFile(join(native, 'bin', 'postgres'), 'program', { mode: 0o700 });
    await symlink('postgres', join(native, 'bin', 'alias'));
    return native;
  }

  test('is open to every account, keeps its links, and is written by nobody else', async () => {
    const copy = await copyOnce(await original(), folder, 'postgres-1');
    expect((await stat(copy)).mode & 0o777).toBe(0o755);
    expect((await stat(join(copy, 'bin'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(copy, 'bin', 'alias'))).mode & 0o777).toBe(0o755);
  });

  test('is made once, also when two start at the same moment', async () => {
    const native = await original();
    const copies = await Promise.all([copyOnce(native, folder, 'postgres-1'), copyOnce(native, folder, 'postgres-1')]);
    expect(new Set(copies).size).toBe(1);
    await writeFile(join(native, 'bin', 'postgres'), 'changed');
    await copyOnce(native, folder, 'postgres-1');
    expect((await stat(join(folder, 'postgres-1', 'bin', 'postgres'))).size).toBe('program'.length);
    expect((await readdir(folder)).sort()).toEqual(['native', 'postgres-1']);
  });

  test('is refused where another account could have put it there', async () => {
    const native = await original();
    await mkdir(join(folder, 'postgres-1'));
    await chmod(join(folder, 'postgres-1'), 0o777);
    await expect(copyOnce(native, folder, 'postgres-1')).rejects.toThrow(/postgres-1.*nothing in it is trusted/);
    await symlink(native, join(folder, 'postgres-2'));
    await expect(copyOnce(native, folder, 'postgres-2')).rejects.toThrow(/postgres-2.*nothing in it is trusted/);
  });
});

test('where no folder can be had, the message names those tried and the way out', async () => {
  await writeFile(join(folder, 'file'), '');
  const impossible = join(folder, 'file', 'below');
  await expect(openStateFolder([impossible])).rejects.toThrow(`${impossible} cannot be made`);
  await expect(openStateFolder([impossible])).rejects.toThrow(/OCTOPODS_DATA_DIR/);
  expect(await openStateFolder([impossible, join(folder, 'second')])).toBe(join(folder, 'second'));
});
