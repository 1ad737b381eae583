import type { Context, StoredMedia } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import type { MediaPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { id } from '../../kit/read.ts';
import { uploads } from './capabilities.ts';
import { callGraph } from './graph.ts';
import type { WhatsAppConfig } from './manifest.ts';

type MediaType = keyof typeof uploads;

/** A file at Meta, and the type of message that shows it. */
export interface Uploaded {
  type: MediaType;
  /** Media id. */
  id: string;
  name: string;
}

/**
 * Uploads a file from our store. By link Meta would fetch it later and tell only then that it cannot.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#upload-media
 */
export async function upload(
  part: MediaPart,
  context: Context<WhatsAppConfig>,
): Promise<Uploaded | { failure: Failure }> {
  const media = await read(part, context);
  if ('failure' in media) return media;
  const type = typeOf(media);
  if (type === undefined) return refuse(`WhatsApp takes no files of type ${media.mime}.`);
  const { maxBytes } = uploads[type];
  if (media.bytes.length > maxBytes) {
    const [size, limit] = [media.bytes.length, maxBytes].map(bytes => (bytes / 1024 / 1024).toFixed(1));
    return refuse(`${media.name} is too large for WhatsApp: ${size} MB, where ${limit} MB are taken.`);
  }
  const mime = media.mime === 'audio/x-m4a' ? 'audio/mp4' : media.mime;
  const answer = await callGraph(context, {
    method: 'POST',
    path: `${context.config.phoneNumberId}/media`,
    multipart: {
      fields: { messaging_product: 'whatsapp', type: mime },
      files: [{ field: 'file', name: media.name, mime, bytes: media.bytes }],
    },
    // A second copy that nobody sends does no harm; it is gone in a month.
    idempotent: true,
  });
  if (!answer.ok) return { failure: ofFile(answer.failure) };
  const mediaId = id(answer.result.id);
  return mediaId === undefined
    ? refuse('Meta took the file but gave it no id.')
    : { type, id: mediaId, name: media.name };
}

async function read(part: MediaPart, { media }: Context<WhatsAppConfig>): Promise<StoredMedia | { failure: Failure }> {
  try {
    return await media.read(part);
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure };
    throw error;
  }
}

function typeOf({ mime }: StoredMedia): MediaType | undefined {
  const types = Object.keys(uploads) as MediaType[];
  return types.find(type => uploads[type].mimes.includes(mime));
}

function refuse(message: string): { failure: Failure } {
  return { failure: { class: 'media', message } };
}

/** Here a wrong parameter is a wrong file. */
function ofFile(failure: Failure): Failure {
  return failure.class === 'content' ? { ...failure, class: 'media' } : failure;
}
