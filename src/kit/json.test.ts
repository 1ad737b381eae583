import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, toJson, wellFormed } from './json.ts';

describe('parseJson', () => {
  test('rounds no id', () => {
    expect(parseJson('[9007199254740993, -9007199254740993, 7, 1.5, 1e3]')).toEqual([
      9007199254740993n,
      -9007199254740993n,
      7,
      1.5,
      1000,
    ]);
  });

  test('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        // Integers beyond 2^53 are what it reads differently.
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
    for (const text of [
      '{"a":1,"a":{"b":2}}',
      '{"__proto__":{"x":1},"constructor":2}',
      '"\\ud800\\u0000"',
      '[1e999]',
    ]) {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }
  });

  test.each(['', '{', '{"a":}', '[1,]', '01', 'NaN', "{'a':1}", '"\n"', '{"a":1}x', '\u00a01'])('refuses %j', text =>
    expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  test('takes brackets in texts for text, and refuses what is nested to break something', () => {
    const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
    expect(toJson(parseJson(nested(500)))).toBe(nested(500));
    expect(wellFormed(parseJson(nested(500)))).toBeDefined();
    expect(() => parseJson(nested(502))).toThrow(SyntaxError);
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(SyntaxError);
    const brackets = `{"a":"\\"${'['.repeat(1000)}","b":[]}`;
    expect(parseJson(brackets)).toEqual(JSON.parse(brackets));
  });

  test('rounds what is longer than any id, instead of calculating for seconds', () => {
    expect(parseJson(`[${'9'.repeat(100)}]`)).toEqual([BigInt('9'.repeat(100))]);
    expect(parseJson('1'.repeat(1_000_000))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('toJson', () => {
  test('writes what JSON.parse can read, whatever the value', () => {
    expect(toJson({ id: 9007199254740993n, none: undefined, at: new Date(0), no: Number.NaN })).toBe(
      '{"id":9007199254740993,"at":"1970-01-01T00:00:00.000Z","no":null}',
    );
    expect(toJson(undefined)).toBe('null');
  });
});

describe('wellFormed', () => {
  test('makes any value fit for the database and leaves the rest alone', () => {
    const given = { 'a\u0000': ['x\uD800y', '😀', 5n, null, { b: 'c\u0000' }], d: true };
    expect(wellFormed(given)).toEqual({ a: ['x\uFFFDy', '😀', 5n, null, { b: 'c' }], d: true });
  });
});
