import type { Mark, MarkType, Part } from '../../contract/message.ts';
import { type Dict, dict, id, list, text } from '../../kit/read.ts';
import { textPart } from '../../kit/text.ts';
import { attachmentsOf } from './attachments.ts';

/** Deeper nesting than any person writes: what lies below is left out rather than followed. */
const maxDepth = 40;

const markTypes: ReadonlyMap<unknown, MarkType> = new Map<unknown, MarkType>([
  ['bold', 'bold'],
  ['italic', 'italic'],
  ['underline', 'underline'],
  ['strikethrough', 'strike'],
  ['spoiler', 'spoiler'],
  ['code', 'code'],
  ['url', 'link'],
  ['heading', 'bold'],
  ['pre', 'pre'],
  ['blockquote', 'quote'],
  ['pullquote', 'quote'],
]);

interface Page {
  text: string;
  marks: Mark[];
  files: Part[];
}

/**
 * A rich message (headings, lists, tables, media between paragraphs) as files and one text: block by block, formatting
 * kept as far as our marks go.
 * @see https://core.telegram.org/bots/api#richmessage
 */
export function richParts(value: unknown): Part[] {
  const page: Page = { text: '', marks: [], files: [] };
  writeBlocks(page, dict(value)?.blocks, 0);
  const words = page.text.trimEnd();
  return words === '' ? page.files : [...page.files, textPart(words, page.marks)];
}

function writeBlocks(page: Page, blocks: unknown, depth: number): void {
  if (depth > maxDepth) return;
  for (const entry of list(blocks)) {
    const block = dict(entry);
    if (!block) continue;
    const files = attachmentsOf({ ...block, voice: block.voice_note });
    page.files.push(...files);
    marked(page, block, () => writeBlock(page, block, depth + 1));
    endLine(page);
  }
}

function writeBlock(page: Page, block: Dict, depth: number): void {
  const caption = dict(block.caption);
  const lines = [block.summary, block.text, block.expression, caption?.text ?? block.caption, block.credit];
  for (const line of lines.filter(entry => entry !== undefined)) {
    writeText(page, line, depth);
    endLine(page);
  }
  writeBlocks(page, block.blocks, depth);
  const place = dict(block.location);
  if (place) page.text += `${id(place.latitude) ?? ''}, ${id(place.longitude) ?? ''}`;
  for (const entry of list(block.items)) {
    const item = dict(entry);
    page.text += `${item?.has_checkbox === true ? checkbox(item) : (text(item?.label) ?? '–')} `;
    writeBlocks(page, item?.blocks, depth);
    endLine(page);
  }
  for (const row of list(block.cells)) {
    for (const [column, cell] of list(row).entries()) {
      if (column > 0) page.text += ' | ';
      writeText(page, dict(cell)?.text, depth);
    }
    endLine(page);
  }
}

function checkbox(item: Dict): string {
  return item.is_checked === true ? '☑' : '☐';
}

/** `RichText`: a string, a list of them, or an object that formats one. */
function writeText(page: Page, value: unknown, depth: number): void {
  if (depth > maxDepth) return;
  if (typeof value === 'string') page.text += value;
  for (const entry of list(value)) writeText(page, entry, depth + 1);
  const rich = dict(value);
  if (!rich) return;
  marked(page, rich, () => writeText(page, rich.text ?? rich.alternative_text ?? rich.expression, depth + 1));
}

/** Writes, and puts the mark of a block or text over what has been written. */
function marked(page: Page, source: Dict, write: () => void): void {
  const start = page.text.length;
  write();
  const type = markTypes.get(source.type);
  const end = start + page.text.slice(start).trimEnd().length;
  if (type !== undefined) page.marks.push({ type, start, end, ...(type === 'link' ? { url: text(source.url) } : {}) });
}

function endLine(page: Page): void {
  if (page.text !== '' && !page.text.endsWith('\n')) page.text += '\n';
}
