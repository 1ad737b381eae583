import type { TextLimit } from '../contract/capabilities.ts';
import type { Mark, MarkType, TextPart, TextUnit } from '../contract/message.ts';

/** How long a text is in the unit a limit counts in. */
export function measure(text: string, unit: TextUnit): number {
  switch (unit) {
    case 'utf16':
      return text.length;
    case 'codepoints':
      return Array.from(text).length;
    case 'bytes':
      return Buffer.byteLength(text);
  }
}

/**
 * A text with its marks put in order, whatever order they came in: kept inside the text and off the middle of surrogate
 * pairs, sorted by start with the outer mark first, and cut in two where they would cross. Empty marks and links without
 * an address are left out.
 */
export function textPart(text: string, marks: readonly Mark[] = []): TextPart {
  const ordered = nested(marks.map(mark => snapped(text, mark)).filter(worthKeeping));
  return ordered.length === 0 ? { kind: 'text', text } : { kind: 'text', text, marks: ordered };
}

/** One text out of several, marks moved along. */
export function joinText(parts: readonly TextPart[], separator: string): TextPart {
  let text = '';
  const marks: Mark[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) text += separator;
    marks.push(...marksOf(part).map(mark => moved(mark, text.length)));
    text += part.text;
  }
  return textPart(text, marks);
}

/** The same words without any formatting; the addresses behind links are lost. */
export function dropMarks(part: TextPart): TextPart {
  return { kind: 'text', text: part.text };
}

/** Keeps marks of the allowed types. A link that is not allowed is written out as `label (url)`; other marks just go. */
export function keepMarks(part: TextPart, allowed: readonly MarkType[]): TextPart {
  return filterMarks(part, mark => allowed.includes(mark.type));
}

/** As {@link keepMarks}, mark by mark: for channels that take some links and not others. */
export function filterMarks(part: TextPart, keeps: (mark: Mark) => boolean): TextPart {
  const marks = marksOf(part);
  const dropped = marks.filter(mark => !keeps(mark));
  return insert(textPart(part.text, marks.filter(keeps)), linkAddresses(part.text, dropped));
}

/** For channels without formatting: links become `label (url)`, quoted lines start with `> `, the rest is dropped. */
export function plainText(part: TextPart): string {
  const marks = marksOf(part);
  return insert(dropMarks(part), [...linkAddresses(part.text, marks), ...quotePrefixes(part.text, marks)]).text;
}

/**
 * Cuts a text into pieces that fit. A cut is made between paragraphs, lines, sentences or words where the second half of
 * the window has such a place, and never inside a character as readers see it (flags, families, accents); white space at
 * a cut goes. Marks that span a cut go on in the next piece. White space alone makes no piece.
 * @throws RangeError when not even one code point fits the limit.
 */
export function splitText(part: TextPart, limit: TextLimit): TextPart[] {
  if (measure(part.text, limit.unit) <= limit.limit) return [part];
  const pieces: TextPart[] = [];
  let start = 0;
  while (start < part.text.length) {
    const cut = nextCut(part.text, start, limit);
    const end = cut.last ? cut.end : start + part.text.slice(start, cut.end).trimEnd().length;
    if (part.text.slice(start, end).trim() !== '') pieces.push(slice(part, start, end));
    start = cut.next;
  }
  return pieces;
}

function marksOf(part: TextPart): readonly Mark[] {
  return part.marks ?? [];
}

function moved(mark: Mark, by: number): Mark {
  return { ...mark, start: mark.start + by, end: mark.end + by };
}

function slice(part: TextPart, start: number, end: number): TextPart {
  return textPart(
    part.text.slice(start, end),
    marksOf(part).map(mark => moved(mark, -start)),
  );
}

// Marks in order

function snapped(text: string, mark: Mark): Mark {
  const start = Math.min(Math.max(mark.start, 0), text.length);
  const end = Math.min(Math.max(mark.end, start), text.length);
  return { ...mark, start: insidePair(text, start) ? start - 1 : start, end: insidePair(text, end) ? end + 1 : end };
}

function insidePair(text: string, at: number): boolean {
  return isSurrogate(text, at - 1, 0xd800) && isSurrogate(text, at, 0xdc00);
}

function isSurrogate(text: string, at: number, first: 0xd800 | 0xdc00): boolean {
  return (text.charCodeAt(at) & 0xfc00) === first;
}

function worthKeeping(mark: Mark): boolean {
  return mark.start < mark.end && (mark.type !== 'link' || (mark.url ?? '') !== '');
}

function outerFirst(a: Mark, b: Mark): number {
  return a.start - b.start || b.end - a.end;
}

function nested(marks: readonly Mark[]): Mark[] {
  const waiting = marks.toSorted(outerFirst);
  const done: Mark[] = [];
  const open: Mark[] = [];
  for (let mark = waiting.shift(); mark; mark = waiting.shift()) {
    const { start } = mark;
    while ((open.at(-1)?.end ?? Infinity) <= start) open.pop();
    const border = open.at(-1)?.end ?? Infinity;
    if (mark.end > border) {
      const rest = { ...mark, start: border };
      const place = waiting.findIndex(other => outerFirst(rest, other) <= 0);
      waiting.splice(place < 0 ? waiting.length : place, 0, rest);
      mark = { ...mark, end: border };
    }
    open.push(mark);
    done.push(mark);
  }
  return done;
}

// Writing marks out

interface Insertion {
  at: number;
  text: string;
}

/** Puts words between others. Marks keep covering what they covered: a word put in at a mark's edge stays outside. */
function insert(part: TextPart, insertions: readonly Insertion[]): TextPart {
  const sorted = insertions.toSorted((a, b) => a.at - b.at);
  let text = '';
  let from = 0;
  for (const { at, text: words } of sorted) {
    text += part.text.slice(from, at) + words;
    from = at;
  }
  const added = (before: number) =>
    sorted.reduce((sum, insertion) => (insertion.at < before ? sum + insertion.text.length : sum), 0);
  const marks = marksOf(part).map(mark => ({
    ...mark,
    start: mark.start + added(mark.start + 1),
    end: mark.end + added(mark.end),
  }));
  return textPart(text + part.text.slice(from), marks);
}

function linkAddresses(text: string, marks: readonly Mark[]): Insertion[] {
  return marks.flatMap(({ type, url, start, end }) =>
    type !== 'link' || url === undefined || bare(text.slice(start, end)) === bare(url)
      ? []
      : [{ at: end, text: ` (${url})` }],
  );
}

/** An address without what people leave out when they write one. */
function bare(address: string): string {
  return address
    .trim()
    .replace(/^(https?:\/\/|mailto:|tel:)/i, '')
    .replace(/\/$/, '');
}

function quotePrefixes(text: string, marks: readonly Mark[]): Insertion[] {
  return marks
    .filter(mark => mark.type === 'quote')
    .flatMap(({ start, end }) => {
      const startsLine = start === 0 || text[start - 1] === '\n';
      const endsLine = end === text.length || text[end] === '\n' || text[end - 1] === '\n';
      const prefixes: Insertion[] = [{ at: start, text: startsLine ? '> ' : '\n> ' }];
      for (let at = text.indexOf('\n', start) + 1; at > 0 && at < end; at = text.indexOf('\n', at) + 1) {
        prefixes.push({ at, text: '> ' });
      }
      return endsLine ? prefixes : [...prefixes, { at: end, text: '\n' }];
    });
}

// Cutting

/** `end`: where the piece ends; `next`: where the following one starts, white space between them left out. */
interface Cut {
  end: number;
  next: number;
  last: boolean;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Best first: paragraph, line, sentence, word. */
const breaks = [/\r?\n[^\S\n]*\n+/g, /\r?\n/g, /(?<=[.!?…。！？]["'”’»)\]]?)\s+/g, /\s+/g];

function nextCut(text: string, start: number, limit: TextLimit): Cut {
  const { fits, reach, borders } = window(text, start, limit);
  if (start + fits === text.length) return { end: text.length, next: text.length, last: true };
  const seen = text.slice(start, start + reach);
  for (const pattern of breaks) {
    const places = [...seen.matchAll(pattern)].filter(
      match =>
        match.index >= fits / 2 &&
        match.index <= fits &&
        borders.has(match.index) &&
        borders.has(match.index + match[0].length),
    );
    const place = places.at(-1);
    if (place) return { end: start + place.index, next: start + place.index + place[0].length, last: false };
  }
  return { end: start + fits, next: start + fits, last: false };
}

interface Window {
  /** UTF-16 units that fit, up to the end of a grapheme. */
  fits: number;
  /** The same with the white space just behind it, which may lie outside the limit because a cut drops it. */
  reach: number;
  /** Where graphemes begin and end up to `reach`. */
  borders: ReadonlySet<number>;
}

/** What can be seen from `start` on; all numbers are relative to it. */
function window(text: string, start: number, { limit, unit }: TextLimit): Window {
  // A code point takes at most two UTF-16 units, so this much cannot fit in any unit and the last grapheme is whole.
  const ahead = text.slice(start, start + 2 * limit + 2);
  const borders = new Set([0]);
  let used = 0;
  let fits = 0;
  let reach = 0;
  for (const { segment, index } of graphemes.segment(ahead)) {
    used += measure(segment, unit);
    if (used > limit && segment.trim() !== '') break;
    reach = index + segment.length;
    borders.add(reach);
    if (used <= limit) fits = reach;
  }
  if (fits > 0) return { fits, reach, borders };
  const part = leadingCodePoints(ahead, { limit, unit });
  return { fits: part, reach: part, borders: new Set([0, part]) };
}

/** For a single grapheme that is larger than the whole limit: as many of its code points as fit. */
function leadingCodePoints(text: string, { limit, unit }: TextLimit): number {
  let fits = 0;
  let used = 0;
  for (const point of text) {
    used += measure(point, unit);
    if (used > limit) break;
    fits += point.length;
  }
  if (fits === 0) throw new RangeError(`No character fits a limit of ${limit} ${unit}.`);
  return fits;
}
