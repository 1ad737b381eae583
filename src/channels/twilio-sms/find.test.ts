import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Outgoing } from '../../contract/channel.ts';
import type { Part } from '../../contract/message.ts';
import { find } from './find.ts';
import { accountSid, config, refusal, sid, startTwilio, type TwilioApi } from './testing.ts';

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

const list = `/Accounts/${accountSid}/Messages.json`;
const outgoing = (parts: Part[]): Outgoing => ({ id: 'made-up-id', piece: 0, to: '+15005550006', parts });
const hello = outgoing([{ kind: 'text', text: 'Hello there' }]);

/** The uncertain try began half past two; it is looked for two minutes later. */
const since = new Date('2026-01-02T02:30:00.400Z');
const now = new Date('2026-01-02T02:32:00Z');
const at = (time: string) => `Fri, 02 Jan 2026 ${time} +0000`;

const entry = (over: Record<string, unknown> = {}) => ({
  sid: sid('SM', '7'),
  from: '+15005550001',
  to: '+15005550006',
  body: 'Hello there',
  num_media: '0',
  direction: 'outbound-api',
  status: 'queued',
  date_created: at('02:30:01'),
  date_sent: null,
  messaging_service_sid: null,
  ...over,
});
const look = (
  entries: object[],
  message = hello,
  over: Parameters<TwilioApi['context']>[0] & { since?: Date } = {},
) => {
  twilio.answer(list, { body: { messages: entries } });
  return find(message, { ...twilio.context({ now, ...over }), since, ...over });
};

describe('find', () => {
  it('asks for what went from our number to this customer, and knows the message by its words', async () => {
    const others = [entry({ sid: sid('SM', '8'), body: 'Hello' }), entry(), entry({ sid: sid('SM', '6') })];
    expect(await look(others)).toEqual({ ids: [sid('SM', '7')] });
    expect(twilio.calls[0]?.what).toBe(`GET https://api.twilio.com/2010-04-01${list}`);
    expect([...(twilio.calls[0]?.query ?? [])]).toEqual([
      ['To', '+15005550006'],
      ['From', '+15005550001'],
      ['PageSize', '100'],
    ]);
  });

  it('knows it in a trial account and with other white space', async () => {
    const body = 'Sent from your Twilio trial account - Hello  there';
    expect(await look([entry({ body })])).toEqual({ ids: [sid('SM', '7')] });
  });

  it.each([
    ['older than the try', { date_created: at('02:29:50') }],
    ['of the customer', { direction: 'inbound', from: '+15005550001' }],
    ['of other words', { body: 'Hello there!' }],
    ['with a picture', { num_media: '1' }],
    ['without a date', { date_created: null }],
  ])('does not take one %s for it', async (_name, over) => {
    expect(await look([entry(over)])).toEqual({ ids: [] });
  });

  it('counts attachments, and allows for the links that Twilio writes in their place', async () => {
    const parts: Part[] = [
      { kind: 'image', ref: 'a' },
      { kind: 'text', text: 'Hello there' },
    ];
    const found = entry({ num_media: '1', body: 'Hello there https://m.example/x' });
    expect(await look([entry(), found], outgoing(parts))).toEqual({ ids: [sid('SM', '7')] });
    expect(await look([entry({ num_media: '2' })], outgoing(parts))).toEqual({ ids: [] });
  });

  it('goes by the service where that chooses the number', async () => {
    const service = { config: { ...config, sender: sid('MG') } };
    const mine = entry({ from: null, messaging_service_sid: sid('MG') });
    const another = entry({ sid: sid('SM', '9'), messaging_service_sid: sid('MG', '2') });
    expect(await look([another, mine], hello, service)).toEqual({ ids: [sid('SM', '7')] });
    expect(twilio.calls[0]?.query.has('From')).toBe(false);
  });

  it('does not say that nothing arrived before Twilio’s list can have caught up', async () => {
    const soon = { now: new Date('2026-01-02T02:30:10.400Z') };
    expect(await look([], hello, soon)).toMatchObject({ failure: { class: 'temporary', retryAfter: 20 } });
    expect(await look([entry()], hello, soon)).toEqual({ ids: [sid('SM', '7')] });
    expect(await look([])).toEqual({ ids: [] });
  });

  it('goes an hour back where nobody says when the try began', async () => {
    expect(await look([entry({ date_created: at('01:40:00') })], hello, { since: undefined })).toEqual({
      ids: [sid('SM', '7')],
    });
    expect(await look([entry({ date_created: at('01:20:00') })], hello, { since: undefined })).toEqual({ ids: [] });
  });

  it('leaves it open while Twilio cannot be asked', async () => {
    twilio.answer(list, refusal(503, 20503));
    const result = await find(hello, { ...twilio.context({ now }), since });
    expect(result).toMatchObject({ failure: { class: 'temporary' } });
    expect(result).not.toHaveProperty('failure.unconfirmed');
  });
});
