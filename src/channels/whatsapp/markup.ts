import type { Mark, MarkType, TextPart } from '../../contract/message.ts';
import { keepMarks, measure } from '../../kit/text.ts';
import { capabilities } from './capabilities.ts';

/** What WhatsApp puts around formatted words. */
const signs: Partial<Record<MarkType, string>> = { bold: '*', italic: '_', strike: '~', code: '```', pre: '```' };

/** Words put in at a place. At one place, what closes goes first, then the start of a quoted line, then what opens. */
interface Insertion {
  at: number;
  rank: 'close' | 'line' | 'open';
  text: string;
}

/**
 * A text in WhatsApp's own writing: `*bold*`, `_italic_`, `~struck~`, a row of three grave accents around code, `> ` before
 * quoted lines. Formatting that WhatsApp would show as bare signs (within a word, around its own sign) is left out; so is
 * all of it where it would make the text longer than `limit` UTF-16 units.
 * @see https://faq.whatsapp.com/539178204879377
 */
export function toMarkup(part: TextPart, limit: number): string {
  const kept = keepMarks(part, capabilities.marks);
  const marks = kept.marks ?? [];
  const written = insert(kept.text, [
    ...marks.flatMap(mark => inline(kept.text, mark, marks)),
    ...quoted(kept.text, marks),
  ]);
  return measure(written, 'utf16') <= limit ? written : kept.text;
}

function inline(text: string, mark: Mark, marks: readonly Mark[]): Insertion[] {
  const sign = signs[mark.type];
  if (sign === undefined || isWithinCode(mark, marks)) return [];
  return stretches(text, mark)
    .filter(([start, end]) => !text.slice(start, end).includes(sign) && !touchesWord(text, start, end))
    .flatMap(([start, end]) => [
      { at: start, rank: 'open', text: sign },
      { at: end, rank: 'close', text: sign },
    ]);
}

/** Within code every sign stands for itself. */
function isWithinCode(mark: Mark, marks: readonly Mark[]): boolean {
  return marks.some(
    other => other !== mark && signs[other.type] === '```' && other.start <= mark.start && mark.end <= other.end,
  );
}

/** The stretches to put signs around: they hug visible words, and end with their line unless they are code. */
function stretches(text: string, { type, start, end }: Mark): [number, number][] {
  const pieces = signs[type] === '```' ? /\S(?:[\s\S]*\S)?/g : /\S(?:[^\n]*\S)?/g;
  return Array.from(text.slice(start, end).matchAll(pieces), match => {
    const from = start + match.index;
    return [from, from + match[0].length];
  });
}

/** Signs take effect only where a word begins and ends. */
function touchesWord(text: string, start: number, end: number): boolean {
  return /[\p{L}\p{N}]$/u.test(text.slice(0, start)) || /^[\p{L}\p{N}]/u.test(text.slice(end));
}

function quoted(text: string, marks: readonly Mark[]): Insertion[] {
  return marks
    .filter(mark => mark.type === 'quote')
    .flatMap(({ start, end }) => {
      const lines: Insertion[] = [
        { at: start, rank: 'line', text: start === 0 || text[start - 1] === '\n' ? '> ' : '\n> ' },
      ];
      for (let at = text.indexOf('\n', start) + 1; at > 0 && at < end; at = text.indexOf('\n', at) + 1) {
        lines.push({ at, rank: 'line', text: '> ' });
      }
      const goesOn = end < text.length && text[end] !== '\n' && text[end - 1] !== '\n';
      return goesOn ? [...lines, { at: end, rank: 'line', text: '\n' }] : lines;
    });
}

const ranks = { close: 0, line: 1, open: 2 } as const;

function insert(text: string, insertions: readonly Insertion[]): string {
  // Marks come outer first, so at one place signs open in that order and close in the other.
  const ordered = insertions
    .map((insertion, index) => ({ ...insertion, index: insertion.rank === 'close' ? -index : index }))
    .toSorted((a, b) => a.at - b.at || ranks[a.rank] - ranks[b.rank] || a.index - b.index);
  let written = '';
  let from = 0;
  for (const { at, text: words } of ordered) {
    written += text.slice(from, at) + words;
    from = at;
  }
  return written + text.slice(from);
}
