import type { StoredMedia } from '../../contract/adapter.ts';
import type { MediaKind, MediaPart } from '../../contract/message.ts';
import type { Call } from './api.ts';
import { photoLimit } from './capabilities.ts';

/** How a file can be shown: the method, the field it goes in, and what Telegram likes to know beside it. */
interface Form {
  method: string;
  field: string;
  takes(media: StoredMedia, part: MediaPart): boolean;
  details?(part: MediaPart): Record<string, unknown>;
}

const oneOf =
  (...mimes: string[]) =>
  (media: StoredMedia) =>
    mimes.includes(media.mime);

const size = ({ width, height }: MediaPart) => ({ width, height });
const duration = ({ seconds }: MediaPart) => ({ duration: seconds === undefined ? undefined : Math.round(seconds) });

const photo: Form = {
  method: 'sendPhoto',
  field: 'photo',
  takes: (media, part) =>
    ['image/jpeg', 'image/png', 'image/webp'].includes(media.mime) &&
    media.bytes.length <= photoLimit &&
    hasPhotoShape(part),
};
const animation: Form = { method: 'sendAnimation', field: 'animation', takes: oneOf('image/gif'), details: size };
const video: Form = {
  method: 'sendVideo',
  field: 'video',
  takes: oneOf('video/mp4'),
  details: part => ({ ...size(part), ...duration(part) }),
};
const audio: Form = {
  method: 'sendAudio',
  field: 'audio',
  takes: oneOf('audio/mpeg', 'audio/mp4', 'audio/x-m4a'),
  details: duration,
};
const voice: Form = {
  method: 'sendVoice',
  field: 'voice',
  takes: oneOf('audio/ogg', 'audio/opus', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a'),
  details: duration,
};
const sticker: Form = {
  method: 'sendSticker',
  field: 'sticker',
  takes: oneOf('image/webp', 'video/webm', 'application/x-tgsticker'),
};
const document: Form = { method: 'sendDocument', field: 'document', takes: () => true };

const forms: Readonly<Record<MediaKind, readonly Form[]>> = {
  image: [photo, animation, document],
  video: [video, document],
  audio: [audio, document],
  voice: [voice, document],
  sticker: [sticker, photo, animation, document],
  file: [document],
};

/**
 * The ways to send a file, best first. The next is for when Telegram refuses the form: its limits on pictures and codecs
 * can only be known by trying, and a refusal has sent nothing.
 * @see https://core.telegram.org/bots/api#sending-files
 */
export function uploadsOf(part: MediaPart, media: StoredMedia): Call[] {
  return forms[part.kind]
    .filter(form => form.takes(media, part))
    .map(({ method, field, details }) => ({ method, fields: details?.(part), file: { field, ...media } }));
}

/** A photo's sides may sum up to 10,000 and differ by a factor of 20. Unknown sides are Telegram's to judge. */
function hasPhotoShape({ width, height }: MediaPart): boolean {
  if (!width || !height) return true;
  return width + height <= 10_000 && Math.max(width, height) <= 20 * Math.min(width, height);
}
