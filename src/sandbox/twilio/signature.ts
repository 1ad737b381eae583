import { createHmac } from 'node:crypto';

/** Form fields; one that is repeated has a list. */
export type Form = Readonly<Record<string, string | readonly string[]>>;

/** Makes `X-Twilio-Signature` for a form that is posted to this address. */
export type Signer = (authToken: string, url: string, form: Form) => string;

/**
 * The vendor's own library is a development dependency and signs where it is installed; elsewhere, the published rule does.
 */
export async function loadSigner(): Promise<Signer> {
  try {
    const { getExpectedTwilioSignature } = await import('twilio/lib/webhooks/webhooks.js');
    return getExpectedTwilioSignature;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return signByRule;
    throw error;
  }
}

/**
 * Base64 of an HMAC-SHA1, keyed with the auth token, over the address as it was configured and then each field's name and
 * value, sorted by name. Repeated values count once each, sorted too.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export const signByRule: Signer = (authToken, url, form) => {
  const fields = Object.entries(form)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, values]) => [...new Set([values].flat())].sort().map(value => name + value));
  return createHmac('sha1', authToken)
    .update(`${url}${fields.join('')}`)
    .digest('base64');
};
