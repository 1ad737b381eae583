import { Parser } from 'htmlparser2';
import type { Mark, MarkType, TextPart } from '../contract/message.ts';
import { textPart } from './text.ts';

/** What an HTML fragment says: its words, and the images that stood among them. */
export interface HtmlContent {
  /** Absent when there is nothing to read. */
  text: TextPart | undefined;
  /** Every `<img>` with an address, in order. */
  images: { src: string; alt?: string }[];
}

/**
 * Reads an HTML fragment as an inbox's editor makes it. Blocks and `<br>` become line breaks (an empty paragraph a blank
 * line, never two), lists get "- " and "1. ", formatting becomes marks, images are taken out. Entities are decoded once and
 * zero-width characters go. Broken markup is read as a browser would read it; no input throws.
 */
export function htmlToText(html: string): HtmlContent {
  const reader = new HtmlReader();
  const parser = new Parser({
    onopentag: (name, attributes) => reader.open(name, attributes),
    ontext: data => reader.text(data),
    onclosetag: name => reader.close(name),
  });
  parser.end(html);
  return reader.finish();
}

/** Text as it must stand in HTML, between tags or within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Drops invisible characters that come along with copied text. Joiners stay where they shape what is seen: within an emoji
 * sequence (a family, a flag), and between letters of scripts that join, such as Persian or Hindi.
 */
export function stripZeroWidth(text: string): string {
  return text
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .replace(/(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Lo}\p{M}])[\u200c\u200d]+/gu, '')
    .replace(/[\u200c\u200d]+(?![\p{Extended_Pictographic}\p{Lo}\p{M}])/gu, '');
}

const blocks = new Set(
  'address article aside blockquote div dl dd dt figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);
const cells = new Set(['td', 'th']);
/** Their content is not for readers. */
const silent = new Set(['head', 'script', 'style', 'template', 'title']);
/** Shown by their address, for lack of anything else to read. */
const embeds = new Set(['audio', 'iframe', 'video']);

const markTypes: Readonly<Record<string, MarkType>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  code: 'code',
  pre: 'pre',
  blockquote: 'quote',
  a: 'link',
};

interface OpenMark {
  type: MarkType;
  /** The tag that closes it. */
  tag: string;
  url?: string;
  /** Unset until the first character that it covers. */
  start?: number;
}

interface OpenList {
  /** The number of the next item; undefined for a list of bullets. */
  next?: number;
}

/** Turns the parser's events into text. White space is written late, so that none is left at the edges of a line. */
class HtmlReader {
  #out = '';
  /** Where the last character that can be seen ends. */
  #inked = 0;
  #heard = '';
  #space = false;
  #prefix = '';
  #silent = 0;
  #pre = 0;
  readonly #lists: OpenList[] = [];
  readonly #open: OpenMark[] = [];
  /** How long the text was when each open paragraph began. */
  readonly #paragraphs: number[] = [];
  readonly #marks: Mark[] = [];
  readonly #images: HtmlContent['images'] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#flush();
    if (silent.has(name)) this.#silent++;
    if (this.#silent > 0) return;
    if (blocks.has(name)) this.#breakLine();
    if (name === 'br') this.#newLine();
    if (name === 'p') this.#paragraphs.push(this.#out.length);
    if (name === 'pre') this.#pre++;
    if (name === 'ul') this.#lists.push({});
    if (name === 'ol') this.#lists.push({ next: Number.parseInt(attributes.start ?? '1', 10) || 1 });
    if (name === 'li') this.#prefix = this.#itemPrefix();
    if (name === 'img') this.#image(attributes);
    if (embeds.has(name) && isAddress(attributes.src)) {
      this.#breakLine();
      this.#write(attributes.src);
      this.#breakLine();
    }
    this.#openMark(name, attributes);
  }

  /** The parser cuts text at entities; it is put together again first, for joiners are judged by their neighbours. */
  text(data: string): void {
    if (this.#silent === 0) this.#heard += data;
  }

  close(name: string): void {
    this.#flush();
    if (silent.has(name)) this.#silent--;
    if (this.#silent > 0) return;
    this.#closeMark(name);
    if (name === 'pre') this.#pre--;
    if (name === 'ul' || name === 'ol') this.#lists.pop();
    if (name === 'li') this.#prefix = '';
    if (cells.has(name)) this.#space = true;
    if (name === 'p' && this.#paragraphs.pop() === this.#out.length) this.#newLine();
    if (blocks.has(name)) this.#breakLine();
  }

  finish(): HtmlContent {
    this.#flush();
    const text = this.#out.slice(0, this.#inked);
    return { text: text === '' ? undefined : textPart(text, this.#marks), images: this.#images };
  }

  #flush(): void {
    const text = stripZeroWidth(this.#heard);
    this.#heard = '';
    for (const [index, line] of (this.#pre > 0 ? text.split(/\r?\n/) : [text]).entries()) {
      if (index > 0) this.#newLine();
      if (this.#pre > 0) this.#write(line);
      else this.#flow(line);
    }
  }

  /** Running text: any white space is one space. */
  #flow(text: string): void {
    for (const [index, word] of text.split(/[ \t\r\n\f\u00a0]+/).entries()) {
      if (index > 0) this.#space = true;
      this.#write(word);
    }
  }

  #write(characters: string): void {
    if (characters === '') return;
    const lineStart = this.#out === '' || this.#out.endsWith('\n');
    if (this.#space && !lineStart) this.#out += ' ';
    this.#space = false;
    this.#begin(mark => mark.type === 'quote');
    this.#out += this.#prefix;
    this.#prefix = '';
    this.#begin(() => true);
    this.#out += characters;
    if (characters.trim() !== '') this.#inked = this.#out.trimEnd().length;
  }

  /** A quotation holds its list's bullets; every other mark begins with the words. */
  #begin(which: (mark: OpenMark) => boolean): void {
    for (const mark of this.#open) {
      if (mark.start === undefined && which(mark)) mark.start = this.#out.length;
    }
  }

  #newLine(): void {
    this.#space = false;
    if (this.#inked > 0 && !this.#out.endsWith('\n\n')) this.#out += '\n';
  }

  #breakLine(): void {
    this.#space = false;
    if (!this.#out.endsWith('\n')) this.#newLine();
  }

  #itemPrefix(): string {
    const list = this.#lists.at(-1);
    const indent = '  '.repeat(Math.max(0, Math.min(this.#lists.length, 10) - 1));
    return list?.next === undefined ? `${indent}- ` : `${indent}${list.next++}. `;
  }

  #image(attributes: Readonly<Record<string, string>>): void {
    const { src, alt } = attributes;
    if (src) this.#images.push(alt ? { src, alt } : { src });
  }

  #openMark(tag: string, attributes: Readonly<Record<string, string>>): void {
    const type = markTypes[tag];
    if (type === undefined || this.#open.some(mark => mark.type === type || mark.type === 'pre')) return;
    if (type !== 'link') this.#open.push({ type, tag });
    else if (isAddress(attributes.href)) this.#open.push({ type, tag, url: attributes.href.trim() });
  }

  #closeMark(tag: string): void {
    const index = this.#open.findLastIndex(mark => mark.tag === tag);
    const [mark] = index < 0 ? [] : this.#open.splice(index, 1);
    if (mark?.start === undefined || mark.start >= this.#inked) return;
    const { type, start, url } = mark;
    this.#marks.push({ type, start, end: this.#inked, ...(url === undefined ? {} : { url }) });
  }
}

/** Addresses that a reader may follow; `javascript:` and the like are none. */
function isAddress(value: string | undefined): value is string {
  return value !== undefined && /^\s*(https?:\/\/|mailto:|tel:)\S/i.test(value);
}
