import type { FileStore, StoredFile } from './files.ts';
import { imageSize } from './image-size.ts';
import type { Content, FileShape } from './shapes.ts';
import type { StickerFormat, TelegramMediaKind } from './types.ts';

export interface MediaDetails {
  /** Seconds. */
  duration?: number;
  title?: string;
  performer?: string;
  emoji?: string;
  format?: StickerFormat;
}

/** Sizes stood in for where the double cannot read them off the bytes: it has no video decoder. */
const unknownSize = { width: 640, height: 480 };

/** The field or fields by which a message carries a file of this kind. */
export function mediaContent(
  kind: TelegramMediaKind,
  file: StoredFile,
  files: FileStore,
  details: MediaDetails = {},
): Content {
  const shape: FileShape = { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.bytes.length };
  const duration = details.duration ?? 1;
  const named = { ...(file.name === undefined ? {} : { file_name: file.name }), mime_type: file.mime };
  switch (kind) {
    case 'photo':
      return { photo: sizeLadder(file, files) };
    case 'video':
      return { video: { ...shape, ...named, ...unknownSize, duration } };
    case 'animation':
      // Old clients know no animations: the same file stands under `document` too, as the Bot API says.
      return {
        animation: { ...shape, ...named, ...(imageSize(file.bytes) ?? unknownSize), duration },
        document: { ...shape, ...named },
      };
    case 'audio':
      return {
        audio: { ...shape, ...named, duration, ...defined({ title: details.title, performer: details.performer }) },
      };
    case 'voice':
      return { voice: { ...shape, mime_type: file.mime, duration } };
    case 'video_note':
      return { video_note: { ...shape, length: 240, duration } };
    case 'document':
      return { document: { ...shape, ...named } };
    case 'sticker':
      return {
        sticker: {
          ...shape,
          type: 'regular',
          width: 512,
          height: 512,
          is_animated: details.format === 'animated',
          is_video: details.format === 'video',
          ...defined({ emoji: details.emoji }),
        },
      };
  }
}

/** A photo comes in several sizes, smallest first; the last is the picture itself. */
function sizeLadder(file: StoredFile, files: FileStore): FileShape[] {
  const { width, height } = imageSize(file.bytes) ?? unknownSize;
  const scale = 90 / Math.max(width, height, 90);
  const small = files.add('photo', file.bytes);
  return [
    {
      file_id: small.fileId,
      file_unique_id: small.uniqueId,
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
      file_size: Math.min(file.bytes.length, 1200),
    },
    { file_id: file.fileId, file_unique_id: file.uniqueId, width, height, file_size: file.bytes.length },
  ];
}

function defined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
