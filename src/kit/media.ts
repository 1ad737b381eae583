import { fileTypeFromBuffer } from 'file-type';
import type { MediaKind } from '../contract/message.ts';

/** Types whose usual ending is not the subtype's own name. */
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'video/quicktime': 'mov',
  'video/x-matroska': 'mkv',
  'text/plain': 'txt',
  'application/x-tgsticker': 'tgs',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/octet-stream': 'bin',
  'application/gzip': 'gz',
};

/** Text types that a browser would run; they are only ever handed out as plain text. */
const active =
  /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|text\/javascript|application\/javascript|text\/xml|application\/xml)$/;

/**
 * The type of some bytes, found by looking at them. What is announced is believed only where the bytes say nothing (text,
 * CSV and the like have no signature), and never for a type that a browser would run.
 */
export async function sniff(bytes: Uint8Array, announced?: string): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  const claim = announced?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (found) {
    // Ogg holds voice and video alike, and Office files are ZIP archives: the announced type is the finer one.
    const plainType = found.mime.split(';')[0] ?? found.mime;
    if (plainType === 'application/ogg' && /^(audio|video)\/ogg$/.test(claim)) return claim;
    if (plainType === 'application/zip' && /^application\/(vnd\.|zip)/.test(claim)) return claim;
    if (plainType === 'application/gzip' && claim === 'application/x-tgsticker') return claim;
    return plainType;
  }
  if (active.test(claim)) return 'text/plain';
  if (/^(text\/[\w.+-]+|application\/(json|rtf|vnd\.[\w.+-]+))$/.test(claim)) return claim;
  return 'application/octet-stream';
}

/**
 * A file name that is safe on every system and ends as its type asks: path parts, control characters and leading dots go,
 * a missing name becomes the kind's own word.
 */
export function fileName(given: string | undefined, mime: string, kind: MediaKind): string {
  const base = (given ?? '')
    .split(/[\\/]/)
    .pop()
    ?.replace(/[\p{Cc}<>:"|?*]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(-120);
  const name = base === undefined || base === '' ? kind : base;
  if (/\.[a-z0-9]{1,8}$/i.test(name)) return name;
  const ending = endings[mime] ?? mime.split('/')[1]?.replace(/^x-|\+.*$/g, '') ?? 'bin';
  return `${name}.${ending}`;
}

/** What kind of part a MIME type is shown as. */
export function kindOfMime(mime: string | undefined): MediaKind {
  if (mime === undefined) return 'file';
  if (/^image\/(jpeg|png|gif|webp)$/.test(mime)) return 'image';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/')) return 'audio';
  return 'file';
}
