import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect, disconnect } from './connect.ts';
import { check } from './health.ts';
import type { TwilioSmsConfig } from './manifest.ts';
import { accountSid, config, numberSid, refusal, sid, startTwilio, type TwilioApi, webhookUrl } from './testing.ts';

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

const api = 'https://api.twilio.com/2010-04-01';
const account = `/Accounts/${accountSid}.json`;
const numbers = `/Accounts/${accountSid}/IncomingPhoneNumbers.json`;
const number = `/Accounts/${accountSid}/IncomingPhoneNumbers/${numberSid}.json`;
const shortCodes = `/Accounts/${accountSid}/SMS/ShortCodes.json`;
const shortCode = `/Accounts/${accountSid}/SMS/ShortCodes/${sid('SC')}.json`;
const service = `/v1/Services/${sid('MG')}`;

const owned = (over: object = {}) => ({
  sid: numberSid,
  phone_number: '+15005550001',
  sms_url: 'https://elsewhere.example/secret-path',
  sms_application_sid: '',
  capabilities: { sms: true, mms: true, voice: true, fax: false },
  ...over,
});

/** An account that is in order and owns the number. */
function prepare({ over = {}, state = {} }: { over?: object; state?: object } = {}): void {
  twilio.answer(account, {
    body: { sid: accountSid, friendly_name: 'Example Ltd', status: 'active', type: 'Full', ...state },
  });
  twilio.answer(numbers, { body: { incoming_phone_numbers: [owned(over)] } });
  twilio.answer(`POST ${api}${number}`, { body: owned(over) });
  twilio.answer('/v1/Services', { body: { services: [] } });
}

const withSender = (sender: string, more: Partial<TwilioSmsConfig> = {}) =>
  twilio.context({ config: { ...config, sender, ...more } });
const posts = () =>
  twilio.calls.filter(call => call.what.startsWith('POST')).map(({ what, form }) => [what, Object.fromEntries(form)]);

describe('connecting a number', () => {
  it('has its messages posted to us and keeps the address for receipts', async () => {
    prepare();
    expect(await connect(twilio.context())).toEqual({
      ok: true,
      connected: {
        status: 'connected',
        identity: 'phone:+15005550001',
        name: '+15005550001',
        config: { ...config, statusCallback: webhookUrl, mms: true },
        facts: { 'Twilio account': 'Example Ltd', 'Account type': 'Full', 'Pictures (MMS)': 'yes' },
      },
    });
    expect(posts()).toEqual([[`POST ${api}${number}`, { SmsUrl: webhookUrl, SmsMethod: 'POST' }]]);
  });

  it('takes it from a TwiML app, which would be asked before us', async () => {
    prepare({ over: { sms_application_sid: sid('AP') } });
    expect(await connect(twilio.context())).toMatchObject({ ok: true, connected: { status: 'connected' } });
    expect(posts()).toEqual([
      [`POST ${api}${number}`, { SmsUrl: webhookUrl, SmsMethod: 'POST', SmsApplicationSid: '' }],
    ]);
  });

  it('notes that a number cannot send pictures', async () => {
    prepare({ over: { capabilities: { sms: true, mms: false } } });
    expect(await connect(twilio.context())).toMatchObject({ connected: { config: { mms: false } } });
  });

  it('changes nothing at Twilio while we have no public address', async () => {
    prepare();
    expect(await connect(twilio.context({ webhookUrl: '' }))).toMatchObject({
      ok: true,
      connected: { status: 'pending', config: { statusCallback: undefined } },
    });
    expect(posts()).toEqual([]);
  });

  it('tells when a messaging service keeps the number’s messages to itself', async () => {
    prepare();
    const services = [
      { sid: sid('MG', '2'), friendly_name: 'Deferring', use_inbound_webhook_on_number: true },
      { sid: sid('MG'), friendly_name: 'Support US', use_inbound_webhook_on_number: false },
    ];
    twilio.answer('/v1/Services', { body: { services } });
    twilio.answer(`${service}/PhoneNumbers/${numberSid}`, { body: { sid: numberSid } });
    const result = await connect(twilio.context());
    expect(result).toMatchObject({ ok: true, connected: { status: 'pending' } });
    expect(JSON.stringify(result)).toContain('Support US');
  });

  it('does not need to read services', async () => {
    prepare();
    twilio.answer('/v1/Services', refusal(403, 70051));
    expect(await connect(twilio.context())).toMatchObject({ ok: true, connected: { status: 'connected' } });
  });

  it('refuses a number of someone else', async () => {
    prepare({ over: { phone_number: '+15005550019' } });
    expect(await connect(twilio.context())).toMatchObject({ ok: false, failure: { class: 'config' }, field: 'sender' });
  });
});

describe('connecting other senders', () => {
  it('sets the webhook of a short code of the account', async () => {
    prepare();
    twilio.answer(shortCodes, { body: { short_codes: [{ sid: sid('SC'), short_code: '38438', sms_url: null }] } });
    twilio.answer(shortCode, { body: { sid: sid('SC') } });
    expect(await connect(withSender('38438'))).toMatchObject({
      ok: true,
      connected: { status: 'connected', identity: `twilio:${accountSid}:38438`, name: '38438' },
    });
    expect(posts()).toEqual([[`POST ${api}${shortCode}`, { SmsUrl: webhookUrl, SmsMethod: 'POST' }]]);
  });

  it('shows the address to copy for a short code of another account', async () => {
    prepare();
    twilio.answer(shortCodes, { body: { short_codes: [] } });
    expect(await connect(withSender('38438'))).toMatchObject({
      ok: true,
      connected: { status: 'pending', advice: expect.stringContaining(webhookUrl) },
    });
  });

  it('shows it for a messaging service until someone has pasted it there', async () => {
    prepare();
    const found = {
      sid: sid('MG'),
      friendly_name: 'Support',
      inbound_request_url: null,
      use_inbound_webhook_on_number: false,
    };
    twilio.answer(service, { body: found }, { body: { ...found, inbound_request_url: webhookUrl } });
    expect(await connect(withSender(sid('MG')))).toMatchObject({
      ok: true,
      connected: {
        status: 'pending',
        name: 'Support',
        identity: `twilio:${accountSid}:${sid('MG')}`,
        advice: expect.stringContaining(webhookUrl),
      },
    });
    expect(posts()).toEqual([]);
    expect(await check(withSender(sid('MG'), { statusCallback: webhookUrl }))).toMatchObject({ status: 'connected' });
  });

  it('says that a name cannot be answered, and needs no webhook for it', async () => {
    prepare();
    expect(await connect(withSender('Example Ltd'))).toMatchObject({
      ok: true,
      connected: { status: 'connected', identity: `twilio:${accountSid}:Example Ltd`, advice: expect.any(String) },
    });
    expect(posts()).toEqual([]);
  });

  it('refuses a service that does not exist', async () => {
    prepare();
    twilio.answer(service, refusal(404, 20404));
    expect(await connect(withSender(sid('MG')))).toMatchObject({ ok: false, field: 'sender' });
  });
});

describe('credentials', () => {
  const key = { apiKeySid: sid('SK'), apiKeySecret: 'not-a-real-secret' };
  const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

  it('are proved each by a call that it is for', async () => {
    prepare();
    twilio.answer(`/Accounts/${accountSid}/Messages.json`, { body: { messages: [] } });
    expect(await connect(withSender(config.sender, key))).toMatchObject({ ok: true });
    expect(twilio.calls.map(call => call.authorization)).toEqual([
      basic(accountSid, config.authToken),
      ...Array.from({ length: 4 }, () => basic(sid('SK'), 'not-a-real-secret')),
    ]);
  });

  it('that are refused are named', async () => {
    twilio.answer(account, refusal(401, 20003, 'Authenticate'));
    expect(await connect(twilio.context())).toMatchObject({
      ok: false,
      failure: { class: 'auth' },
      field: 'authToken',
    });
    prepare();
    twilio.answer(`/Accounts/${accountSid}/Messages.json`, refusal(401, 20003));
    expect(await connect(withSender(config.sender, key))).toMatchObject({ ok: false, field: 'apiKeySecret' });
    twilio.answer(account, refusal(404, 20404));
    expect(await connect(twilio.context())).toMatchObject({ ok: false, field: 'accountSid' });
  });

  it('of a stopped account are of no use', async () => {
    prepare({ state: { status: 'suspended' } });
    expect(await connect(twilio.context())).toMatchObject({ ok: false, failure: { class: 'policy' } });
    expect(await check(twilio.context())).toMatchObject({ status: 'offline' });
    prepare({ state: { status: 'closed' } });
    expect(await check(twilio.context())).toMatchObject({ status: 'disconnected' });
  });

  it('of a trial account come with a warning', async () => {
    prepare({ state: { type: 'Trial' } });
    expect(await connect(twilio.context())).toMatchObject({ connected: { advice: expect.stringContaining('trial') } });
  });

  it('are not among the facts that people see', async () => {
    prepare({ state: { auth_token: 'not-a-real-auth-token' } });
    const result = await connect(twilio.context());
    const facts = result.ok ? result.connected.facts : undefined;
    expect(Object.values(facts ?? {})).not.toContain('not-a-real-auth-token');
  });
});

describe('check', () => {
  const connected = () => twilio.context({ config: { ...config, statusCallback: webhookUrl } });

  it('is content while the number’s messages come to us', async () => {
    prepare({ over: { sms_url: webhookUrl } });
    expect(await check(connected())).toMatchObject({ status: 'connected', advice: undefined });
    expect(posts()).toEqual([]);
  });

  it('notices that another system has taken the number, and names only its host', async () => {
    prepare();
    const found = await check(connected());
    expect(found).toMatchObject({ status: 'disconnected', reason: expect.stringContaining('elsewhere.example') });
    expect(JSON.stringify(found)).not.toContain('secret-path');
    prepare({ over: { sms_url: webhookUrl, sms_application_sid: sid('AP') } });
    expect(await check(connected())).toMatchObject({
      status: 'disconnected',
      reason: expect.stringContaining('TwiML'),
    });
  });

  it('notices that the number or the service is gone', async () => {
    prepare({ over: { phone_number: '+15005550019' } });
    expect(await check(connected())).toMatchObject({ status: 'disconnected' });
    twilio.answer(service, refusal(404, 20404));
    expect(await check(withSender(sid('MG')))).toMatchObject({ status: 'disconnected' });
  });

  it('tells a refused token from an outage', async () => {
    twilio.answer(account, refusal(401, 20003, 'Authenticate'));
    expect(await check(connected())).toMatchObject({
      status: 'disconnected',
      advice: expect.stringContaining('Auth Token'),
    });
    twilio.answer(account, refusal(503, 20503));
    expect(await check(connected())).toMatchObject({ status: 'offline' });
    twilio.answer(account, 'drop');
    expect(await check(connected())).toMatchObject({ status: 'offline' });
  });

  it('asks for a new connection once receipts go to an address we have left', async () => {
    prepare({ over: { sms_url: webhookUrl } });
    const old = { config: { ...config, statusCallback: 'https://old.example/hooks/made0up0hook0token' } };
    expect(await check(twilio.context(old))).toMatchObject({ status: 'connected', advice: expect.any(String) });
  });
});

describe('disconnect', () => {
  it('takes our webhook away, also where the public address has changed since', async () => {
    prepare({ over: { sms_url: webhookUrl.replace('octopods.example', 'old.example') } });
    await disconnect(twilio.context());
    expect(posts()).toEqual([[`POST ${api}${number}`, { SmsUrl: '', SmsMethod: 'POST' }]]);
  });

  it('leaves a number alone that another system has taken, and everything that was never set', async () => {
    prepare();
    await disconnect(twilio.context());
    await disconnect(withSender(sid('MG')));
    await disconnect(withSender('Example'));
    expect(posts()).toEqual([]);
  });

  it('does not stumble over revoked credentials', async () => {
    twilio.answer(numbers, refusal(401, 20003));
    await expect(disconnect(twilio.context())).resolves.toBeUndefined();
  });
});
