import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dict, id, list, number, text, unixTime } from './read.ts';

test('each reader gives its own type or undefined, and never throws', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSparseArray: true });
  fc.assert(
    fc.property(anything, value => {
      expect(['object', 'undefined']).toContain(typeof dict(value));
      expect(Array.isArray(dict(value))).toBe(false);
      expect(Array.isArray(list(value))).toBe(true);
      expect(['string', 'undefined']).toContain(typeof text(value));
      expect(['string', 'undefined']).toContain(typeof id(value));
      expect(number(value) ?? 0).toBeTypeOf('number');
      expect(Number.isFinite(number(value) ?? 0)).toBe(true);
      expect(unixTime(value) ?? new Date().toISOString()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }),
  );
});

test('an id is the same text, however it is written', () => {
  expect([id(7), id('7'), id(7n), id(9007199254740993n)]).toEqual(['7', '7', '7', '9007199254740993']);
  expect([id(''), id(Number.NaN), id(null), id({})]).toEqual([undefined, undefined, undefined, undefined]);
});

test('an empty text is none', () => {
  expect([text('a'), text('')]).toEqual(['a', undefined]);
});

test('a time is seconds since 1970, and nothing that cannot be one', () => {
  expect(unixTime(1_790_000_000)).toBe('2026-09-21T14:13:20.000Z');
  expect([0, -1, 1_790_000_000_000, '1790000000', null, 10n ** 400n].map(unixTime)).toEqual(Array(6).fill(undefined));
});
