import type { MediaPart, Part, TextPart } from '../../contract/message.ts';
import { escapeHtml, htmlToText, stripZeroWidth } from '../../kit/html.ts';
import { kindOfMime } from '../../kit/media.ts';
import { type Dict, dict, number, text } from '../../kit/read.ts';
import { joinText } from '../../kit/text.ts';
import { dicts } from './dicts.ts';

/**
 * What a conversation part or source says: its text first, then inline images, then attachments. Empty when it says
 * nothing.
 */
export function readBody(said: Dict): Part[] {
  const { words, images } = readWords(text(said.body) ?? '');
  const options = quickReplies(said);
  const texts = [words, options].filter(part => part !== undefined);
  const attachments = dicts(said.attachments).map(attachment);
  const attached = new Set(attachments.map(part => withoutQuery(part.ref)));
  return [
    ...(texts.length === 0 ? [] : [joinText(texts, '\n')]),
    // An inline image may be listed among the attachments too, under another signature.
    ...images.filter(image => !attached.has(withoutQuery(image.ref))),
    ...attachments,
  ];
}

/**
 * Up to API version 2.14 webhooks carry HTML, from 2.15 on plain text. The version is set in the Developer Hub; neither the
 * webhook nor any call tells which it is, and it can be changed at any time. So the body itself decides: Intercom's HTML is
 * always wrapped in elements, while a teammate's own words hardly ever begin with a tag that is closed again. `a < b` and
 * `<3` are plain text under both.
 */
export function isHtml(body: string): boolean {
  const first = /^\s*<([a-z][a-z0-9]*)(\s[^<>]*)?\/?>/i.exec(body)?.[1]?.toLowerCase();
  if (first === undefined || !wrappers.has(first)) return false;
  return voids.has(first) || body.toLowerCase().includes(`</${first}`);
}

/** Plain words as the HTML that calls in a teammate's name take. */
export function writeHtml(words: string): string {
  return words === '' ? '' : `<p>${escapeHtml(words).replaceAll('\n', '<br>')}</p>`;
}

const voids = new Set(['br', 'hr', 'img']);
const wrappers = new Set([
  ...voids,
  ...'p div h1 h2 h3 h4 h5 h6 ul ol pre blockquote table figure section article html body'.split(' '),
  ...'a b strong i em u s del code span'.split(' '),
]);

function readWords(body: string): { words: TextPart | undefined; images: MediaPart[] } {
  if (!isHtml(body)) {
    const plain = stripZeroWidth(body.replace(/\r\n?/g, '\n')).trim();
    return { words: plain === '' ? undefined : { kind: 'text', text: plain }, images: [] };
  }
  const { text: words, images } = htmlToText(body);
  return {
    words,
    images: images.map(({ src }) => {
      const name = fileNameOf(src);
      return { kind: 'image', ref: src, ...(name === undefined ? {} : { name }) };
    }),
  };
}

/** Buttons that a teammate or bot offered: a customer elsewhere cannot press them, but can type one. */
function quickReplies(said: Dict): TextPart | undefined {
  const labels = dicts(dict(said.metadata)?.quick_reply_options).flatMap(option => text(option.text) ?? []);
  return labels.length === 0 ? undefined : { kind: 'text', text: labels.map(label => `- ${label}`).join('\n') };
}

function attachment(entry: Dict): MediaPart {
  const ref = text(entry.url);
  const mime = text(entry.content_type)?.toLowerCase();
  const name = text(entry.name);
  const size = number(entry.filesize);
  const width = number(entry.width);
  const height = number(entry.height);
  return {
    kind: kindOfMime(mime),
    ref: ref ?? '',
    ...(name === undefined ? {} : { name }),
    ...(mime === undefined ? {} : { mime }),
    ...(size === undefined ? {} : { size }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(ref === undefined ? { unavailable: 'Intercom gave no address for it.' } : {}),
  };
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

function fileNameOf(address: string): string | undefined {
  const last = URL.parse(address)?.pathname.split('/').at(-1);
  return last?.includes('.') ? last : undefined;
}
