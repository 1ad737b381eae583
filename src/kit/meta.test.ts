import { describe, expect, it } from 'vitest';
import { challengeReply, graphError, secondsToRegainAccess, verifyChallenge, verifySignature } from './meta.ts';
import { rawRequest } from './request.ts';
import { hmac } from './signatures.ts';

const secret = 'not-a-real-app-secret';
const url = 'https://octopods.example/hooks/made0up';

function post(body: string, signature?: string) {
  const headers = { 'x-hub-signature-256': signature };
  return rawRequest({ method: 'POST', url, headers, body: Buffer.from(body) });
}

function get(query: Record<string, string>) {
  return rawRequest({
    method: 'GET',
    url: `${url}?${new URLSearchParams(query)}`,
    headers: {},
    body: new Uint8Array(),
  });
}

describe('the signature', () => {
  const body = String.raw`{"text":"na\u00efve","url":"https:\/\/example.com"}`;
  const good = `sha256=${hmac('sha256', secret, body)}`;

  it('covers the bytes as they came, escapes and all', () => {
    expect(verifySignature(post(body, good), secret)).toEqual({ ok: true });
    expect(verifySignature(post(JSON.stringify(JSON.parse(body)), good), secret).ok).toBe(false);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one without its algorithm', good.slice(7)],
    ['half of it', good.slice(0, 40)],
    ['another key’s', `sha256=${hmac('sha256', 'another-secret', body)}`],
    ['the older algorithm', `sha1=${hmac('sha1', secret, body)}`],
  ])('is not %s', (_name, signature) => {
    expect(verifySignature(post(body, signature), secret).ok).toBe(false);
  });

  it.each([undefined, ''])('is never good while there is no secret (%j)', none => {
    const signature = `sha256=${hmac('sha256', '', body)}`;
    expect(verifySignature(post(body, signature), none).ok).toBe(false);
  });
});

describe('the challenge', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'made-up', 'hub.challenge': '0099887766' };

  it('is answered with its own characters', () => {
    expect(verifyChallenge(get(query), 'made-up')).toEqual({ ok: true });
    expect(challengeReply(get(query))).toMatchObject({ status: 200, body: '0099887766' });
  });

  it.each([
    { ...query, 'hub.verify_token': 'made-uq' },
    { ...query, 'hub.verify_token': '' },
    { ...query, 'hub.mode': 'unsubscribe' },
    { 'hub.challenge': '1' },
  ])('is refused for %j', wrong => {
    expect(verifyChallenge(get(wrong), 'made-up').ok).toBe(false);
  });

  it('is refused while there is no token, and is nothing that a delivery is answered with', () => {
    expect(verifyChallenge(get({ ...query, 'hub.verify_token': '' }), undefined).ok).toBe(false);
    expect(challengeReply(post('{}'))).toBeUndefined();
  });
});

describe('an error', () => {
  it.each([
    [{ message: 'Media upload error', error_data: { details: 'HTTP 404' } }, 'Media upload error: HTTP 404'],
    [{ title: 'Gone', error_data: 'Since yesterday' }, 'Gone: Since yesterday'],
    [{ message: 'Gone', error_data: { details: 'Gone since yesterday' } }, 'Gone since yesterday'],
    [{ message: 'Gone since yesterday', error_user_msg: 'Gone' }, 'Gone since yesterday'],
    [{ error_user_msg: 'Try later' }, 'Try later'],
    [{}, 'Meta gave no reason.'],
  ])('%j says %j', (error, message) => {
    expect(graphError(error)?.message).toBe(message);
  });

  it('keeps what support asks for', () => {
    expect(
      graphError({ message: 'x', code: 190, error_subcode: 463, fbtrace_id: 'A1', is_transient: true }),
    ).toMatchObject({ code: 190, subcode: 463, traceId: 'A1', transient: true });
    expect(graphError('no error')).toBeUndefined();
  });
});

describe('the time to wait', () => {
  const usage = (value: unknown) => secondsToRegainAccess({ 'x-business-use-case-usage': JSON.stringify(value) });

  it('is the longest that is named, in seconds', () => {
    const entry = (minutes: number) => ({
      type: 'messages',
      call_count: 100,
      estimated_time_to_regain_access: minutes,
    });
    expect(usage({ 9001: [entry(0), entry(3)], 9002: [entry(2)] })).toBe(180);
  });

  it('is unknown where none is named', () => {
    expect(usage({ 9001: [{ estimated_time_to_regain_access: 0 }] })).toBeUndefined();
    expect(usage([1])).toBeUndefined();
    expect(secondsToRegainAccess({ 'x-business-use-case-usage': '{' })).toBeUndefined();
    expect(secondsToRegainAccess({})).toBeUndefined();
  });
});
