import { chmod, chown, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Account, barrier, chooseAccount } from './account.ts';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'octopods-account-')));
  await mkdir(join(folder, 'data', 'postgres'), { recursive: true });
  await chmod(join(folder, 'data'), 0o755);
  await chmod(join(folder, 'data', 'postgres'), 0o711);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const stranger = { uid: 54_321, gid: 54_321 };

/** What stops an account before it comes to our folder: some systems keep temporary folders private. */
const barrierBefore = (account: Account) => barrier(dirname(folder), account);

test('a private folder on the way stops every account but its owner', async () => {
  await chmod(folder, 0o700);
  const owner = await stat(folder);
  expect(await barrier(join(folder, 'data', 'postgres'), stranger)).toBe((await barrierBefore(stranger)) ?? folder);
  expect(await barrier(join(folder, 'data', 'postgres'), owner)).toBeUndefined();
});

test('a folder that others may pass through stops nobody, be it unreadable for them', async () => {
  await chmod(folder, 0o711);
  expect(await barrier(join(folder, 'data', 'postgres'), stranger)).toBe(await barrierBefore(stranger));
});

test('a folder that is open to its group only lets members of that group pass', async () => {
  await chmod(folder, 0o750);
  const { gid } = await stat(folder);
  const member = { uid: 54_321, gid };
  expect(await barrier(folder, member)).toBe(await barrierBefore(member));
  expect(await barrier(folder, stranger)).toBe((await barrierBefore(stranger)) ?? folder);
});

test('PostgreSQL runs as ourselves for an ordinary account, and as another account for root', async () => {
  const account = await chooseAccount(join(folder, 'data'));
  if (process.getuid?.() === 0) expect(account?.uid).toBeGreaterThan(0);
  else expect(account).toBeUndefined();
});

test.runIf(process.getuid?.() === 0)('as root it runs as whoever owns the folder above', async () => {
  await chown(folder, stranger.uid, stranger.gid);
  expect(await chooseAccount(join(folder, 'data', 'postgres', 'not-made-yet'))).toEqual(stranger);
});
