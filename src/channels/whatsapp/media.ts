import { createHash } from 'node:crypto';
import type { Context, HttpResponse } from '../../contract/adapter.ts';
import type { FetchedMedia } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import type { MediaPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { type Dict, id, text } from '../../kit/read.ts';
import { uploads } from './capabilities.ts';
import { isMissing } from './failures.ts';
import { callGraph } from './graph.ts';
import type { WhatsAppConfig } from './manifest.ts';

/** The only host that the token is sent to besides the Graph API. */
const host = 'lookaside.fbsbx.com';

/** Bytes of the largest file that Meta hands out. */
const limit = uploads.document.maxBytes;

/**
 * Fetches a file by its id: Meta tells its size and an address that lives for five minutes and wants the token.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#download-media
 */
export async function fetchMedia(
  part: MediaPart,
  context: Context<WhatsAppConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  if (part.unavailable !== undefined) return refuse(part.unavailable);
  const { phoneNumberId } = context.config;
  const answer = await callGraph(context, {
    path: encodeURIComponent(part.ref),
    query: { phone_number_id: phoneNumberId },
  });
  if (!answer.ok) {
    return isMissing(answer.failure) ? refuse('WhatsApp no longer has the file: it keeps them for some days.') : answer;
  }
  const size = Number(id(answer.result.file_size) ?? 0);
  if (size > limit) return refuse(`The file is too large: ${Math.round(size / 1024 / 1024)} MB.`);
  const url = URL.parse(text(answer.result.url) ?? '');
  if (url?.protocol !== 'https:' || url.host !== host)
    return refuse('WhatsApp names no address of its own for the file.');
  return download(url, part, answer.result, context);
}

async function download(
  url: URL,
  part: MediaPart,
  described: Dict,
  { config, http }: Context<WhatsAppConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  try {
    const response = await http.request({
      url: url.href,
      headers: { authorization: `Bearer ${config.accessToken}` },
      maxBytes: limit,
      timeout: 120_000,
      // Meta may hand over to another host, which must be a public one and does not get the token.
      redirects: 2,
      untrusted: true,
    });
    if (response.status !== 200) return { failure: refusal(response) };
    if (isDamaged(response.bytes, text(described.sha256))) {
      return { failure: { class: 'temporary', message: 'The file arrived damaged.' } };
    }
    return { bytes: response.bytes, mime: text(described.mime_type) ?? part.mime, name: part.name };
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure };
    throw error;
  }
}

/** The id was good a moment ago, so even "not found" speaks of the address only, and a new one can be had. */
function refusal({ status }: HttpResponse): Failure {
  return { class: 'temporary', message: `The file’s address answered with status ${status}.`, status };
}

/** Meta writes the hash in hex in some places and in base64 in others. */
function isDamaged(bytes: Uint8Array, announced: string | undefined): boolean {
  const hash = createHash('sha256').update(bytes).digest();
  if (announced === undefined) return false;
  if (/^[0-9a-f]{64}$/i.test(announced)) return announced.toLowerCase() !== hash.toString('hex');
  return /^[A-Za-z0-9+/]{43}=$/.test(announced) && announced !== hash.toString('base64');
}

function refuse(message: string): { failure: Failure } {
  return { failure: { class: 'media', message } };
}
