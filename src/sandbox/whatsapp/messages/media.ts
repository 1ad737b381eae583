import { request } from 'undici';
import type { Json } from '../../types.ts';
import { empty } from '../chat-message.ts';
import { badValue, failures, invalid } from '../errors.ts';
import { isLoopback } from '../handshake.ts';
import { lengths, mediaKinds, mediaProblem } from '../limits.ts';
import { lifetimes, type StoredMedia } from '../media.ts';
import type { BusinessNumber } from '../number.ts';
import type { WhatsAppFailure, WhatsAppMedia } from '../types.ts';
import type { Composed, Reader } from './composed.ts';
import { text } from './fields.ts';

const captioned: readonly string[] = ['image', 'video', 'document'];

const readMedia: Reader = async (given, { type, number }) => {
  const caption = text(given, 'caption', lengths.caption);
  if (caption !== undefined && !captioned.includes(type)) throw invalid(`caption is no parameter of ${type}`);
  const name = text(given, 'filename', 240);
  if (name !== undefined && type !== 'document') throw invalid(`filename is no parameter of ${type}`);
  const { media, failure } = await fileOf(given, type, number);
  const shown = media && { ...media, ...(name === undefined ? {} : { name }), voice: given.voice === true };
  return { content: { ...empty, text: caption ?? '', ...(shown ? { media: shown } : {}) }, failure };
};

/**
 * The file that a media object speaks of, by id or by link. A file that does not fit is found out later only: the call is
 * answered all the same.
 */
export async function fileOf(
  given: Json,
  type: string,
  number: BusinessNumber,
): Promise<{ media?: WhatsAppMedia; failure?: Composed['failure'] }> {
  const { id, link } = given;
  if ((id === undefined) === (link === undefined)) throw badValue(`${type} needs one of id and link`);
  const found = id === undefined ? await fetchLink(String(link), number) : known(String(id), number);
  if ('code' in found) return { failure: found };
  const kind = mediaKinds.find(candidate => candidate === type) ?? 'document';
  const problem = mediaProblem(kind, found);
  if (problem !== undefined) return { failure: failures.media(problem) };
  return { media: { mediaId: found.mediaId, bytes: found.bytes, mime: found.mime, voice: false } };
}

function known(id: string, number: BusinessNumber): StoredMedia {
  const file = number.account.app.directory.media.find(id);
  if (file?.phoneNumberId !== number.phoneNumberId) throw badValue(`Media with id ${id} not found`);
  return file;
}

/** Only loopback addresses are fetched. */
async function fetchLink(link: string, number: BusinessNumber): Promise<StoredMedia | WhatsAppFailure> {
  if (!URL.canParse(link)) throw badValue('link is no address');
  const url = new URL(link);
  const answer = isLoopback(url)
    ? await request(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
    : undefined;
  const bytes = await answer?.body.bytes();
  if (!answer || !bytes) return failures.media('Media download error: the link could not be reached');
  if (answer.statusCode !== 200) return failures.media(`Media download error: HTTP ${answer.statusCode}`);
  const mime = String(answer.headers['content-type'] ?? 'application/octet-stream');
  const { phoneNumberId, account } = number;
  return account.app.directory.media.add({ phoneNumberId, bytes, mime, lifetime: lifetimes.uploaded });
}

export const mediaReaders: Record<string, Reader> = Object.fromEntries(mediaKinds.map(kind => [kind, readMedia]));
