import { TelegramBreach } from './errors.ts';
import type { TelegramEntity } from './types.ts';

/** Text as it is shown, with what lies over it. Offsets and lengths count UTF-16 units, as JavaScript strings do. */
export interface FormattedText {
  text: string;
  entities: TelegramEntity[];
}

const tags: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
  a: 'text_link',
};

const characters: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

/**
 * Reads `parse_mode: HTML` as the Bot API documents it: its own short list of tags, four named characters.
 * @throws TelegramBreach "can't parse entities" on anything else.
 */
export function parseHtml(html: string): FormattedText {
  let text = '';
  const entities: TelegramEntity[] = [];
  const open: { tag: string; entity: TelegramEntity }[] = [];
  for (const token of html.match(/<[^>]*>?|&#?\w+;|[^<&]+|&/g) ?? []) {
    if (token.startsWith('</')) {
      const tag = token.slice(2, -1).trim().toLowerCase();
      const last = open.pop();
      if (last?.tag !== tag) throw unparsable(html, token, `unexpected end tag "${tag}"`);
      last.entity.length = text.length - last.entity.offset;
      if (last.entity.length > 0) entities.push(last.entity);
    } else if (token.startsWith('<')) {
      const tag = /^<([a-z-]+)/i.exec(token)?.[1]?.toLowerCase() ?? '';
      const type = tags[tag];
      if (type === undefined || !token.endsWith('>')) throw unparsable(html, token, `unsupported start tag "${tag}"`);
      const url = /\shref="([^"]*)"/i.exec(token)?.[1];
      const language = /\sclass="language-([^"]*)"/i.exec(token)?.[1];
      open.push({
        tag,
        entity: {
          type,
          offset: text.length,
          length: 0,
          ...(url === undefined ? {} : { url: unescaped(url) }),
          ...(language === undefined ? {} : { language }),
        },
      });
    } else {
      text += unescaped(token);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw unparsable(html, '', `Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|\w+);/gi, (whole, decimal?: string, hex?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return characters[whole.toLowerCase()] ?? whole;
  });
}

function unparsable(html: string, token: string, reason: string): Error {
  const offset = Buffer.byteLength(html.slice(0, Math.max(0, html.indexOf(token))));
  return new TelegramBreach(`can't parse entities: ${reason} at byte offset ${offset}`);
}

/** What is wrong with entities given beside a text, in words; undefined when nothing is. */
export function entityFault({ text, entities }: FormattedText): string | undefined {
  const wrong = entities.find(
    ({ offset, length }) =>
      offset < 0 ||
      length < 1 ||
      offset + length > text.length ||
      splitsPair(text, offset) ||
      splitsPair(text, offset + length),
  );
  return (
    wrong && `entity ${wrong.type} at ${wrong.offset}, ${wrong.length} long, does not lie on a text of ${text.length}`
  );
}

/** True where a cut would part the two halves of a character beyond U+FFFF. */
function splitsPair(text: string, at: number): boolean {
  return (
    at > 0 && at < text.length && /^[\uDC00-\uDFFF]/.test(text.slice(at)) && /[\uD800-\uDBFF]$/.test(text.slice(0, at))
  );
}

/** The entities that Telegram finds by itself in what a person types: commands and addresses. */
export function detectEntities(text: string): TelegramEntity[] {
  return [...text.matchAll(/(?<![^\s])(?:(\/[a-z0-9_]{1,32}(?:@\w+)?)|(https?:\/\/\S+))/gi)].map(found => ({
    type: found[1] === undefined ? 'url' : 'bot_command',
    offset: found.index,
    length: found[0].length,
  }));
}
