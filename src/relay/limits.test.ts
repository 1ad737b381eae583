import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';
import { telegram } from '../channels/telegram/index.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import { newId } from '../db/ids.ts';
import { waitForTurn } from './limits.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const base = telegram.capabilities({ token: '1:fake-token-for-tests', secretToken: 'fake-secret' });
const limited = (rates: NonNullable<Capabilities['rates']>): Capabilities => ({ ...base, rates });

test('as many as the limit names go at once, also when asked for from many sides, and the next one waits its share', async () => {
  const capabilities = limited({ channel: { count: 5, seconds: 100 } });
  const channelId = newId();
  const ask = () => waitForTurn(database.pool, capabilities, { channelId, conversationId: newId() });
  const waits = await Promise.all(Array.from({ length: 12 }, ask));
  expect(waits.filter(wait => wait === 0)).toHaveLength(5);
  for (const wait of waits.filter(one => one > 0)) expect(wait).toBeLessThanOrEqual(20);
});

test('a turn comes back with time', async () => {
  const capabilities = limited({ channel: { count: 1, seconds: 60 } });
  const subject = { channelId: newId(), conversationId: newId() };
  expect(await waitForTurn(database.pool, capabilities, subject)).toBe(0);
  expect(await waitForTurn(database.pool, capabilities, subject)).toBeGreaterThan(50);
  await database.pool.query(`update send_turns set tat = tat - interval '1 minute' where subject = $1`, [
    subject.channelId,
  ]);
  expect(await waitForTurn(database.pool, capabilities, subject)).toBe(0);
});

test('one busy conversation does not use up its neighbours’ turns', async () => {
  const capabilities = limited({ channel: { count: 100, seconds: 1 }, conversation: { count: 1, seconds: 60 } });
  const channelId = newId();
  const busy = newId();
  expect(await waitForTurn(database.pool, capabilities, { channelId, conversationId: busy })).toBe(0);
  expect(await waitForTurn(database.pool, capabilities, { channelId, conversationId: busy })).toBeGreaterThan(0);
  expect(await waitForTurn(database.pool, capabilities, { channelId, conversationId: newId() })).toBe(0);
});
