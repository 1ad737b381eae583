import type { WhatsAppMedia } from './types.ts';

const mebibyte = 1024 * 1024;

type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** Bytes, and types, that Meta takes for each kind of message. */
const media: Record<MediaKind, { bytes: number; types: readonly string[] }> = {
  image: { bytes: 5 * mebibyte, types: ['image/jpeg', 'image/png'] },
  video: { bytes: 16 * mebibyte, types: ['video/mp4', 'video/3gpp'] },
  audio: {
    bytes: 16 * mebibyte,
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
  },
  sticker: { bytes: 500 * 1024, types: ['image/webp'] },
  document: {
    bytes: 100 * mebibyte,
    types: [
      'text/plain',
      'application/pdf',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
  },
};

export const mediaKinds = Object.keys(media) as readonly MediaKind[];

/** Everything that can be uploaded. */
const uploadTypes = mediaKinds.flatMap(kind => media[kind].types);

/** What is wrong with an upload, in Meta's words; undefined where nothing is. */
export function uploadProblem(bytes: Uint8Array, mime: string): string | undefined {
  const type = baseType(mime);
  const kind = mediaKinds.find(candidate => media[candidate].types.includes(type));
  if (!kind) {
    return `(#100) Param file must be a file with one of the following types: ${uploadTypes.join(', ')}. Received file of type '${type}'.`;
  }
  const limit = media[kind].bytes;
  return bytes.length > limit ? `(#100) Param file must be at most ${limit} bytes for ${type}` : undefined;
}

/** Why a file cannot be shown as this kind of message, in Meta's words; undefined where it can. */
export function mediaProblem(kind: MediaKind, file: Pick<WhatsAppMedia, 'bytes' | 'mime'>): string | undefined {
  const type = baseType(file.mime);
  const { bytes, types } = media[kind];
  if (kind !== 'document' && !types.includes(type)) {
    const name = kind[0]?.toUpperCase() + kind.slice(1);
    return `Unsupported ${name} mime type ${type}. Please use one of ${types.join(', ')}.`;
  }
  return file.bytes.length > bytes ? `The ${kind} is larger than ${bytes} bytes.` : undefined;
}

/** A MIME type without its parameters: `audio/ogg; codecs=opus` is `audio/ogg`. */
function baseType(mime: string): string {
  return (mime.split(';')[0] ?? '').trim().toLowerCase();
}

/** Characters, counted as a person would. */
export const lengths = {
  text: 4096,
  caption: 1024,
  interactiveBody: 1024,
  header: 60,
  footer: 60,
  buttonTitle: 20,
  buttonId: 256,
  listButton: 20,
  rowId: 200,
  rowTitle: 24,
  rowDescription: 72,
  sectionTitle: 24,
  callbackData: 512,
} as const;

export const counts = { buttons: 3, rows: 10, sections: 10, cards: 5 } as const;
