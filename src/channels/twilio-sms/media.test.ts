import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MediaPart } from '../../contract/message.ts';
import { createHttp } from '../../kit/http.ts';
import { fetchMedia } from './media.ts';
import { accountSid, refusal, sid, startTwilio, type TwilioApi } from './testing.ts';

let twilio: TwilioApi;
beforeAll(async () => {
  twilio = await startTwilio();
});
afterEach(() => twilio.reset());
afterAll(() => twilio.close());

const own = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${sid('MM')}/Media/${sid('ME')}`;
const stored = 'https://media.example/made-up?Signature=x';
const part = (ref: string): MediaPart => ({ kind: 'image', ref, mime: 'image/jpeg' });
const bytes = { headers: { 'content-type': 'image/png' }, body: 'made-up bytes' };
const seen = () => twilio.calls.map(({ what, authorization }) => [what, authorization !== undefined]);

describe('fetchMedia', () => {
  it('shows its credentials to Twilio and not to the store behind it', async () => {
    twilio.answer(own, { status: 307, headers: { location: stored } });
    twilio.answer('https://media.example/made-up', bytes);
    const fetched = await fetchMedia(part(own), twilio.context());
    expect(fetched).toMatchObject({ mime: 'image/png', bytes: Buffer.from('made-up bytes') });
    expect(seen()).toEqual([
      [`GET ${own}`, true],
      ['GET https://media.example/made-up', false],
    ]);
  });

  it('does not show them to Twilio’s own host again, which the redirect might reach without encryption', async () => {
    const plain = 'http://api.twilio.com/elsewhere';
    twilio.answer(own, { status: 302, headers: { location: plain } });
    twilio.answer('/elsewhere', bytes);
    await fetchMedia(part(own), twilio.context());
    expect(twilio.calls.map(call => call.authorization !== undefined)).toEqual([true, false]);
  });

  it('takes media that Twilio hands out directly', async () => {
    twilio.answer(own, bytes);
    expect(await fetchMedia(part(own), twilio.context())).toMatchObject({ mime: 'image/png' });
    expect(twilio.calls).toHaveLength(1);
  });

  it.each([
    'https://media.example/2010-04-01/Accounts/AC/Messages/MM/Media/ME',
    own.replace(accountSid, sid('AC', '2')),
    own.replace('api.twilio.com', 'api.twilio.com.example'),
    own.replace('api.twilio.com', 'api.twilio.com:8443'),
    own.replace('https:', 'http:'),
    own.replace('/Media/', '/../../Media/'),
    `${own}/../../../Keys.json`,
    `${own}?x=1`,
  ])('shows no credentials to %s', async url => {
    await fetchMedia(part(url), twilio.context());
    expect(twilio.calls.length).toBe(1);
    expect(twilio.calls[0]?.authorization).toBeUndefined();
  });

  it('does not reach into private networks', async () => {
    const context = twilio.context({ http: createHttp() });
    for (const url of [
      'http://127.0.0.1/x',
      'http://169.254.169.254/latest',
      'http://[::1]/x',
      'ftp://media.example/x',
    ]) {
      expect(await fetchMedia(part(url), context)).toMatchObject({ failure: { class: 'media' } });
    }
  });

  it.each<[Parameters<TwilioApi['answer']>[1], string]>([
    [refusal(404, 20404), 'temporary'],
    [refusal(500, 20500), 'temporary'],
    [refusal(429, 20429), 'rate_limited'],
    [refusal(401, 20003), 'auth'],
    [refusal(410, 20410), 'media'],
    [{ status: 403, body: 'Request has expired' }, 'media'],
  ])('says what kind of failure %j is', async (reply, failureClass) => {
    twilio.answer(own, reply);
    expect(await fetchMedia(part(own), twilio.context())).toMatchObject({ failure: { class: failureClass } });
  });

  it('fetches nothing that is known to be gone, nor from an address that is none', async () => {
    const gone = { ...part(own), unavailable: 'Expired.' };
    expect(await fetchMedia(gone, twilio.context())).toEqual({ failure: { class: 'media', message: 'Expired.' } });
    expect(await fetchMedia(part('not an address'), twilio.context())).toMatchObject({ failure: { class: 'media' } });
    expect(twilio.calls).toEqual([]);
  });
});
