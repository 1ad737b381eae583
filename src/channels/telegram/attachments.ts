import type { MediaKind, MediaPart } from '../../contract/message.ts';
import { type Dict, dict, list, number, text } from '../../kit/read.ts';

/** Bytes of the largest file that `getFile` hands to a bot. @see https://core.telegram.org/bots/api#getfile */
export const downloadLimit = 20 * 1024 * 1024;

/**
 * The files a message carries, whichever of Telegram's many fields they come in. An animation repeats itself as a
 * document and a live photo as a photo, for older programs: each is read once.
 */
export function attachmentsOf(message: Dict): MediaPart[] {
  const live = dict(message.live_photo);
  return [
    photo(message.photo ?? live?.photo),
    file('video', live, { mime: 'video/mp4' }),
    animation(message.animation) ?? file('file', message.document),
    file('video', message.video, { mime: 'video/mp4' }),
    videoNote(message.video_note),
    file('voice', message.voice, { mime: 'audio/ogg' }),
    audio(message.audio),
    sticker(message.sticker),
    ...list(dict(message.paid_media)?.paid_media).flatMap(paidFor),
  ].filter(part => part !== undefined);
}

/** A preview, which has not been paid for, holds no file. */
function paidFor(value: unknown): MediaPart[] {
  const { photo, video, live_photo } = dict(value) ?? {};
  return attachmentsOf({ photo, video, live_photo });
}

function file(kind: MediaKind, value: unknown, known: Partial<MediaPart> = {}): MediaPart | undefined {
  const source = dict(value);
  const ref = text(source?.file_id);
  if (!source || ref === undefined) return undefined;
  const size = number(source.file_size);
  return {
    kind,
    ref,
    name: text(source.file_name) ?? known.name,
    mime: text(source.mime_type) ?? known.mime,
    size,
    width: number(source.width) ?? known.width,
    height: number(source.height) ?? known.height,
    seconds: number(source.duration),
    unavailable: size !== undefined && size > downloadLimit ? tooLarge(size) : undefined,
  };
}

/** Why a file cannot be had, for the person who would like to see it. */
export function tooLarge(size: number): string {
  const megabytes = Math.round(size / 1_000_000);
  return `The file is too large (${megabytes} MB): Telegram hands a bot at most 20 MB. Ask for it in another way.`;
}

/** A photo comes as a ladder of sizes. The order is not promised, so the largest area wins. */
function photo(sizes: unknown): MediaPart | undefined {
  const parts = list(sizes).flatMap(size => file('image', size, { mime: 'image/jpeg' }) ?? []);
  const area = (part: MediaPart) => (part.width ?? 0) * (part.height ?? 0);
  return parts.reduce<MediaPart | undefined>(
    (best, part) => (best && area(best) > area(part) ? best : part),
    undefined,
  );
}

function animation(value: unknown): MediaPart | undefined {
  const isPicture = text(dict(value)?.mime_type)?.startsWith('image/');
  return file(isPicture ? 'image' : 'video', value, { mime: 'video/mp4' });
}

/** Round and square: one number, `length`, is both its sides. */
function videoNote(value: unknown): MediaPart | undefined {
  const side = number(dict(value)?.length);
  return file('video', value, { mime: 'video/mp4', width: side, height: side });
}

function audio(value: unknown): MediaPart | undefined {
  const { performer, title } = dict(value) ?? {};
  const name = [text(performer), text(title)].filter(word => word !== undefined).join(' – ');
  return file('audio', value, { mime: 'audio/mpeg', name: text(name) });
}

function sticker(value: unknown): MediaPart | undefined {
  const source = dict(value);
  if (source?.is_video === true) return file('sticker', source, { mime: 'video/webm' });
  return file('sticker', source, { mime: source?.is_animated === true ? 'application/x-tgsticker' : 'image/webp' });
}
