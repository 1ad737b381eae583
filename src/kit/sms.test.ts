import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smsLength } from './sms.ts';

const segments = (text: string) => smsLength(text).segments;

describe('smsLength', () => {
  it('holds 160 characters of the GSM alphabet, or 153 in each of several segments', () => {
    expect(smsLength('a'.repeat(160))).toEqual({ encoding: 'gsm7', units: 160, segments: 1, perSegment: 160 });
    expect(smsLength('a'.repeat(161))).toEqual({ encoding: 'gsm7', units: 161, segments: 2, perSegment: 153 });
    expect(segments('a'.repeat(306))).toBe(2);
    expect(segments('a'.repeat(307))).toBe(3);
  });

  it('holds 70 UTF-16 units once a single character is outside it, or 67 in each of several', () => {
    expect(smsLength(`${'a'.repeat(69)}’`)).toEqual({ encoding: 'ucs2', units: 70, segments: 1, perSegment: 70 });
    expect(smsLength(`${'a'.repeat(70)}’`)).toEqual({ encoding: 'ucs2', units: 71, segments: 2, perSegment: 67 });
    expect(segments('ж'.repeat(134))).toBe(2);
    expect(segments('ж'.repeat(135))).toBe(3);
  });

  it('knows the letters of the GSM alphabet, and their neighbours that are not in it', () => {
    expect(smsLength('Straße, ¡olé! Ünde ΔΩ @ 5 £\r\n').encoding).toBe('gsm7');
    for (const letter of ['ç', 'á', 'Α', '“', '–', '`', '\t', '\u00a0', '日']) {
      expect(smsLength(letter).encoding, letter).toBe('ucs2');
    }
  });

  it('counts an escaped character as two', () => {
    expect(smsLength('[€]{^}~|\\\f')).toMatchObject({ encoding: 'gsm7', units: 20 });
    expect(segments('€'.repeat(80))).toBe(1);
    expect(segments('€'.repeat(81))).toBe(2);
  });

  it('does not cut an escaped character or an emoji in two', () => {
    // 153 septets and 67 units are odd: a pair never fills a segment to its end.
    expect(segments('€'.repeat(76 * 2))).toBe(2);
    expect(segments('€'.repeat(76 * 2 + 1))).toBe(3);
    expect(segments('👍'.repeat(35))).toBe(1);
    expect(segments('👍'.repeat(33 * 2))).toBe(2);
    expect(segments('👍'.repeat(33 * 2 + 1))).toBe(3);
  });

  it('bills an empty text as one message', () => {
    expect(smsLength('')).toMatchObject({ encoding: 'gsm7', units: 0, segments: 1 });
  });

  it('never needs fewer segments than its units do, nor more than the pairs at their ends explain', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '€', '👍', 'é', 'ж', '\ud800'), maxLength: 2000 }), text => {
        const { units, segments, perSegment } = smsLength(text);
        expect(segments).toBeGreaterThanOrEqual(Math.max(1, Math.ceil(units / perSegment)));
        expect(segments).toBeLessThanOrEqual(Math.max(1, Math.ceil(units / (perSegment - 1))));
      }),
    );
  });
});
