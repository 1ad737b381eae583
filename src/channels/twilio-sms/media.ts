import type { Context, HttpResponse } from '../../contract/adapter.ts';
import type { FetchedMedia } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import type { MediaPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { authorization } from './api.ts';
import { failureFrom } from './failures.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/** Bytes; carriers let far less through. */
const downloadLimit = 20 * 1024 * 1024;

/**
 * Fetches an attachment. Credentials go to the account's own media and nowhere else: a forged address must not get them,
 * nor the store that Twilio's answer points to.
 * @see https://www.twilio.com/docs/messaging/api/media-resource
 */
export async function fetchMedia(
  part: MediaPart,
  context: Context<TwilioSmsConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  if (part.unavailable !== undefined) return { failure: { class: 'media', message: part.unavailable } };
  if (!URL.canParse(part.ref)) return { failure: { class: 'media', message: 'Twilio gave no address for it.' } };
  try {
    const response = isOwnMedia(part.ref, context.config)
      ? await fetchOwn(part.ref, context)
      : await fetchAnywhere(part.ref, context);
    if (response.status !== 200) return { failure: failureOf(response) };
    return { bytes: response.bytes, mime: response.headers['content-type'] ?? part.mime, name: part.name };
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure };
    throw error;
  }
}

function isOwnMedia(url: string, { accountSid }: TwilioSmsConfig): boolean {
  const own =
    /^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/(AC\w{32})\/Messages\/(?:SM|MM)\w{32}\/Media\/ME\w{32}$/;
  return own.exec(url)?.[1] === accountSid;
}

async function fetchOwn(url: string, context: Context<TwilioSmsConfig>): Promise<HttpResponse> {
  const headers = { authorization: authorization(context.config) };
  const response = await context.http.request({ url, headers, untrusted: true, maxBytes: downloadLimit });
  const { location } = response.headers;
  const isRedirect = response.status >= 300 && response.status < 400;
  const next = isRedirect && location !== undefined ? URL.parse(location, url) : null;
  return next ? fetchAnywhere(next.href, context) : response;
}

function fetchAnywhere(url: string, { http }: Context<TwilioSmsConfig>): Promise<HttpResponse> {
  return http.request({ url, untrusted: true, redirects: 3, maxBytes: downloadLimit, timeout: 60_000 });
}

function failureOf(response: HttpResponse): Failure {
  const failure = failureFrom(response, true);
  // A webhook can be some seconds ahead of the media it speaks of.
  if (response.status === 404) return { ...failure, class: 'temporary' };
  return failure.class === 'config' || failure.class === 'content' ? { ...failure, class: 'media' } : failure;
}
