import type { MediaKind, MediaPart, Part } from '../../contract/message.ts';
import { graphError } from '../../kit/meta.ts';
import { type Dict, dict, id, list, number, text } from '../../kit/read.ts';

/** What a reader calls each type of media. */
const words = {
  image: 'A picture',
  video: 'A video',
  audio: 'A recording',
  document: 'A file',
  sticker: 'A sticker',
} as const;

type MediaType = keyof typeof words;

/**
 * The file of a media message and its caption. The webhook holds the file's id; name and type are the sender's, and size
 * is only told when the file is fetched.
 */
export function mediaParts(type: MediaType, message: Dict): Part[] {
  const media = dict(message[type]) ?? {};
  const caption = text(media.caption);
  const words = caption === undefined ? [] : [{ kind: 'text' as const, text: caption }];
  return [fileOf(type, media, troubleOf(message)), ...words];
}

function fileOf(type: MediaType, media: Dict, trouble: string | undefined): Part {
  const ref = id(media.id);
  if (ref === undefined) {
    return { kind: 'unsupported', text: `${words[type]} that WhatsApp did not hand over. ${trouble ?? ''}`.trim() };
  }
  const part: MediaPart = {
    kind: kindOf(type, media),
    ref,
    name: text(media.filename),
    mime: text(media.mime_type),
    size: number(media.file_size),
  };
  return trouble === undefined
    ? part
    : { ...part, unavailable: `${words[type]} that WhatsApp did not hand over. ${trouble}` };
}

function kindOf(type: MediaType, media: Dict): MediaKind {
  if (type === 'document') return 'file';
  return type === 'audio' && media.voice === true ? 'voice' : type;
}

/** What Meta says went wrong with this very message. */
export function troubleOf(message: Dict): string | undefined {
  return list(message.errors)
    .map(graphError)
    .find(error => error !== undefined)?.message;
}
