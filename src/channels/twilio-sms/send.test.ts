import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Outgoing } from '../../contract/channel.ts';
import type { MediaPart, Part } from '../../contract/message.ts';
import { TwilioContract } from './contract.testing.ts';
import { send } from './send.ts';
import {
  accountSid,
  config,
  hasShared,
  readShared,
  refusal,
  sid,
  startTwilio,
  type TwilioApi,
  webhookUrl,
} from './testing.ts';

let twilio: TwilioApi;
beforeAll(async () => {
  twilio = await startTwilio();
});
afterEach(() => {
  const problems = [...twilio.problems];
  twilio.reset();
  expect(problems).toEqual([]);
});
afterAll(() => twilio.close());

const messages = `/Accounts/${accountSid}/Messages.json`;
const made = { status: 201, body: { sid: sid('SM', '5'), status: 'queued', to: '+15005550006' } };
const text = (words: string): Part => ({ kind: 'text', text: words });
const image = (ref: string, size?: number): MediaPart => ({
  kind: 'image',
  ref,
  name: `${ref}.jpg`,
  mime: 'image/jpeg',
  size,
});
const outgoing = (parts: Part[], over: Partial<Outgoing> = {}): Outgoing => ({
  id: 'made-up-id',
  piece: 0,
  to: '+15005550006',
  parts,
  ...over,
});
const form = () => [...(twilio.calls[0]?.form ?? [])];

describe('send', () => {
  it('posts a text from the number, with the address for its receipts', async () => {
    twilio.answer(messages, made);
    const context = twilio.context({ config: { ...config, statusCallback: webhookUrl } });
    const result = await send(outgoing([text('héllo & 100% + 👍')]), context);
    expect(result).toEqual({ ok: true, ids: [sid('SM', '5')] });
    expect(twilio.calls).toHaveLength(1);
    expect(twilio.calls[0]?.what).toBe(`POST https://api.twilio.com/2010-04-01${messages}`);
    expect(form()).toEqual([
      ['To', '+15005550006'],
      ['From', '+15005550001'],
      ['ValidityPeriod', '14400'],
      ['Body', 'héllo & 100% + 👍'],
      ['StatusCallback', webhookUrl],
    ]);
    const basic = Buffer.from(`${accountSid}:${config.authToken}`).toString('base64');
    expect(twilio.calls[0]?.authorization).toBe(`Basic ${basic}`);
  });

  it('names the service instead of a number, and calls with the API key where there is one', async () => {
    twilio.answer(messages, made);
    const key = { apiKeySid: sid('SK'), apiKeySecret: 'not-a-real-secret' };
    await send(outgoing([text('Hi')]), twilio.context({ config: { ...config, sender: sid('MG'), ...key } }));
    expect(form()).toContainEqual(['MessagingServiceSid', sid('MG')]);
    expect(twilio.calls[0]?.form.has('From')).toBe(false);
    const basic = Buffer.from(`${sid('SK')}:not-a-real-secret`).toString('base64');
    expect(twilio.calls[0]?.authorization).toBe(`Basic ${basic}`);
  });

  it('sends several attachments with their caption as one message', async () => {
    twilio.answer(messages, made);
    await send(outgoing([image('a'), image('b'), text('Both')]), twilio.context());
    expect(twilio.calls[0]?.form.getAll('MediaUrl')).toEqual([
      'https://octopods.example/media/a',
      'https://octopods.example/media/b',
    ]);
    expect(twilio.calls[0]?.form.get('Body')).toBe('Both');
  });

  it('sends an attachment without words', async () => {
    twilio.answer(messages, made);
    await send(outgoing([image('a')]), twilio.context());
    expect(twilio.calls[0]?.form.has('Body')).toBe(false);
  });

  it('links what does not fit into the 5 MB of one message', async () => {
    twilio.answer(messages, made);
    await send(outgoing([image('a', 3_000_000), image('b', 3_000_000), text('Both')]), twilio.context());
    expect(twilio.calls[0]?.form.getAll('MediaUrl')).toEqual(['https://octopods.example/media/a']);
    expect(twilio.calls[0]?.form.get('Body')).toBe('b.jpg\nhttps://octopods.example/media/b\nBoth');
  });

  it('writes out what SMS has no form for', async () => {
    twilio.answer(messages, made);
    const parts: Part[] = [
      { kind: 'text', text: 'Our page', marks: [{ type: 'link', start: 4, end: 8, url: 'https://example.com/' }] },
      { kind: 'choice', label: 'Yes' },
      { kind: 'location', lat: 1.5, lng: -2, name: 'Shop' },
      { kind: 'contact', name: 'Ada', phones: ['+15005550009'] },
    ];
    await send(outgoing(parts), twilio.context());
    expect(twilio.calls[0]?.form.get('Body')).toBe(
      'Our page (https://example.com/)\nYes\nShop\n1.5, -2\nAda\n+15005550009',
    );
  });

  it('calls nobody for a message to a sender’s name, or one without content', async () => {
    const named = await send(outgoing([text('Hi')], { to: 'PARCELCO' }), twilio.context());
    expect(named).toMatchObject({ ok: false, failure: { class: 'invalid_recipient' } });
    expect(await send(outgoing([text(' ')]), twilio.context())).toMatchObject({
      ok: false,
      failure: { class: 'content' },
    });
    expect(twilio.calls).toEqual([]);
  });
});

describe.skipIf(!hasShared)('the check against Twilio’s description', () => {
  it('notices what Twilio would not take', () => {
    const contract = new TwilioContract(readShared);
    const check = (fields: Record<string, string>, query: Record<string, string> = {}) =>
      contract.problemsOfCall(`POST https://api.twilio.com/2010-04-01${messages}`, {
        form: new URLSearchParams(fields),
        query: new URLSearchParams(query),
      });
    expect(check({ To: '+15005550006', ValidityPeriod: '60' })).toEqual([]);
    expect(check({ From: '+15005550001' })).toHaveLength(1);
    expect(check({ To: '+15005550006', Nonsense: 'x' })).toHaveLength(1);
    expect(check({ To: '+15005550006', ValidityPeriod: 'soon' })).toHaveLength(1);
    expect(check({ To: '+15005550006', MessagingServiceSid: 'MG1' })).not.toEqual([]);
    expect(check({ To: '+15005550006' }, { Nonsense: 'x' })).toHaveLength(1);
    const nowhere = { form: new URLSearchParams(), query: new URLSearchParams() };
    expect(contract.problemsOfCall('POST https://api.twilio.com/2010-04-01/Nowhere.json', nowhere)).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each([
    [400, 21211, 'invalid_recipient'],
    [400, 21614, 'invalid_recipient'],
    [400, 21612, 'invalid_recipient'],
    [400, 21408, 'config'],
    [400, 21606, 'config'],
    [400, 21608, 'config'],
    [404, 21701, 'config'],
    [400, 21617, 'too_long'],
    [400, 21620, 'media'],
    [400, 21602, 'content'],
    [400, 21999, 'content'],
    [401, 20003, 'auth'],
    [403, 20003, 'auth'],
    [403, 70051, 'config'],
    [400, 20005, 'auth'],
    [404, 20404, 'config'],
    [429, 20429, 'rate_limited'],
    [400, 14107, 'rate_limited'],
    [400, 21611, 'rate_limited'],
  ])('with status %i and code %i is of class %s', async (status, code, failureClass) => {
    twilio.answer(messages, refusal(status, code, 'Twilio’s words'));
    const result = await send(outgoing([text('Hi')]), twilio.context());
    expect(result).toMatchObject({
      ok: false,
      failure: { class: failureClass, code: String(code), status, message: 'Twilio’s words' },
    });
    expect(result).not.toHaveProperty('failure.unconfirmed');
  });

  it('for having unsubscribed is recorded', async () => {
    twilio.answer(messages, refusal(400, 21610));
    expect(await send(outgoing([text('Hi')]), twilio.context())).toMatchObject({
      ok: false,
      failure: { class: 'opted_out' },
      events: [{ type: 'opted_out', contact: '+15005550006', conversation: '+15005550006' }],
    });
  });

  it('for being too fast slows the channel down, unless it is about two numbers only', async () => {
    twilio.answer(
      messages,
      { ...(refusal(429, 20429) as object), headers: { 'retry-after': '7' } },
      refusal(400, 14107),
      refusal(400, 21611),
    );
    const tries = [];
    for (let no = 0; no < 3; no++) tries.push(await send(outgoing([text('Hi')]), twilio.context()));
    expect(tries).toMatchObject([
      { failure: { scope: 'channel', retryAfter: 7 } },
      { failure: { scope: 'conversation', retryAfter: undefined } },
      { failure: { scope: 'channel', retryAfter: 60 } },
    ]);
  });

  it('keeps the id of the request for Twilio’s support', async () => {
    twilio.answer(messages, { ...(refusal(400, 21211) as object), headers: { 'twilio-request-id': 'RQ0' } });
    expect(await send(outgoing([text('Hi')]), twilio.context())).toMatchObject({ failure: { requestId: 'RQ0' } });
  });
});

describe('an uncertain send', () => {
  it.each<[string, Parameters<TwilioApi['answer']>[1]]>([
    ['a fault of Twilio’s', refusal(503, 20503)],
    ['a fault in the network before Twilio', { status: 502, body: '<html>Bad gateway</html>' }],
    ['no answer', 'drop'],
  ])('after %s is unconfirmed, and not repeated here', async (_name, reply) => {
    twilio.answer(messages, reply);
    const result = await send(outgoing([text('Hi')]), twilio.context());
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary', unconfirmed: true } });
    expect(twilio.calls).toHaveLength(1);
  });

  it('is one too when the answer cannot be read', async () => {
    twilio.answer(messages, { status: 202, body: 'queued' });
    const result = await send(outgoing([text('Hi')]), twilio.context());
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary', unconfirmed: true } });
    twilio.problems.length = 0; // Twilio does not describe such an answer; a proxy can give it.
  });

  it('shows no secret in its trace', async () => {
    twilio.answer(messages, 'drop');
    const result = await send(outgoing([text('Hi')]), twilio.context());
    const seen = JSON.stringify([result, twilio.exchanges]);
    expect(seen).not.toContain(config.authToken);
    expect(seen).not.toContain(Buffer.from(`${accountSid}:${config.authToken}`).toString('base64'));
  });
});
