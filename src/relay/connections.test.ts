import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import { createVault, makeKey } from '../db/vault.ts';
import { Connections } from './connections.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

test('what a stranger guesses names nothing of ours, whatever it holds', async () => {
  const vault = createVault([makeKey()]);
  const connections = new Connections({ db: database.pool, vault, channels: new Map(), platforms: new Map() });
  for (const guess of ['', 'a\u0000b', '\ud800', "' or true --", 'x'.repeat(10_000)]) {
    expect(await connections.byToken(guess)).toBeUndefined();
    expect(await connections.byIdentity(guess)).toBeUndefined();
    expect(await connections.channel(guess)).toBeUndefined();
  }
});
