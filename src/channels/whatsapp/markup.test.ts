import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MarkType } from '../../contract/message.ts';
import { textPart } from '../../kit/text.ts';
import { toMarkup } from './markup.ts';

/** Marks the first place where the words stand. */
function written(text: string, ...marks: [MarkType, string, string?][]): string {
  const stretches = marks.map(([type, words, url]) => {
    const start = text.indexOf(words);
    return { type, start, end: start + words.length, ...(url === undefined ? {} : { url }) };
  });
  return toMarkup(textPart(text, stretches), 4096);
}

describe('markup', () => {
  it.each<[MarkType, string]>([
    ['bold', 'a *bc* d'],
    ['italic', 'a _bc_ d'],
    ['strike', 'a ~bc~ d'],
    ['code', 'a ```bc``` d'],
    ['pre', 'a ```bc``` d'],
    ['underline', 'a bc d'],
    ['spoiler', 'a bc d'],
  ])('%s', (type, expected) => {
    expect(written('a bc d', [type, 'bc'])).toBe(expected);
  });

  it('nests, and closes in reverse', () => {
    expect(written('one two', ['bold', 'one two'], ['italic', 'two'])).toBe('*one _two_*');
    expect(written('one two', ['bold', 'one two'], ['italic', 'one'])).toBe('*_one_ two*');
    expect(written('one', ['bold', 'one'], ['italic', 'one'])).toBe('*_one_*');
  });

  it('hugs visible words and begins anew in each line', () => {
    expect(written('Dear Ada ,', ['bold', ' Ada '])).toBe('Dear *Ada* ,');
    expect(written('one\n\n two\nthree', ['bold', 'one\n\n two\nthree'])).toBe('*one*\n\n *two*\n*three*');
    expect(written('if x:\n    go()', ['pre', 'if x:\n    go()'])).toBe('```if x:\n    go()```');
    expect(written('a   b', ['bold', '   '])).toBe('a   b');
  });

  it('leaves signs out where they would show', () => {
    expect(written('unbelievable', ['bold', 'believ'])).toBe('unbelievable');
    expect(written('Größe', ['bold', 'Grö'])).toBe('Größe');
    expect(written('a 2*3 b', ['bold', '2*3'])).toBe('a 2*3 b');
    expect(written('see *x* now', ['code', 'see *x* now'], ['bold', '*x*'])).toBe('```see *x* now```');
    expect(written('x bold y', ['code', 'x bold y'], ['bold', 'bold'])).toBe('```x bold y```');
  });

  it('puts an angle bracket in front of each quoted line, and other signs behind it', () => {
    expect(written('first\nsecond\nand I', ['quote', 'first\nsecond'], ['bold', 'second'])).toBe(
      '> first\n> *second*\nand I',
    );
    expect(written('You wrote first and I agree', ['quote', 'first'])).toBe('You wrote \n> first\n and I agree');
  });

  it('writes out where links lead', () => {
    expect(written('our page', ['link', 'page', 'https://example.com/a'])).toBe('our page (https://example.com/a)');
  });

  it('gives way to the words where both do not fit', () => {
    const part = textPart('0123456789', [{ type: 'bold', start: 0, end: 10 }]);
    expect(toMarkup(part, 12)).toBe('*0123456789*');
    expect(toMarkup(part, 11)).toBe('0123456789');
  });

  it('never loses a word or changes their order', () => {
    const text = fc.array(fc.constantFrom('a', 'Wort', ' ', '\n', '. ', '👍', '日本', '!'), { maxLength: 40 });
    const marks = fc.array(
      fc.record({
        type: fc.constantFrom<MarkType>('bold', 'italic', 'strike', 'code', 'pre', 'quote', 'underline'),
        start: fc.integer({ min: 0, max: 60 }),
        end: fc.integer({ min: 0, max: 60 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, marks, (words, stretches) => {
        const plain = words.join('');
        const bare = (from: string) => from.replace(/[*_~`>\s]/g, '');
        const marked = toMarkup(textPart(plain, stretches), 4096);
        expect(bare(marked)).toBe(bare(plain));
        for (const sign of ['*', '_', '~']) expect(marked.split(sign).length % 2).toBe(1);
      }),
    );
  });
});
