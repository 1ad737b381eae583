import { fileTypeFromBuffer } from 'file-type';
import type { MediaKind } from '../contract/message.ts';

/** Endings by type, the usual one first, where they are not just the subtype's own name. */
const endings: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/tiff': ['tif', 'tiff'],
  'image/heic': ['heic', 'heif'],
  'image/heif': ['heif', 'heic'],
  'image/x-icon': ['ico'],
  'audio/mpeg': ['mp3'],
  'audio/mp4': ['m4a', 'm4b', 'mp4', 'aac'],
  'audio/x-m4a': ['m4a', 'mp4', 'aac'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/3gpp': ['3gp'],
  'audio/3gpp2': ['3g2'],
  'audio/x-ms-asf': ['wma'],
  'video/mp4': ['mp4', 'm4v'],
  'video/x-m4v': ['m4v', 'mp4'],
  'video/ogg': ['ogv', 'ogg'],
  'video/mpeg': ['mpg', 'mpeg'],
  'video/quicktime': ['mov', 'qt'],
  'video/matroska': ['mkv'],
  'video/x-matroska': ['mkv'],
  'video/vnd.avi': ['avi'],
  'video/3gpp': ['3gp'],
  'video/3gpp2': ['3g2'],
  'video/x-ms-asf': ['wmv', 'asf'],
  'text/plain': ['txt'],
  'text/markdown': ['md'],
  'text/calendar': ['ics'],
  'text/vcard': ['vcf'],
  'text/x-vcard': ['vcf'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/vnd.ms-outlook': ['msg'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
  'application/vnd.android.package-archive': ['apk'],
  'application/x-tgsticker': ['tgs'],
  'application/x-msdownload': ['exe'],
  'application/x-rar-compressed': ['rar'],
  'application/x-7z-compressed': ['7z'],
  'application/x-bzip2': ['bz2'],
  'application/gzip': ['gz'],
  'application/octet-stream': ['bin'],
};

const pictureAndSound = /^(image|audio|video)\//;

/** Endings that promise a picture, a film or a recording. */
const promising = new Set([
  ...Object.entries(endings).flatMap(([mime, own]) => (pictureAndSound.test(mime) ? own : [])),
  ...['png', 'gif', 'webp', 'bmp', 'svg', 'avif', 'webm', 'wav', 'amr', 'flac'],
]);

/** Text types that a browser would run; they are only ever handed out as plain text. */
const active =
  /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|text\/javascript|application\/javascript|text\/xml|application\/xml)$/;

/** Types whose bytes have no signature of their own. */
const unsigned = /^(text\/[\w.+-]+|application\/(json|rtf|vnd\.[\w.+-]+))$/;

/** Where the bytes tell the container only, an announced type that fits into it is the finer one. */
const containers: readonly [container: RegExp, content: RegExp][] = [
  [/^application\/ogg$/, /^(audio|video)\/ogg$/],
  [/^video\/mp4$/, /^audio\/(mp4|m4a|x-m4a)$/],
  [/^video\/webm$/, /^audio\/webm$/],
  [/^video\/3gpp2?$/, /^audio\/3gpp2?$/],
  [/^application\/zip$/, /^application\/vnd\./],
  [/^application\/x-cfb$/, /^application\/(msword$|vnd\.)/],
  [/^application\/gzip$/, /^application\/x-tgsticker$/],
];

/**
 * The type of some bytes, found by looking at them. What is announced is believed only where the bytes say less (text, CSV
 * and the like have no signature, and some containers hold many things), and never for a type that a browser would run.
 */
export async function sniff(bytes: Uint8Array, announced?: string): Promise<string> {
  const claim = announced?.split(';')[0]?.trim().toLowerCase() ?? '';
  const found = (await fileTypeFromBuffer(bytes))?.mime.split(';')[0];
  const type = found === undefined ? unsignedType(claim) : inside(found, claim) ? claim : found;
  return active.test(type) ? 'text/plain' : type;
}

function unsignedType(claim: string): string {
  return unsigned.test(claim) || active.test(claim) ? claim : 'application/octet-stream';
}

function inside(found: string, claim: string): boolean {
  return containers.some(([container, content]) => container.test(found) && content.test(claim));
}

/**
 * A file name that is safe on every system: without path, control characters and marks that turn the reading direction, at
 * most 120 characters; a missing name becomes the kind's own word. Pictures, films and recordings end as their type asks,
 * so that they open; other files keep the ending they have, or get one.
 */
export function fileName(given: string | undefined, mime: string, kind: MediaKind): string {
  const name = safe(given ?? '') || kind;
  const own = endings[mime] ?? [mime.split('/')[1]?.replace(/^x-|\+.*$/g, '') ?? ''];
  const ending = own[0] !== undefined && /^[a-z0-9-]+$/.test(own[0]) ? own[0] : 'bin';
  // A number after a dot is a version or a date.
  const present = /\.(?=\d*[a-z])([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase();
  if (present === undefined) return `${name}.${ending}`;
  if (!pictureAndSound.test(mime) || own.includes(present)) return name;
  return `${promising.has(present) ? name.slice(0, -present.length - 1) : name}.${ending}`;
}

function safe(given: string): string {
  const base = given.toWellFormed().split(/[\\/]/).pop() ?? '';
  const visible = base.replace(/[\p{Cc}<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  return (
    [...visible]
      .slice(-120)
      .join('')
      .replace(/^[.\s]+|[.\s]+$/g, '')
      // Names that Windows keeps for devices.
      .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, '_$1')
  );
}

/** What kind of part a MIME type is shown as. */
export function kindOfMime(mime: string | undefined): MediaKind {
  if (mime === undefined) return 'file';
  if (/^image\/(jpeg|png|gif|webp)$/.test(mime)) return 'image';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/')) return 'audio';
  return 'file';
}
