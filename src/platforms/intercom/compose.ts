import type { Context } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import type { LocationPart, MediaKind, MediaPart, Part } from '../../contract/message.ts';
import { failureOf } from '../../kit/failure.ts';
import { plainText } from '../../kit/text.ts';
import type { IntercomConfig } from './manifest.ts';

/** Bytes. The specification names no size; these stay well below what a request may weigh. */
export const largestFile = 20 * 1024 * 1024;
const largestRequest = 40 * 1024 * 1024;
export const mostFiles = 10;

interface AttachmentFile {
  content_type: string;
  /** Base64. */
  data: string;
  name: string;
}

/** One call's worth of a message, in the form the API takes. */
export interface Composed {
  /** Plain text. Empty only where there are files. */
  body: string;
  /** What stands for the files where words are required. */
  standIn: string;
  files: AttachmentFile[];
  /** What did not fit and goes next. */
  rest: Part[];
}

/** Opens a thread: words only, for no file can travel with them. The files follow as `rest`. */
export function composeOpening(parts: readonly Part[]): Composed {
  const files = parts.filter(isSendable);
  const body = parts.flatMap(words).join('\n');
  return { body: body === '' ? standInFor(files) : body, standIn: standInFor(files), files: [], rest: files };
}

/** Goes into a thread: words and as many files as one request carries. What cannot be attached is said in words. */
export async function composeReply(
  parts: readonly Part[],
  context: Context<IntercomConfig>,
): Promise<Composed | { failure: Failure }> {
  const lines: string[] = [];
  const files: AttachmentFile[] = [];
  const sent: MediaPart[] = [];
  const rest: Part[] = [];
  let size = 0;
  for (const part of parts) {
    if (!isSendable(part)) {
      lines.push(...words(part));
    } else if (rest.length > 0 || files.length === mostFiles) {
      rest.push(part);
    } else {
      const file = await read(part, context);
      if ('failure' in file) return file;
      if ('line' in file) lines.push(file.line);
      else if (size + file.bytes.length > largestRequest) rest.push(part);
      else {
        size += file.bytes.length;
        sent.push(part);
        files.push({ content_type: file.mime, data: Buffer.from(file.bytes).toString('base64'), name: file.name });
      }
    }
  }
  return { body: lines.join('\n'), standIn: standInFor(sent), files, rest };
}

/** The bytes; or a line in their place, where they are gone or too large, so that the rest of the message still arrives. */
async function read(
  part: MediaPart,
  context: Context<IntercomConfig>,
): Promise<{ bytes: Uint8Array; mime: string; name: string } | { line: string } | { failure: Failure }> {
  try {
    const stored = await context.media.read(part);
    if (stored.bytes.length <= largestFile) return stored;
    return { line: `[${title(part)}] ${context.media.link(part)}` };
  } catch (error) {
    const failure = failureOf(error);
    return failure.class === 'media' ? { line: `[${title(part)}: ${failure.message}]` } : { failure };
  }
}

type Sendable = MediaPart & { unavailable?: undefined };

function isSendable(part: Part): part is Sendable {
  return isMedia(part) && part.unavailable === undefined;
}

function isMedia(part: Part): part is MediaPart {
  return part.kind in mediaWords;
}

/** How a part reads in plain text; nothing for a file that is sent as such. */
function words(part: Part): string[] {
  switch (part.kind) {
    case 'text':
      return [plainText(part)];
    case 'location':
      return [location(part)];
    case 'contact':
      return [[`Contact: ${part.name}`, ...part.phones, ...(part.emails ?? [])].join('\n')];
    case 'choice':
      return [part.label];
    case 'story':
    case 'unsupported':
      return [part.text];
    default:
      return part.unavailable === undefined ? [] : [`[${title(part)}: ${part.unavailable}]`];
  }
}

/** @see https://developers.google.com/maps/documentation/urls/get-started#search-action */
function location(part: LocationPart): string {
  const named = [part.name, part.address].filter(line => line !== undefined && line !== '');
  const link = `https://www.google.com/maps/search/?api=1&query=${part.lat},${part.lng}`;
  return [`Location${named.length > 0 ? `: ${named.join(', ')}` : ''}`, link].join('\n');
}

const mediaWords: Readonly<Record<MediaKind, string>> = {
  image: 'photo',
  video: 'video',
  audio: 'audio',
  voice: 'voice note',
  file: 'file',
  sticker: 'sticker',
};

function title(part: MediaPart): string {
  return part.kind === 'file' && part.name !== undefined ? `file ${part.name}` : mediaWords[part.kind];
}

function standInFor(files: readonly MediaPart[]): string {
  return files.map(part => `[${title(part)}]`).join(' ');
}
