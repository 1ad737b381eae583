import fc from 'fast-check';
import { getExpectedTwilioSignature, validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { rawRequest } from '../../kit/request.ts';
import { sha256 } from '../../kit/signatures.ts';
import { accountSid, config, hasShared, readShared, sid, webhook, webhookUrl } from './testing.ts';
import { verify } from './verify.ts';

const fields = { MessageSid: sid('SM'), AccountSid: accountSid, From: '+15005550006', Body: 'héllo & 100% 👍' };
const token = config.authToken;

function signed(given: Record<string, string>, url = webhookUrl, key = token) {
  return webhook(given, { url, headers: { 'x-twilio-signature': getExpectedTwilioSignature(key, url, given) } });
}

function signedJson(body: string, { address = webhookUrl, hash = sha256(body), type = 'application/json' } = {}) {
  const url = `${address}?bodySHA256=${hash}`;
  const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, url, {}), 'content-type': type };
  return rawRequest({ method: 'POST', url, headers, body: Buffer.from(body) });
}

interface Vector {
  name: string;
  authToken: string;
  signedUrl: string;
  params: Record<string, string | string[]>;
  expectedSignature: string;
  rawBody?: string;
}

describe.skipIf(!hasShared)('the published signatures', () => {
  const { vectors } = hasShared
    ? readShared<{ vectors: Vector[] }>('contracts/twilio/signature-vectors.json')
    : { vectors: [] };

  const requestOf = ({ params, rawBody, signedUrl: url, expectedSignature }: Vector, signature = expectedSignature) => {
    const headers = { 'x-twilio-signature': signature };
    if (rawBody !== undefined) {
      const json = { ...headers, 'content-type': 'application/json' };
      return rawRequest({ method: 'POST', url, headers: json, body: Buffer.from(rawBody) });
    }
    const form = new URLSearchParams();
    for (const [name, values] of Object.entries(params)) {
      for (const value of [values].flat()) form.append(name, value);
    }
    return webhook(form, { url, headers });
  };

  it.each(vectors)('accepts “$name” and nothing near it', vector => {
    const own = { ...config, authToken: vector.authToken };
    expect(verify(requestOf(vector), own)).toEqual({ ok: true });
    expect(verify(requestOf(vector), { ...own, authToken: 'another' })).toMatchObject({ ok: false });
    expect(verify(requestOf({ ...vector, signedUrl: `${vector.signedUrl}x` }), own)).toMatchObject({ ok: false });
    expect(verify(requestOf(vector, vector.expectedSignature.slice(0, -1)), own)).toMatchObject({ ok: false });
  });

  it('accepts a signature with the standard port where our address has none', () => {
    const vector = vectors.find(({ name }) => name.includes(':443'));
    expect(vector).toBeDefined();
    if (!vector) return;
    const request = requestOf({ ...vector, signedUrl: vector.signedUrl.replace(':443', '') });
    expect(verify(request, { ...config, authToken: vector.authToken })).toEqual({ ok: true });
  });
});

describe('verify', () => {
  it('accepts what Twilio’s own SDK signs, and refuses another token, address or body', () => {
    expect(verify(signed(fields), config)).toEqual({ ok: true });
    expect(verify(signed(fields, webhookUrl, 'another token'), config)).toMatchObject({ ok: false });
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, webhookUrl, fields) };
    expect(verify(webhook(fields, { url: `${webhookUrl}2`, headers }), config)).toMatchObject({ ok: false });
    expect(verify(webhook({ ...fields, Body: 'other' }, { headers }), config)).toMatchObject({ ok: false });
    expect(verify(webhook({ ...fields, Extra: '' }, { headers }), config)).toMatchObject({ ok: false });
  });

  it('refuses a webhook without a signature, or with an empty one', () => {
    expect(verify(webhook(fields), config)).toMatchObject({ ok: false });
    expect(verify(webhook(fields, { headers: { 'x-twilio-signature': '' } }), config)).toMatchObject({ ok: false });
  });

  it('believes no forwarded header about the address', () => {
    const forwarded = { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'http', host: '127.0.0.1:8080' };
    const good = getExpectedTwilioSignature(token, webhookUrl, fields);
    const bad = getExpectedTwilioSignature(token, 'https://elsewhere.example/hooks/made0up0hook0token', fields);
    expect(verify(webhook(fields, { headers: { ...forwarded, 'x-twilio-signature': good } }), config).ok).toBe(true);
    expect(verify(webhook(fields, { headers: { ...forwarded, 'x-twilio-signature': bad } }), config).ok).toBe(false);
  });

  it('accepts either token while the Auth Token is being changed', () => {
    const request = signed(fields, webhookUrl, 'the next token');
    expect(verify(request, config).ok).toBe(false);
    expect(verify(request, { ...config, secondaryAuthToken: 'the next token' })).toEqual({ ok: true });
  });

  it('refuses what another account signs with a token that happens to be ours', () => {
    expect(verify(signed({ ...fields, AccountSid: sid('AC', '2') }), config)).toMatchObject({ ok: false });
  });

  it('reads the fields of a GET in its address', () => {
    const query = new URLSearchParams(fields).toString();
    const url = `${webhookUrl}?${query}`;
    const headers = { 'x-twilio-signature': getExpectedTwilioSignature(token, url, {}) };
    expect(verify(webhook(fields, { method: 'GET', headers }), config)).toEqual({ ok: true });
    expect(verify(webhook({ ...fields, Body: 'x' }, { method: 'GET', headers }), config)).toMatchObject({ ok: false });
  });

  it('holds a JSON body against the hash in the signed address', () => {
    const body = '{"type":"example"}';
    const request = signedJson(body);
    const signature = request.headers['x-twilio-signature'] ?? '';
    expect(verify(request, config)).toEqual({ ok: true });
    expect(validateRequestWithBody(token, signature, request.url, body)).toBe(true);

    const swapped = rawRequest({ ...request, body: Buffer.from('{"type":"swapped"}') });
    expect(verify(swapped, config)).toMatchObject({ ok: false });
    expect(validateRequest(token, signature, request.url, {})).toBe(true);
    expect(validateRequestWithBody(token, signature, request.url, '{"type":"swapped"}')).toBe(false);
  });

  it('does not let the address choose: a form is signed with its fields, a JSON body needs its hash', () => {
    const form = new URLSearchParams({ AccountSid: accountSid, Body: 'forged' }).toString();
    expect(verify(signedJson(form, { type: 'application/x-www-form-urlencoded' }), config)).toMatchObject({
      ok: false,
    });
    const unhashed = rawRequest({
      method: 'POST',
      url: webhookUrl,
      headers: {
        'content-type': 'application/json',
        'x-twilio-signature': getExpectedTwilioSignature(token, webhookUrl, {}),
      },
      body: Buffer.from('{}'),
    });
    expect(verify(unhashed, config)).toMatchObject({ ok: false });
  });

  it('agrees with Twilio’s SDK on any form at any address', () => {
    const word = fc.string({ unit: 'binary', maxLength: 12 }).filter(text => text.isWellFormed());
    const forms = fc.dictionary(word, fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 })), {
      noNullPrototype: true,
      maxKeys: 8,
    });
    const urls = fc
      .record({
        host: fc.constantFrom('gw.example.test', 'gw.example.test:443', 'gw.example.test:8443', '[2001:db8::1]'),
        path: fc.webPath({ size: 'small' }),
        query: fc.constantFrom('', '?a=1&b=%20', "?n=O'Brien", '?x=a|b', '?q=%C3%A9'),
      })
      .map(({ host, path, query }) => `https://${host}${path}${query}`);
    fc.assert(
      fc.property(forms, urls, fc.boolean(), (form, url, tampered) => {
        const signature = getExpectedTwilioSignature(token, url, form);
        const body = new URLSearchParams();
        for (const [name, values] of Object.entries(form))
          for (const value of [values].flat()) body.append(name, value);
        if (tampered) body.append('Tampered', 'yes');
        const request = webhook(body, { url, headers: { 'x-twilio-signature': signature } });
        const account = body.get('AccountSid');
        fc.pre(account === null || account === accountSid);
        expect(verify(request, config).ok).toBe(!tampered);
      }),
      { numRuns: 300 },
    );
  });
});
