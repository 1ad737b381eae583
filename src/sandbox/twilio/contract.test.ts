import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContracts } from '../contracts.ts';
import { startSandbox } from '../server.ts';
import { png, sharedContracts, startWeb } from '../testing.ts';
import type { Sandbox, TwilioAccount, TwilioLine } from '../types.ts';
import { call, officialClient } from './testing.ts';

const contractsDir = sharedContracts() ?? '';

describe.skipIf(contractsDir === '')('Twilio’s own description', () => {
  let sandbox: Sandbox;
  let account: TwilioAccount;
  let number: TwilioLine;

  beforeEach(async () => {
    sandbox = await startSandbox({ contractsDir });
    account = sandbox.twilio.account();
    number = account.number('+12025550100');
  });

  afterEach(() => sandbox.close());

  it.each([
    ['an unknown field', { Bdy: 'Hi' }, 'Bdy is no field of api.twilio.com CreateMessage'],
    ['a wrong type', { SmartEncoded: 'perhaps' }, '/SmartEncoded must be boolean'],
    ['a SID that is none', { MessagingServiceSid: 'MG1' }, expect.stringMatching('^/MessagingServiceSid must ')],
    ['a word that is not on the list', { ContentRetention: 'some' }, expect.stringMatching('^/ContentRetention must ')],
    ['no addressee', { To: undefined }, "the call must have required property 'To'"],
  ])('notes %s', async (_what, fields, message) => {
    const form = { To: '+12025550143', From: number.address, Body: 'Hi', ...fields };
    const answer = await call(sandbox.url, account, `/Messages.json`, form);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 20001, status: 400 });
    const words = sandbox.violations.map(violation => violation.message.replace(/^20001 /, ''));
    expect(words).toContainEqual(message);
  });

  it('notes an unknown filter', async () => {
    await call(sandbox.url, account, '/Messages.json?Too=1');
    expect(sandbox.violations).toMatchObject([{ message: '20001 Too is no field of api.twilio.com ListMessage' }]);
  });

  it('finds no fault in what the official client sends, nor in what it was answered', async () => {
    const { twilio: contract } = await loadContracts(contractsDir);
    const { web, address } = await startWeb();
    const client = officialClient(sandbox.url, account);
    const code = account.shortCode('38438');
    const service = account.service({ lines: [number, code] });
    await client.api.v2010.accounts(account.sid).fetch();
    await client.incomingPhoneNumbers.list({ phoneNumber: number.address });
    await client.incomingPhoneNumbers(number.sid).fetch();
    await client.incomingPhoneNumbers(number.sid).update({
      smsUrl: 'https://hooks.example.com/sms',
      smsMethod: 'POST',
      smsApplicationSid: `AP${'0'.repeat(32)}`,
    });
    await client.shortCodes.list({ shortCode: '38438' });
    await client.shortCodes(code.sid).fetch();
    await client.shortCodes(code.sid).update({ smsUrl: 'https://hooks.example.com/sms' });
    const { sid } = await client.messages.create({
      to: '+12025550143',
      from: number.address,
      body: 'Hi',
      mediaUrl: [`${address}/a.png`],
      statusCallback: 'https://hooks.example.com/sms',
      validityPeriod: 14_400,
      smartEncoded: true,
    });
    await client.messages.create({ to: '+12025550143', messagingServiceSid: service.sid, body: 'Hi' });
    number.phone('+12025550143').mms([{ mime: 'image/png', bytes: png }]);
    await client.messages(sid).fetch();
    await client.messages.list({ to: '+12025550143', dateSentAfter: new Date(), pageSize: 1 });
    const [media] = await client.messages(sid).media.list();
    await client
      .messages(sid)
      .media(media?.sid ?? '')
      .fetch();
    const shown = client.messaging.v1.services(service.sid);
    await client.messaging.v1.services.list();
    await shown.fetch();
    await shown.phoneNumbers.list();
    await shown.phoneNumbers(number.sid).fetch();
    await shown.shortCodes.list();
    await shown.shortCodes(code.sid).fetch();
    await web.close();
    expect(sandbox.violations).toEqual([]);
    const problems = sandbox.log.flatMap(({ operation, path, answer }) => {
      const host = path.startsWith('/v1/') ? 'messaging.twilio.com' : 'api.twilio.com';
      return contract.answer(`${host} ${operation}`, answer?.status ?? 0, answer?.body);
    });
    // Where there is no app, Twilio gives an empty string: so do the document's examples, against its own pattern.
    expect(problems.filter(problem => !problem.includes('/sms_application_sid '))).toEqual([]);
    expect(new Set(sandbox.log.map(({ operation }) => operation)).size).toBe(16);
  });
});
