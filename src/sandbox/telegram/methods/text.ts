import { entityFault, type FormattedText, parseHtml } from '../entities.ts';
import { TelegramBreach } from '../errors.ts';
import type { Params } from '../params.ts';
import type { TelegramEntity } from '../types.ts';

/** UTF-16 units after entity parsing. */
const limits = { text: 4096, caption: 1024 };

/**
 * A text or caption with its formatting, given as entities or by parse_mode.
 * @throws TelegramBreach where it is too long, its entities do not lie on it, or its markup cannot be read.
 */
export function readText(params: Params, field: 'text' | 'caption'): FormattedText {
  const given = params.text(field) ?? '';
  const mode = params.text('parse_mode');
  const entities = (params.list(field === 'text' ? 'entities' : 'caption_entities') ?? []) as TelegramEntity[];
  const formatted = mode === undefined ? { text: given, entities } : parse(given, mode);
  const fault = entityFault(formatted);
  if (fault !== undefined) throw new TelegramBreach(fault);
  if (formatted.text.length > limits[field]) {
    throw new TelegramBreach(field === 'text' ? 'message is too long' : 'message caption is too long');
  }
  return formatted;
}

function parse(text: string, mode: string): FormattedText {
  if (mode.toLowerCase() === 'html') return parseHtml(text);
  throw new TelegramBreach(`unsupported parse_mode (the double reads HTML only, not ${mode})`);
}
