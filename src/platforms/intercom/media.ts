import type { Context } from '../../contract/adapter.ts';
import type { FetchedMedia } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import type { MediaPart } from '../../contract/message.ts';
import { failureOf } from '../../kit/failure.ts';
import type { IntercomConfig } from './manifest.ts';

/** Where Intercom keeps files. Addresses there are signed and expire, so they are fetched at once and never handed on. */
const fileHosts =
  /(^|\.)(intercomcdn\.(com|eu|au)|intercomusercontent\.com|intercom-attachments-\d+\.com|intercomassets\.com)$/;

const maxBytes = 40 * 1024 * 1024;
/** Milliseconds. */
const timeout = 60_000;

/** Fetches a teammate's attachment, from Intercom's own file hosts only: the address comes out of a payload. */
export async function fetchMedia(
  part: MediaPart,
  context: Context<IntercomConfig>,
): Promise<FetchedMedia | { failure: Failure }> {
  const url = URL.parse(part.ref);
  if (url?.protocol !== 'https:' || !fileHosts.test(url.hostname)) {
    return { failure: { class: 'media', message: 'The attachment does not lie on one of Intercom’s file hosts.' } };
  }
  try {
    const response = await context.http.request({
      method: 'GET',
      url: url.href,
      untrusted: true,
      redirects: 2,
      maxBytes,
      timeout,
    });
    if (response.status !== 200) return { failure: refusal(response.status) };
    const mime = response.headers['content-type'];
    return {
      bytes: response.bytes,
      ...(mime === undefined ? {} : { mime }),
      ...(part.name === undefined ? {} : { name: part.name }),
    };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function refusal(status: number): Failure {
  const message = `Intercom’s file host answered ${status}.`;
  if (status === 429) return { class: 'rate_limited', message, status };
  return { class: status >= 500 ? 'temporary' : 'media', message, status };
}
