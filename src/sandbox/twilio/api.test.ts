import type twilio from 'twilio';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { sharedContracts } from '../testing.ts';
import type { Sandbox, TwilioAccount, TwilioHandset, TwilioLine } from '../types.ts';
import { twilioRefusal, twilioTooManyRequests } from './errors.ts';
import { officialClient, refusal } from './testing.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let account: TwilioAccount;
let number: TwilioLine;
let ada: TwilioHandset;
let client: twilio.Twilio;

beforeAll(async () => {
  sandbox = await startSandbox({ ...(contractsDir === undefined ? {} : { contractsDir }) });
});

afterAll(() => sandbox.close());

beforeEach(() => {
  sandbox.faults.clear();
  account = sandbox.twilio.account({ name: 'Acme' });
  number = account.number('+12025550100');
  ada = number.phone('+12025550143');
  client = officialClient(sandbox.url, account);
});

const send = (options: Partial<Parameters<typeof client.messages.create>[0]> = {}) =>
  client.messages.create({ to: ada.phoneNumber, from: number.address, body: 'Hi', ...options });

describe('who calls', () => {
  it('shows an account to its auth token, and its state', async () => {
    const shown = await client.api.v2010.accounts(account.sid).fetch();
    expect(shown).toMatchObject({ sid: account.sid, friendlyName: 'Acme', status: 'active', type: 'Full' });
  });

  it('answers 401 to a wrong token, and to the old one after a rotation', async () => {
    const stranger = officialClient(sandbox.url, { sid: account.sid, authToken: 'not-the-token' });
    expect(await refusal(stranger.messages.list())).toMatchObject({ status: 401, code: 20003 });
    account.rotate();
    expect(await refusal(client.messages.list())).toMatchObject({ status: 401, code: 20003 });
    expect(await officialClient(sandbox.url, account).messages.list()).toEqual([]);
  });

  it('lets an API key do everything but read the account', async () => {
    const withKey = officialClient(sandbox.url, account, account.apiKey());
    const { sid } = await withKey.messages.create({ to: ada.phoneNumber, from: number.address, body: 'Hi' });
    expect(ada.received).toMatchObject([{ sid, text: 'Hi' }]);
    const reading = withKey.api.v2010.accounts(account.sid).fetch();
    expect(await refusal(reading)).toMatchObject({ status: 401, code: 20003 });
    const wrong = officialClient(sandbox.url, account, { ...account.apiKey(), secret: 'not-the-secret' });
    expect(await refusal(wrong.messages.list())).toMatchObject({ status: 401 });
  });

  it('keeps accounts apart', async () => {
    const other = sandbox.twilio.account();
    const calls = client.api.v2010.accounts(other.sid);
    expect(await refusal(calls.messages.list())).toMatchObject({ status: 401, code: 20003 });
    expect(await refusal(calls.fetch())).toMatchObject({ status: 404, code: 20404 });
  });

  it('serves nothing but its own state to an account that is suspended', async () => {
    account.status = 'suspended';
    expect((await client.api.v2010.accounts(account.sid).fetch()).status).toBe('suspended');
    expect(await refusal(send())).toMatchObject({ status: 401, code: 20005 });
    expect(ada.received).toEqual([]);
  });

  it('keeps credentials out of the log', async () => {
    await send();
    expect(JSON.stringify(sandbox.log)).not.toContain(
      Buffer.from(`${account.sid}:${account.authToken}`).toString('base64'),
    );
  });
});

describe('numbers', () => {
  it('are found by the whole number or a part, and take new settings', async () => {
    account.number('+442071838750', { mms: false });
    const [found, ...more] = await client.incomingPhoneNumbers.list({ phoneNumber: '+12025550100' });
    expect(found).toMatchObject({ sid: number.sid, smsUrl: '', capabilities: { sms: true, mms: true } });
    expect(more).toEqual([]);
    expect(await client.incomingPhoneNumbers.list({ phoneNumber: '20718****0' })).toMatchObject([
      { phoneNumber: '+442071838750', capabilities: { mms: false } },
    ]);
    await client.incomingPhoneNumbers(number.sid).update({
      smsUrl: 'https://hooks.example.com/sms',
      smsMethod: 'POST',
      friendlyName: 'Front desk',
    });
    expect(number).toMatchObject({ smsUrl: 'https://hooks.example.com/sms', smsMethod: 'POST' });
    expect((await client.incomingPhoneNumbers(number.sid).fetch()).friendlyName).toBe('Front desk');
  });

  it('refuse an address that is none', async () => {
    const change = client.incomingPhoneNumbers(number.sid).update({ smsUrl: 'hooks.example.com' });
    expect(await refusal(change)).toMatchObject({ status: 400, code: 21402 });
    expect(sandbox.violations.at(-1)).toMatchObject({ vendor: 'twilio', operation: 'UpdateIncomingPhoneNumber' });
  });

  it('stand apart from short codes', async () => {
    const code = account.shortCode('38438');
    expect(await client.shortCodes.list()).toMatchObject([{ sid: code.sid, shortCode: '38438' }]);
    expect(await client.incomingPhoneNumbers.list()).toHaveLength(1);
    await client.shortCodes(code.sid).update({ smsUrl: 'https://hooks.example.com/code' });
    expect(code.smsUrl).toBe('https://hooks.example.com/code');
  });
});

describe('sending', () => {
  it('puts a text on the handset, and tells of its beginning', async () => {
    number.nextSid('SM0000000000000000000000000000beef');
    const sent = await send({ body: '’'.repeat(71) });
    expect(sent).toMatchObject({
      sid: 'SM0000000000000000000000000000beef',
      status: 'queued',
      direction: 'outbound-api',
      numSegments: '2',
      numMedia: '0',
      dateSent: null,
    });
    expect(ada.received).toMatchObject([{ by: 'business', sid: sent.sid, from: '+12025550100', text: '’'.repeat(71) }]);
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ status: 'delivered', dateSent: expect.any(Date) });
  });

  it.each([
    ['no words', { body: '' }, 21602],
    ['1601 characters', { body: 'a'.repeat(1601) }, 21617],
    ['eleven pictures', { mediaUrl: Array.from({ length: 11 }, () => 'https://example.com/a.png') }, 21623],
    ['a picture without an address', { mediaUrl: ['a.png'] }, 21620],
    ['a callback to nowhere', { statusCallback: 'https://under_score.example.com/' }, 21609],
    ['no sender', { from: '' }, 21603],
    ['no end of patience', { validityPeriod: 36_001 }, 21624],
  ])('refuses %s as a breach', async (_what, options, code) => {
    expect(await refusal(send(options))).toMatchObject({ status: 400, code });
    expect(sandbox.violations.at(-1)).toMatchObject({
      operation: 'CreateMessage',
      message: expect.stringMatching(`^${code} `),
    });
    expect(ada.received).toEqual([]);
  });

  it.each([
    ['an addressee that is no number', { to: 'PARCELCO' }, 21211],
    ['a sender of somebody else', { from: '+12025550199' }, 21606],
    ['a name to North America', { from: 'ACME' }, 21612],
    ['a picture from a number without MMS', { from: '+12025550177', mediaUrl: ['https://example.com/a.png'] }, 21621],
    ['a service that does not exist', { messagingServiceSid: `MG${'0'.repeat(32)}`, from: '' }, 21701],
  ])('refuses %s, which can happen to anybody', async (_what, options, code) => {
    account.alphaSender('ACME');
    account.number('+12025550177', { mms: false });
    const before = sandbox.violations.length;
    expect(await refusal(send(options))).toMatchObject({ code });
    expect(sandbox.violations).toHaveLength(before);
  });

  it('shows a name where names are carried', async () => {
    const sender = account.alphaSender('ACME');
    await client.messages.create({ to: '+447700900123', from: 'ACME', body: 'Hi' });
    expect(sender.phone('+447700900123').received).toMatchObject([{ from: 'ACME', text: 'Hi' }]);
    expect(() => sender.phone('+447700900123').text('Who is this?')).toThrow('Nobody can text to ACME.');
  });

  it('lets a messaging service choose its number', async () => {
    const service = account.service({ name: 'Care', lines: [number] });
    const sent = await client.messages.create({
      to: ada.phoneNumber,
      messagingServiceSid: service.sid,
      body: 'Hi',
    });
    expect(sent).toMatchObject({ status: 'accepted', from: null, numSegments: '0', messagingServiceSid: service.sid });
    expect((await client.messages(sent.sid).fetch()).from).toBe(number.address);
    expect(service.phone(ada.phoneNumber).received).toMatchObject([{ text: 'Hi', from: number.address }]);
    const empty = account.service();
    const lost = client.messages.create({ to: ada.phoneNumber, messagingServiceSid: empty.sid, body: 'Hi' });
    expect(await refusal(lost)).toMatchObject({ status: 400, code: 21704 });
    const foreign = send({ messagingServiceSid: service.sid, from: account.number('+12025550188').address });
    expect(await refusal(foreign)).toMatchObject({ code: 21711 });
  });

  it('answers as a fault rule says', async () => {
    sandbox.faults.add({ vendor: 'twilio', match: 'CreateMessage', ...twilioRefusal(30034) });
    expect(await refusal(send())).toMatchObject({ status: 400, code: 30034 });
    sandbox.faults.add({ vendor: 'twilio', match: /^POST .*Messages\.json$/, ...twilioTooManyRequests(7) });
    expect(await refusal(send())).toMatchObject({ status: 429, code: 20429 });
    expect(sandbox.log.at(-1)?.answer?.headers).toMatchObject({ 'retry-after': '7' });
    sandbox.faults.add({ vendor: 'twilio', kind: 'status', status: 503 });
    expect(await refusal(send())).toMatchObject({ status: 503, code: 20503 });
    expect(ada.received).toEqual([]);
  });

  it('can be looked up when the answer was lost', async () => {
    sandbox.faults.add({ vendor: 'twilio', match: 'CreateMessage', kind: 'cut', when: 'after' });
    await expect(send({ body: 'Did it go?' })).rejects.toThrow();
    const today = new Date();
    const found = await client.messages.list({ to: ada.phoneNumber, from: number.address, dateSentAfter: today });
    expect(found.map(({ body }) => body)).toEqual(['Did it go?']);
  });
});

describe('lists', () => {
  it('give the newest first, in pages', async () => {
    for (const body of ['one', 'two', 'three']) await send({ body });
    ada.text('four');
    const all = await client.messages.list({ pageSize: 1 });
    expect(all.map(({ body }) => body)).toEqual(['four', 'three', 'two', 'one']);
    expect(all.map(({ direction }) => direction)).toEqual(['inbound', 'outbound-api', 'outbound-api', 'outbound-api']);
  });

  it('are narrowed by people and days', async () => {
    await send();
    const tom = number.phone('+12025550155');
    tom.text('Hello');
    expect(await client.messages.list({ to: ada.phoneNumber })).toMatchObject([{ body: 'Hi' }]);
    expect(await client.messages.list({ from: tom.phoneNumber })).toMatchObject([{ body: 'Hello' }]);
    const day = 24 * 60 * 60 * 1000;
    const [yesterday, tomorrow] = [new Date(Date.now() - day), new Date(Date.now() + day)];
    expect(await client.messages.list({ dateSentAfter: tomorrow })).toEqual([]);
    expect(await client.messages.list({ dateSentBefore: yesterday })).toEqual([]);
    expect(await client.messages.list({ dateSent: yesterday })).toEqual([]);
    expect(await client.messages.list({ dateSentAfter: yesterday, dateSentBefore: tomorrow })).toHaveLength(2);
  });
});

describe('services', () => {
  it('show who belongs to them, and where their messages go', async () => {
    const code = account.shortCode('38438');
    const service = account.service({ name: 'Care', lines: [number, code] });
    service.inboundRequestUrl = 'https://hooks.example.com/care';
    expect(await client.messaging.v1.services.list()).toMatchObject([
      { sid: service.sid, friendlyName: 'Care', inboundRequestUrl: 'https://hooks.example.com/care' },
    ]);
    const shown = client.messaging.v1.services(service.sid);
    expect((await shown.fetch()).useInboundWebhookOnNumber).toBe(false);
    expect(await shown.phoneNumbers.list()).toMatchObject([{ sid: number.sid, phoneNumber: '+12025550100' }]);
    expect(await shown.shortCodes.list()).toMatchObject([{ sid: code.sid, shortCode: '38438' }]);
    expect((await shown.phoneNumbers(number.sid).fetch()).serviceSid).toBe(service.sid);
    expect(await refusal(shown.phoneNumbers(code.sid).fetch())).toMatchObject({ status: 404 });
  });
});

it('answers 404 to what it does not know, and keeps that', async () => {
  const authorization = `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`;
  const path = `/2010-04-01/Accounts/${account.sid}/Messages`;
  const answer = await request(`${sandbox.url}/api.twilio.com${path}`, { headers: { authorization } });
  expect(answer.statusCode).toBe(404);
  expect(await answer.body.json()).toMatchObject({ code: 20404, status: 404 });
  expect(sandbox.violations.at(-1)?.message).toBe(`the double knows no GET api.twilio.com${path}`);
});

it('reads forms and nothing else', async () => {
  const authorization = `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`;
  const answer = await request(`${sandbox.url}/api.twilio.com/2010-04-01/Accounts/${account.sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ To: ada.phoneNumber, From: number.address, Body: 'Hi' }),
  });
  expect(answer.statusCode).toBe(400);
  expect(sandbox.violations.at(-1)?.message).toMatch('fields travel as a form');
  await answer.body.dump();
});
