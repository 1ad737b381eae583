import type { Mark, MarkType, TextPart } from '../../contract/message.ts';
import { dict, list, number, text } from '../../kit/read.ts';
import { filterMarks, textPart } from '../../kit/text.ts';

/** Our marks and Telegram's `MessageEntity` types. Both count UTF-16 units. */
const entityTypes: Readonly<Record<MarkType, string>> = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strikethrough',
  code: 'code',
  pre: 'pre',
  quote: 'blockquote',
  spoiler: 'spoiler',
  link: 'text_link',
};

const markTypes: ReadonlyMap<unknown, MarkType> = new Map<unknown, MarkType>([
  ...Object.entries(entityTypes).map(([mark, entity]) => [entity, mark as MarkType] as const),
  ['expandable_blockquote', 'quote'],
]);

/** What Telegram calls a `MessageEntity`, as far as we send it. */
interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
}

/**
 * A text with its entities as marks. Entities that only point out what the words show anyway (mentions, hashtags, bare
 * addresses, custom emoji, dates) leave no mark. Undefined when there are no words.
 * @see https://core.telegram.org/bots/api#messageentity
 */
export function fromEntities(words: unknown, entities: unknown): TextPart | undefined {
  const content = text(words);
  if (content === undefined) return undefined;
  return textPart(content, list(entities).flatMap(markOf));
}

function markOf(value: unknown): Mark[] {
  const entity = dict(value);
  const type = markTypes.get(entity?.type);
  const start = number(entity?.offset);
  const length = number(entity?.length);
  if (type === undefined || start === undefined || length === undefined) return [];
  const stretch = { type, start: Math.trunc(start), end: Math.trunc(start + length) };
  return [type === 'link' ? { ...stretch, url: text(entity?.url) } : stretch];
}

/**
 * Words and entities to send. Links that Telegram does not take (mail, telephone) are written out behind their label.
 */
export function toEntities(part: TextPart): { text: string; entities: Entity[] } {
  const fit = filterMarks(part, mark => mark.type !== 'link' || /^(https?|tg):\/\//i.test(mark.url ?? ''));
  const entities = (fit.marks ?? []).map(({ type, start, end, url }) => ({
    type: entityTypes[type],
    offset: start,
    length: end - start,
    ...(url === undefined ? {} : { url }),
  }));
  return { text: fit.text, entities };
}
