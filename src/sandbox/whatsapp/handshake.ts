import { randomInt } from 'node:crypto';
import { request } from 'undici';
import { GraphError, invalid } from './errors.ts';
import type { WhatsAppCallback } from './types.ts';

/**
 * Asks an address whether it expects webhooks: `hub.challenge` has to come back as it is.
 * @throws GraphError 2200 in Meta's words where it does not.
 */
export async function verifyCallback({ url, verifyToken }: WhatsAppCallback): Promise<void> {
  const address = callbackAddress(url);
  const challenge = String(randomInt(100_000_000, 2_000_000_000));
  address.searchParams.set('hub.mode', 'subscribe');
  address.searchParams.set('hub.challenge', challenge);
  address.searchParams.set('hub.verify_token', verifyToken);
  const answer = await request(address, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (typeof answer === 'string') throw failed(`curl_errno = 7; curl_error = ${answer}`);
  const echoed = await answer.body.text();
  if (answer.statusCode !== 200) throw failed(`HTTP Status Code = ${answer.statusCode}`);
  if (echoed !== challenge) {
    throw failed(
      `Response does not match challenge, expected value="${challenge}", received="${echoed.slice(0, 40)}..."`,
    );
  }
}

/** The real one is reached over TLS; a product under test listens on plain loopback, and nothing else is ever fetched. */
function callbackAddress(url: string): URL {
  if (url.length > 200) throw invalid('override_callback_uri must be at most 200 characters long');
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) throw invalid('Invalid callback URI format');
  if (!isLoopback(address)) throw failed('curl_errno = 6; curl_error = Could not resolve host');
  return address;
}

/** The double never reaches out to the internet. */
export function isLoopback({ hostname }: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

function failed(reason: string): GraphError {
  return new GraphError(400, 2200, `(#2200) Callback verification failed with the following errors: ${reason}`);
}
