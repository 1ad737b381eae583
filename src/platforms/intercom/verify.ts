import type { RawRequest, Verdict } from '../../contract/adapter.ts';
import { hmac, sameSecret } from '../../kit/signatures.ts';

/**
 * Intercom signs the raw body: `X-Hub-Signature: sha1=<40 hex>`, HMAC-SHA1 keyed with the app's client secret. There is no
 * timestamp in it, so a replay is only found by the notification's id.
 * @see https://developers.intercom.com/docs/references/webhooks/webhook-models#signed-notifications
 */
export function verify(request: RawRequest, app: { clientSecret?: string }): Verdict {
  if (app.clientSecret === undefined) {
    return { ok: false, reason: 'No client secret is set up, so no webhook can be trusted.' };
  }
  const given = request.headers['x-hub-signature'];
  if (given === undefined) return { ok: false, reason: 'The header X-Hub-Signature is missing.' };
  if (!sameSecret(given, `sha1=${hmac('sha1', app.clientSecret, request.body)}`)) {
    return { ok: false, reason: 'The header X-Hub-Signature does not fit the body and our client secret.' };
  }
  return { ok: true };
}
