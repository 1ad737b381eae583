import { describe, expect, test } from 'vitest';
import type { Capabilities, PartSupport } from '../contract/capabilities.ts';
import type { MediaPart, Part, PartKind } from '../contract/message.ts';
import { cutToFit } from './fit.ts';

const full: PartSupport = { support: 'full' };

function capabilities(
  change: Partial<Capabilities> = {},
  parts: Partial<Record<PartKind, PartSupport>> = {},
): Capabilities {
  return {
    parts: {
      text: full,
      image: full,
      video: full,
      audio: full,
      voice: full,
      file: full,
      sticker: full,
      location: full,
      contact: full,
      choice: { support: 'fallback' },
      story: { support: 'fallback' },
      unsupported: { support: 'fallback' },
      ...parts,
    },
    text: { limit: 20, unit: 'utf16' },
    caption: { limit: 10, unit: 'utf16' },
    marks: ['bold'],
    attachmentsPerMessage: 1,
    quotes: 'full',
    reactions: 'dropped',
    edits: 'dropped',
    deletes: 'dropped',
    receipts: [],
    ...change,
  };
}

const photo: MediaPart = { kind: 'image', ref: 'r', mediaId: 'm', mime: 'image/png', name: 'cat.png', size: 1000 };
const text = (words: string): Part => ({ kind: 'text', text: words });
const link = () => 'https://example.com/media/1';
const kinds = (pieces: Part[][]) => pieces.map(piece => piece.map(part => part.kind));

describe('cutting a message to fit', () => {
  test('a short text behind an attachment is its caption, a long one follows it', () => {
    expect(kinds(cutToFit([photo, text('look')], capabilities(), link).pieces)).toEqual([['image', 'text']]);
    expect(kinds(cutToFit([photo, text('look at this one')], capabilities(), link).pieces)).toEqual([
      ['image'],
      ['text'],
    ]);
  });

  test('a text in front of the only attachment moves into it; in front of several it stays in front', () => {
    expect(kinds(cutToFit([text('look'), photo], capabilities(), link).pieces)).toEqual([['image', 'text']]);
    expect(kinds(cutToFit([text('look'), photo, photo], capabilities(), link).pieces)).toEqual([
      ['text'],
      ['image'],
      ['image'],
    ]);
  });

  test('kinds without captions send their text apart', () => {
    const { pieces } = cutToFit(
      [{ ...photo, kind: 'sticker' }, text('hi')],
      capabilities({ captioned: ['image'] }),
      link,
    );
    expect(kinds(pieces)).toEqual([['sticker'], ['text']]);
  });

  test('attachments travel together up to the limit', () => {
    const { pieces } = cutToFit([photo, photo, photo], capabilities({ attachmentsPerMessage: 2 }), link);
    expect(kinds(pieces)).toEqual([['image', 'image'], ['image']]);
  });

  test('long text is split and nothing of it is lost', () => {
    const words = 'one two three four five six seven eight nine ten';
    const { pieces } = cutToFit([text(words)], capabilities(), link);
    expect(pieces.length).toBeGreaterThan(2);
    expect(
      pieces
        .flat()
        .map(part => (part.kind === 'text' ? part.text : ''))
        .join(' ')
        .split(/\s+/),
    ).toEqual(words.split(' '));
  });

  test('neighbouring texts become one, with their formatting in place', () => {
    const bold: Part = { kind: 'text', text: 'b', marks: [{ type: 'bold', start: 0, end: 1 }] };
    const { pieces } = cutToFit([text('a'), bold], capabilities(), link);
    expect(pieces).toEqual([[{ kind: 'text', text: 'a\nb', marks: [{ type: 'bold', start: 2, end: 3 }] }]]);
  });

  test('what the channel cannot carry goes as a link, and the teammate is told', () => {
    const roomy = capabilities({ text: { limit: 99, unit: 'utf16' } }, { image: { support: 'fallback' } });
    const { pieces, notices } = cutToFit([photo], roomy, link);
    expect(pieces).toEqual([[{ kind: 'text', text: 'cat.png\nhttps://example.com/media/1' }]]);
    expect(notices).toEqual(['An image was sent as a link.']);
  });

  test('a file that is too large goes as a link, by name', () => {
    const { notices } = cutToFit([photo], capabilities({}, { image: { support: 'full', maxBytes: 999 } }), link);
    expect(notices).toEqual(['cat.png is too large for this channel and was sent as a link.']);
  });

  test('a type that cannot be shown goes as a file where files are taken', () => {
    const narrow = { image: { support: 'full', mimes: ['image/jpeg'] } } as const;
    expect(kinds(cutToFit([photo], capabilities({}, narrow), link).pieces)).toEqual([['image']]);
    const nowhere = { ...narrow, file: { support: 'full', mimes: ['application/pdf'] } } as const;
    expect(
      kinds(cutToFit([photo], capabilities({ text: { limit: 99, unit: 'utf16' } }, nowhere), link).pieces),
    ).toEqual([['text']]);
  });

  test('a refused part stops the whole message before anything is sent', () => {
    const refusing = capabilities({}, { location: { support: 'rejected', note: 'No places here.' } });
    const result = cutToFit([text('a'), { kind: 'location', lat: 1, lng: 2 }], refusing, link);
    expect(result.pieces).toEqual([]);
    expect(result.refused).toEqual({ class: 'content', message: 'No places here.' });
  });

  test('an attachment that could not be fetched leaves a readable stand-in', () => {
    const { pieces } = cutToFit(
      [{ ...photo, unavailable: 'too large' }],
      capabilities({ text: { limit: 99, unit: 'utf16' } }),
      link,
    );
    expect(pieces).toEqual([[{ kind: 'text', text: '[image: cat.png – too large]' }]]);
  });
});
