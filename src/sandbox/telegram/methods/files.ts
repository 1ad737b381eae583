import { request } from 'undici';
import type { Bot } from '../bot.ts';
import { badRequest, TelegramError } from '../errors.ts';
import type { StoredFile } from '../files.ts';
import { imageSize } from '../image-size.ts';
import type { Params } from '../params.ts';
import type { TelegramMediaKind } from '../types.ts';
import type { KindOfFile } from './message.ts';

const mebibyte = 1024 * 1024;

/** Bytes a bot may upload, have fetched, and download. */
export const sizeLimits = {
  upload: (kind: TelegramMediaKind) => (kind === 'photo' ? 10 : 50) * mebibyte,
  fetch: (kind: TelegramMediaKind) => (kind === 'photo' ? 5 : 20) * mebibyte,
  download: 20 * mebibyte,
};

/**
 * The file that a parameter gives: an upload, a file id of the same bot, or an address to fetch from.
 * @throws TelegramError where there is none, or Telegram would not take it for this kind.
 */
export async function readFile(bot: Bot, params: Params, field: string, kind: TelegramMediaKind): Promise<KindOfFile> {
  const value = params.text(field) ?? '';
  const attachment = value.startsWith('attach://') ? value.slice('attach://'.length) : field;
  const upload = params.files[attachment];
  if (upload) {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
    if (upload.bytes.length > sizeLimits.upload(kind)) throw new TelegramError(413, 'Request Entity Too Large');
    return store(bot, kind, upload);
  }
  if (/^https?:\/\//.test(value)) return store(bot, kind, await fetchFile(value, kind));
  const known = bot.files.get(value);
  if (!known) throw badRequest(`wrong file identifier/HTTP URL specified`);
  return { kind, file: known };
}

function store(bot: Bot, asked: TelegramMediaKind, upload: Upload): KindOfFile {
  const kind = asked === 'voice' && !soundsLikeVoice(upload.bytes) ? 'document' : asked;
  if (kind === 'photo') checkPhoto(upload.bytes);
  const file: StoredFile = bot.files.add(kind, upload.bytes, { name: upload.name, mime: upload.mime });
  return { kind, file };
}

interface Upload {
  name: string;
  mime: string;
  bytes: Uint8Array;
}

function checkPhoto(bytes: Uint8Array): void {
  const size = imageSize(bytes);
  if (!size) throw badRequest('IMAGE_PROCESS_FAILED');
  const { width, height } = size;
  if (width + height > 10_000 || Math.max(width, height) > 20 * Math.min(width, height)) {
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
  }
}

/** OGG, MP3 and MP4 audio show as voice notes; anything else that is sent as one becomes a plain file. */
function soundsLikeVoice(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return (
    head.startsWith('OggS') || head.startsWith('ID3') || /^\xff[\xe2-\xff]/.test(head) || head.slice(4, 8) === 'ftyp'
  );
}

/** Only loopback addresses are fetched: the double never reaches out to the internet. */
async function fetchFile(address: string, kind: TelegramMediaKind): Promise<Upload> {
  const url = new URL(address);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) throw badRequest('failed to get HTTP URL content');
  const answer = await request(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
  const bytes = answer && (await answer.body.bytes());
  if (!bytes || answer.statusCode !== 200) throw badRequest('failed to get HTTP URL content');
  if (bytes.length > sizeLimits.fetch(kind)) throw badRequest('file is too big');
  const mime = String(answer.headers['content-type'] ?? 'application/octet-stream').split(';')[0] ?? '';
  if (kind === 'document' && !['application/pdf', 'application/zip', 'image/gif'].includes(mime)) {
    throw badRequest('wrong type of the web page content');
  }
  return { name: decodeURIComponent(url.pathname.split('/').at(-1) ?? ''), mime, bytes };
}
