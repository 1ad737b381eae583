import type { RawRequest, Verdict } from '../../contract/adapter.ts';
import { hmac, sameSecret, sha256 } from '../../kit/signatures.ts';
import { carriesJson, fieldsOf } from './fields.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/**
 * `X-Twilio-Signature`: HMAC-SHA1, keyed with the Auth Token, of the address Twilio was given and the sorted form fields. A
 * JSON body is not in it; its SHA-256 is, as `bodySHA256` in the address.
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function verify(request: RawRequest, config: TwilioSmsConfig): Verdict {
  const given = request.headers['x-twilio-signature'];
  if (given === undefined) return refused('The header X-Twilio-Signature is missing.');
  if (!isSigned(request, given, config)) {
    return refused('The signature fits neither this address and body nor this Auth Token.');
  }
  if (carriesJson(request) && !sameSecret(request.query.bodySHA256, sha256(request.body))) {
    return refused('The body is not the one whose SHA-256 was signed.');
  }
  const account = carriesJson(request) ? null : fieldsOf(request).get('AccountSid');
  if (account !== null && account !== config.accountSid) {
    return refused(`It speaks of the account ${account}, not of the one connected.`);
  }
  return { ok: true };
}

function refused(reason: string): Verdict {
  return { ok: false, reason };
}

function isSigned(request: RawRequest, given: string, config: TwilioSmsConfig): boolean {
  const signed = request.method === 'GET' || carriesJson(request) ? '' : written(fieldsOf(request));
  const tokens = [config.authToken, config.secondaryAuthToken].filter(token => token !== undefined);
  return tokens.some(token =>
    addresses(request.url).some(address => sameSecret(given, hmac('sha1', token, address + signed, 'base64'))),
  );
}

/** Names in code-unit order, each before its value; of a repeated field each different value once, sorted too. */
function written(fields: URLSearchParams): string {
  return [...new Set(fields.keys())]
    .sort()
    .flatMap(name => [...new Set(fields.getAll(name))].sort().map(value => name + value))
    .join('');
}

/**
 * Some of Twilio's servers sign the address with its port written out, some without. The rest must stay as it is, character
 * by character, which a URL parser would not promise.
 */
function addresses(url: string): string[] {
  const [, scheme = '', host = '', rest = ''] = /^([a-z]+:\/\/)([^/?#]*)(.*)$/is.exec(url) ?? [];
  const bare = host.replace(/:\d+$/, '');
  const port = host.slice(bare.length) || (scheme.toLowerCase() === 'http://' ? ':80' : ':443');
  return [`${scheme}${bare}${rest}`, `${scheme}${bare}${port}${rest}`];
}
