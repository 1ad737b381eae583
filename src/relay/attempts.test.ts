import { describe, expect, test } from 'vitest';
import type { FailureClass } from '../contract/failure.ts';
import { decide } from './attempts.ts';
import { backoff } from './lanes/backoff.ts';

const now = new Date('2026-11-01T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function decision(cls: FailureClass, more: { retryAfter?: number; unconfirmed?: boolean } = {}, state: object = {}) {
  return decide(
    { class: cls, message: 'x', ...more },
    { lane: { attempts: 0, failingSince: undefined }, canFind: false, retryBaseMs: 1000, parkFor: 'c1', now, ...state },
  );
}

describe('what follows a failed try', () => {
  test.each(['opted_out', 'window_closed', 'invalid_recipient', 'media', 'content', 'policy', 'config'] as const)(
    '%s ends the message at once',
    cls => expect(decision(cls)).toMatchObject({ next: 'end', status: 'failed', failure: { class: cls } }),
  );

  test('a refused token parks the lane until the reconnect', () => {
    expect(decision('auth')).toMatchObject({ next: 'wait', stop: { stop: 'park', for: 'c1' } });
  });

  test('a rate limit waits as long as the provider says', () => {
    expect(decision('rate_limited', { retryAfter: 7 })).toMatchObject({ next: 'wait', stop: { seconds: 7 } });
  });

  test('a disturbance is tried again for 72 hours, then the message has expired', () => {
    expect(decision('temporary', {}, { lane: { attempts: 50, failingSince: hoursAgo(71) } })).toMatchObject({
      next: 'wait',
    });
    expect(decision('temporary', {}, { lane: { attempts: 50, failingSince: hoursAgo(73) } })).toMatchObject({
      next: 'end',
      failure: { class: 'expired' },
    });
  });

  test('an unknown fault is tried five times, so that it cannot hold a conversation for days', () => {
    expect(decision('unknown', {}, { lane: { attempts: 3, failingSince: now } })).toMatchObject({ next: 'wait' });
    expect(decision('unknown', {}, { lane: { attempts: 4, failingSince: now } })).toMatchObject({ next: 'end' });
  });

  test('an uncertain send is never repeated blindly', () => {
    expect(decision('temporary', { unconfirmed: true })).toMatchObject({ next: 'end', status: 'unconfirmed' });
    expect(decision('temporary', { unconfirmed: true }, { canFind: true })).toMatchObject({
      next: 'wait',
      doubt: true,
    });
  });
});

test('the wait grows to ten minutes and is spread by a fifth', () => {
  expect(backoff(0, 1000, () => 0)).toBeCloseTo(0.9);
  expect(backoff(0, 1000, () => 1)).toBeCloseTo(1.1);
  expect(backoff(100, 1000, () => 0.5)).toBeCloseTo(600);
  const waits = Array.from({ length: 9 }, (_, tries) => backoff(tries, 1000, () => 0.5));
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
});
