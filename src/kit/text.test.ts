import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mark, MarkType, TextPart, TextUnit } from '../contract/message.ts';
import { dropMarks, filterMarks, joinText, keepMarks, measure, plainText, splitText, textPart } from './text.ts';

const family = '👨‍👩‍👧';

/** A text part with a mark on each given stretch of words. */
function marked(text: string, ...marks: [MarkType, string, string?][]): TextPart {
  return textPart(
    text,
    marks.map(([type, words, url]) => {
      const start = text.indexOf(words);
      return { type, start, end: start + words.length, ...(url === undefined ? {} : { url }) };
    }),
  );
}

function covered(part: TextPart): string[] {
  return (part.marks ?? []).map(mark => `${mark.type}:${part.text.slice(mark.start, mark.end)}`);
}

describe('measure', () => {
  it('counts UTF-16 units, code points and UTF-8 bytes', () => {
    expect(measure('é👍', 'utf16')).toBe(3);
    expect(measure('é👍', 'codepoints')).toBe(2);
    expect(measure('é👍', 'bytes')).toBe(6);
  });
});

describe('textPart', () => {
  it('sorts marks, the outer one first', () => {
    expect(covered(marked('one two', ['italic', 'two'], ['bold', 'one two']))).toEqual(['bold:one two', 'italic:two']);
  });

  it('cuts a mark in two where it would cross another', () => {
    const part = textPart('abcdef', [
      { type: 'bold', start: 0, end: 4 },
      { type: 'italic', start: 2, end: 6 },
    ]);
    expect(covered(part)).toEqual(['bold:abcd', 'italic:cd', 'italic:ef']);
  });

  it('leaves out marks that cover nothing and links that lead nowhere', () => {
    const part = textPart('abc', [
      { type: 'bold', start: 3, end: 9 },
      { type: 'italic', start: 2, end: 1 },
      { type: 'link', start: 0, end: 3 },
    ]);
    expect(part).toEqual({ kind: 'text', text: 'abc' });
  });

  it('widens a mark that would stand inside a surrogate pair', () => {
    expect(covered(textPart('a👍b', [{ type: 'bold', start: 2, end: 4 }]))).toEqual(['bold:👍b']);
  });
});

describe('plainText', () => {
  it('writes links out unless the label says the address already', () => {
    const part = marked(
      'See our page or example.com/help',
      ['link', 'our page', 'https://example.com/a'],
      ['link', 'example.com/help', 'https://example.com/help/'],
    );
    expect(plainText(part)).toBe('See our page (https://example.com/a) or example.com/help');
  });

  it('starts every quoted line with an angle bracket and sets the quote apart', () => {
    expect(plainText(marked('You wrote first\nsecond and I agree', ['quote', 'first\nsecond']))).toBe(
      'You wrote \n> first\n> second\n and I agree',
    );
  });

  it('keeps a link at the end of a quote inside the quote', () => {
    const part = marked('read this\nok', ['quote', 'read this'], ['link', 'this', 'https://example.com/x']);
    expect(plainText(part)).toBe('> read this (https://example.com/x)\nok');
  });
});

describe('keepMarks', () => {
  const part = marked(
    'Click here now, dear',
    ['bold', 'Click here now'],
    ['link', 'here', 'https://example.com/x'],
    ['italic', 'now'],
  );

  it('drops what is not allowed, writes links out, and moves the others along', () => {
    const kept = keepMarks(part, ['bold', 'italic']);
    expect(kept.text).toBe('Click here (https://example.com/x) now, dear');
    expect(covered(kept)).toEqual(['bold:Click here (https://example.com/x) now', 'italic:now']);
  });

  it('changes nothing where everything is allowed', () => {
    expect(keepMarks(part, ['bold', 'italic', 'link'])).toEqual(part);
  });

  it('can choose mark by mark', () => {
    const kept = filterMarks(part, mark => mark.url?.startsWith('http') === true);
    expect(covered(kept)).toEqual(['link:here']);
  });

  it('dropMarks leaves the bare words', () => {
    expect(dropMarks(part)).toEqual({ kind: 'text', text: part.text });
  });
});

describe('joinText', () => {
  it('puts texts together and moves their marks', () => {
    const joined = joinText([marked('one', ['bold', 'one']), marked('two', ['italic', 'two'])], '\n');
    expect(joined.text).toBe('one\ntwo');
    expect(covered(joined)).toEqual(['bold:one', 'italic:two']);
  });
});

describe('splitText', () => {
  const texts = (text: string, limit: number, unit: TextUnit = 'utf16') =>
    splitText({ kind: 'text', text }, { limit, unit }).map(piece => piece.text);

  it('leaves a text alone that fits, white space and all', () => {
    expect(texts('  a  ', 5)).toEqual(['  a  ']);
  });

  it('prefers a paragraph to a line, a line to a sentence, a sentence to a word', () => {
    expect(texts('One two.\n\nThree\nfour.', 16)).toEqual(['One two.', 'Three\nfour.']);
    expect(texts('One two three\nfour. Five six', 22)).toEqual(['One two three', 'four. Five six']);
    expect(texts('One two three. Four five', 20)).toEqual(['One two three.', 'Four five']);
    expect(texts('One two three four', 12)).toEqual(['One two', 'three four']);
  });

  it('cuts exactly at the limit where a word ends there', () => {
    expect(texts('hello world', 5)).toEqual(['hello', 'world']);
  });

  it('keeps the indentation of the line that follows a cut', () => {
    expect(texts('if (x) {\n    stop();\n}', 16)).toEqual(['if (x) {', '    stop();\n}']);
  });

  it('does not look for a break in the first half of the window', () => {
    expect(texts('a bbbbbbbbbbbbbbbb', 10)).toEqual(['a bbbbbbbb', 'bbbbbbbb']);
  });

  it('keeps emoji of several code points whole in every unit', () => {
    expect(texts(family.repeat(3), 20)).toEqual([family.repeat(2), family]);
    expect(texts(family.repeat(3), 12, 'codepoints')).toEqual([family.repeat(2), family]);
    expect(texts(family.repeat(3), 40, 'bytes')).toEqual([family.repeat(2), family]);
    expect(texts('🇩🇪🇫🇷🇮🇹', 5, 'codepoints')).toEqual(['🇩🇪🇫🇷', '🇮🇹']);
  });

  it('cuts between code points where one visible character is larger than the limit', () => {
    expect(texts('e\u0301\u0302\u0303\u0304', 2)).toEqual(['e\u0301', '\u0302\u0303', '\u0304']);
  });

  it('carries a mark on into the next piece', () => {
    const pieces = splitText(marked('one two three', ['bold', 'two three'], ['link', 'three', 'https://example.com']), {
      limit: 7,
      unit: 'utf16',
    });
    expect(pieces.map(covered)).toEqual([['bold:two'], ['bold:three', 'link:three']]);
  });

  it('makes no piece of white space alone, and refuses a limit that nothing fits', () => {
    expect(texts(' '.repeat(50), 10)).toEqual([]);
    expect(() => texts('👍👍', 3, 'bytes')).toThrow(RangeError);
  });

  it('splits anything: within the limit, nothing lost but white space, no character broken', () => {
    const text = fc
      .array(
        fc.constantFrom(
          'a',
          'Wort',
          ' ',
          '\n',
          '\n\n',
          '\r\n',
          '. ',
          '👍',
          family,
          '🇩🇪',
          'e\u0301',
          ' \u0301',
          '日本',
          '\ud800',
        ),
        {
          maxLength: 120,
        },
      )
      .map(words => words.join(''));
    const marks = fc.array(
      fc.record({
        type: fc.constantFrom<MarkType>('bold', 'italic', 'code', 'quote'),
        start: fc.integer({ min: -5, max: 200 }),
        end: fc.integer({ min: -5, max: 200 }),
      }),
      { maxLength: 12 },
    );
    const unit = fc.constantFrom<TextUnit>('utf16', 'codepoints', 'bytes');
    fc.assert(
      fc.property(text, marks, unit, fc.integer({ min: 28, max: 80 }), (words, stretches, unit, limit) => {
        const part = textPart(words, stretches);
        const pieces = splitText(part, { limit, unit });
        const borders = graphemeBorders(words);
        let from = 0;
        for (const piece of pieces) {
          expect(measure(piece.text, unit)).toBeLessThanOrEqual(limit);
          const at = words.indexOf(piece.text, from);
          expect(words.slice(from, at).trim()).toBe('');
          expect(borders.has(at)).toBe(true);
          from = at + piece.text.length;
          expectInOrder(piece);
        }
        expect(words.slice(from).trim()).toBe('');
        expect(formatted(pieces)).toEqual(formatted([part]));
      }),
      { numRuns: 400 },
    );
  });
});

function graphemeBorders(text: string): Set<number> {
  const borders = new Set([0, text.length]);
  for (const { index } of new Intl.Segmenter('en').segment(text)) borders.add(index);
  return borders;
}

function expectInOrder(part: TextPart): void {
  const open: Mark[] = [];
  let last = 0;
  for (const mark of part.marks ?? []) {
    expect(mark.start).toBeGreaterThanOrEqual(last);
    expect(mark.start).toBeLessThan(mark.end);
    expect(mark.end).toBeLessThanOrEqual(part.text.length);
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= mark.start) open.pop();
    expect(mark.end).toBeLessThanOrEqual(open.at(-1)?.end ?? part.text.length);
    open.push(mark);
    last = mark.start;
  }
}

/** Every visible UTF-16 unit with the types of the marks on it: what a reader would see. */
function formatted(parts: readonly TextPart[]): string[] {
  return parts.flatMap(part =>
    part.text.split('').flatMap((unit, at) => {
      const types = (part.marks ?? []).filter(mark => mark.start <= at && at < mark.end).map(mark => mark.type);
      return unit.trim() === '' ? [] : [`${unit} ${[...new Set(types)].sort().join(' ')}`];
    }),
  );
}
