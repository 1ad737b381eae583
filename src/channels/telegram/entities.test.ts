import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../kit/text.ts';
import { fromEntities, toEntities } from './entities.ts';

describe('fromEntities', () => {
  it('turns formatting into marks, counted in UTF-16 units, and leaves what the words show anyway', () => {
    const part = fromEntities('👍 bold site @ada', [
      { type: 'bold', offset: 3, length: 4 },
      { type: 'text_link', offset: 8, length: 4, url: 'https://example.com/' },
      { type: 'mention', offset: 13, length: 4 },
      { type: 'custom_emoji', offset: 0, length: 2, custom_emoji_id: '5' },
    ]);
    expect(part).toEqual({
      kind: 'text',
      text: '👍 bold site @ada',
      marks: [
        { type: 'bold', start: 3, end: 7 },
        { type: 'link', start: 8, end: 12, url: 'https://example.com/' },
      ],
    });
  });

  it.each([
    ['italic', 'italic'],
    ['underline', 'underline'],
    ['strikethrough', 'strike'],
    ['code', 'code'],
    ['pre', 'pre'],
    ['spoiler', 'spoiler'],
    ['blockquote', 'quote'],
    ['expandable_blockquote', 'quote'],
  ])('%s is %s', (type, mark) => {
    expect(fromEntities('abc', [{ type, offset: 1, length: 1 }])?.marks).toEqual([{ type: mark, start: 1, end: 2 }]);
  });

  it('is no part without words', () => {
    expect(fromEntities('', [])).toBeUndefined();
    expect(fromEntities(7, [])).toBeUndefined();
  });

  it('reads any entities without throwing, and keeps the words', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (words, entities) => {
        expect(fromEntities(words, entities)?.text).toBe(words);
      }),
    );
  });
});

describe('toEntities', () => {
  it('is the reverse of fromEntities', () => {
    const entities = [
      { type: 'blockquote', offset: 0, length: 8 },
      { type: 'bold', offset: 0, length: 3 },
      { type: 'strikethrough', offset: 4, length: 4 },
      { type: 'text_link', offset: 9, length: 3, url: 'https://example.com/' },
    ];
    const part = fromEntities('one two\n the', entities);
    expect(part && toEntities(part)).toEqual({ text: 'one two\n the', entities });
  });

  it('writes out links that Telegram does not take', () => {
    const sent = toEntities({
      kind: 'text',
      text: 'write us',
      marks: [{ type: 'link', start: 0, end: 8, url: 'mailto:desk@example.com' }],
    });
    expect(sent).toEqual({ text: 'write us (mailto:desk@example.com)', entities: [] });
    expect(plainText({ kind: 'text', text: sent.text })).toBe(sent.text);
  });
});
