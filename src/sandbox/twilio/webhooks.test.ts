import type twilio from 'twilio';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { startReceiver, type WebhookReceiver } from '../testing.ts';
import type { Sandbox, TwilioAccount, TwilioHandset, TwilioLine } from '../types.ts';
import { officialClient, refusal } from './testing.ts';

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let account: TwilioAccount;
let number: TwilioLine;
let ada: TwilioHandset;
let client: twilio.Twilio;

beforeEach(async () => {
  [sandbox, receiver] = await Promise.all([startSandbox({ redelivery: { twilio: { delay: 1 } } }), startReceiver()]);
  account = sandbox.twilio.account();
  number = account.number('+12025550100');
  number.smsUrl = receiver.url;
  ada = number.phone('+12025550143');
  client = officialClient(sandbox.url, account);
});

afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const forms = () => receiver.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
const statuses = () => forms().map(({ MessageStatus }) => MessageStatus);
const send = (options: Partial<Parameters<typeof client.messages.create>[0]> = {}) =>
  client.messages.create({
    to: ada.phoneNumber,
    from: number.address,
    body: 'Hi',
    statusCallback: `${receiver.url}?m=1`,
    ...options,
  });

/** What the newest call had been answered when each webhook came. */
function answersSoFar(): (number | undefined)[] {
  const answers: (number | undefined)[] = [];
  receiver.answer = () => {
    answers.push(sandbox.log.at(-1)?.answer?.status);
    return 200;
  };
  return answers;
}

function isSigned(webhook: WebhookReceiver['received'][number] | undefined, url: string): boolean {
  const form = Object.fromEntries(new URLSearchParams(webhook?.body));
  return validateRequest(account.authToken, String(webhook?.headers['x-twilio-signature']), url, form);
}

describe('an incoming text', () => {
  it('is posted as a form that the official library takes as signed', async () => {
    const { sid } = ada.text("What's 5 € in £? 👍");
    await sandbox.settled();
    expect(forms()).toEqual([
      expect.objectContaining({
        MessageSid: sid,
        SmsSid: sid,
        SmsMessageSid: sid,
        AccountSid: account.sid,
        From: '+12025550143',
        To: '+12025550100',
        Body: "What's 5 € in £? 👍",
        NumMedia: '0',
        NumSegments: '1',
        SmsStatus: 'received',
        FromCountry: 'US',
        ApiVersion: '2010-04-01',
      }),
    ]);
    const [webhook] = receiver.received;
    expect(webhook?.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=UTF-8');
    expect(isSigned(webhook, receiver.url)).toBe(true);
    expect(isSigned(webhook, `${receiver.url}?`)).toBe(false);
  });

  it('is signed for the address to the letter, without what stands behind a #', async () => {
    number.smsUrl = `${receiver.url}?who=O'Brien&x=a%20b#rc=2&rp=all`;
    ada.text('Hi');
    await sandbox.settled();
    expect(isSigned(receiver.received[0], `${receiver.url}?who=O'Brien&x=a%20b`)).toBe(true);
  });

  it('is signed with the new token after a rotation', async () => {
    account.rotate('another-made-up-token');
    ada.text('Hi');
    await sandbox.settled();
    expect(isSigned(receiver.received[0], receiver.url)).toBe(true);
  });

  it('may be any form', async () => {
    await ada.webhook({ MessageSid: 'SMx', Body: 'raw', NewThing: '1' }).done;
    expect(forms()).toEqual([{ MessageSid: 'SMx', Body: 'raw', NewThing: '1' }]);
    expect(isSigned(receiver.received[0], receiver.url)).toBe(true);
  });

  it('is tried once more where nobody listens, and lost after any other failure', async () => {
    receiver.answer = () => 500;
    const refused = await ada.text('refused').delivery.done;
    expect([refused.state, refused.tries.length]).toEqual(['failed', 1]);
    number.smsUrl = 'http://127.0.0.1:9/hook';
    const unheard = await ada.text('unheard').delivery.done;
    expect([unheard.state, unheard.tries.length]).toEqual(['failed', 2]);
  });

  it('goes nowhere while there is no address, or a TwiML app is asked first', async () => {
    number.smsApplicationSid = `AP${'0'.repeat(32)}`;
    expect(ada.text('one').delivery.state).toBe('dropped');
    number.smsApplicationSid = '';
    number.smsUrl = '';
    expect(ada.text('two').delivery.state).toBe('dropped');
    expect(account.messages.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  it('goes to the messaging service of its number, or through it, or is dropped by it', async () => {
    const service = account.service({ lines: [number] });
    expect(ada.text('dropped').delivery.state).toBe('dropped');
    service.inboundRequestUrl = `${receiver.url}?service`;
    ada.text('to the service');
    await sandbox.settled();
    expect(isSigned(receiver.received[0], `${receiver.url}?service`)).toBe(true);
    service.useInboundWebhookOnNumber = true;
    service.phone(ada.phoneNumber).text('to the number');
    await sandbox.settled();
    expect(isSigned(receiver.received[1], receiver.url)).toBe(true);
    expect(forms()).toMatchObject([
      { Body: 'to the service', MessagingServiceSid: service.sid },
      { Body: 'to the number', MessagingServiceSid: service.sid },
    ]);
  });
});

describe('the answer', () => {
  it.each([
    ['TwiML', 'text/xml', '<Response><Message>Thanks</Message></Response>'],
    [
      'TwiML with a body',
      'application/xml',
      '<?xml version="1.0"?><Response><Message><Body>Thanks</Body></Message></Response>',
    ],
    ['a plain word', 'text/plain; charset=utf-8', 'Thanks'],
  ])('in %s is texted to the customer', async (_what, type, body) => {
    receiver.answer = () => ({ type, body });
    ada.text('Hi');
    await sandbox.until(() => ada.received[0]);
    expect(ada.received).toMatchObject([{ by: 'business', text: 'Thanks', from: '+12025550100' }]);
    expect(account.messages.at(-1)?.direction).toBe('outbound-reply');
    expect(sandbox.violations).toEqual([]);
  });

  it.each([
    ['nothing', 'text/xml', '<Response/>', []],
    ['an empty body', 'application/json', '', []],
    ['JSON', 'application/json', '{"ok":true}', ['12300 Invalid Content-Type: application/json']],
    ['a page', 'text/html', '<p>OK</p>', ['12300 Invalid Content-Type: text/html']],
    ['another document', 'text/xml', '<html/>', ['12102 The root element must be Response, not html']],
    [
      'a verb of phone calls',
      'text/xml',
      '<Response><Say>Hi</Say></Response>',
      ['14110 Invalid Verb for SMS Reply: Say'],
    ],
  ])('of %s texts nothing', async (_what, type, body, problems) => {
    receiver.answer = () => ({ type, body });
    await ada.text('Hi').delivery.done;
    await sandbox.settled();
    expect(ada.received).toEqual([]);
    expect(sandbox.violations.map(({ message }) => message)).toEqual(problems);
  });

  it('to a STOP does not reach who sent it', async () => {
    receiver.answer = () => ({ type: 'text/plain', body: 'OK' });
    await ada.stop().delivery.done;
    expect(ada.received).toMatchObject([{ by: 'twilio' }]);
    expect(sandbox.violations).toMatchObject([{ message: expect.stringMatching('^21610 ') }]);
  });
});

describe('opting out', () => {
  it('refuses sends until START, and is answered by Twilio', async () => {
    ada.text(' stop ');
    expect(ada.optedOut).toBe(true);
    expect(await refusal(send())).toMatchObject({ status: 400, code: 21610 });
    ada.start();
    await send();
    expect(ada.received.map(({ by }) => by)).toEqual(['twilio', 'twilio', 'business']);
    expect(sandbox.violations).toEqual([]);
  });

  it('is for the words alone, and for the one number', async () => {
    ada.text('Stop it please');
    expect(ada.optedOut).toBe(false);
    ada.stop();
    const other = account.number('+12025550111');
    await send({ from: other.address });
    expect(other.phone(ada.phoneNumber).received).toHaveLength(1);
    expect(number.phone('+12025550155').optedOut).toBe(false);
  });

  it('counts for a whole service, whose webhook names it where that is switched on', async () => {
    const other = account.number('+12025550111');
    const service = account.service({ lines: [number, other] });
    service.inboundRequestUrl = receiver.url;
    service.advancedOptOut = true;
    ada.stop();
    ada.text('HELP');
    ada.text('Thanks');
    ada.start();
    await sandbox.settled();
    expect(forms().map(({ OptOutType }) => OptOutType)).toEqual(['STOP', 'HELP', undefined, 'START']);
    ada.stop();
    expect(await refusal(send({ from: other.address }))).toMatchObject({ code: 21610 });
  });
});

describe('the fate of a message', () => {
  it('is told step by step, after the call has been answered', async () => {
    const answers = answersSoFar();
    const { sid } = await send();
    await sandbox.settled();
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    expect(answers).toEqual([201, 201, 201]);
    expect(forms().at(-1)).toMatchObject({
      MessageSid: sid,
      SmsStatus: 'delivered',
      From: number.address,
      To: ada.phoneNumber,
      RawDlrDoneDate: expect.stringMatching(/^\d{10}$/),
    });
    expect(isSigned(receiver.received[0], `${receiver.url}?m=1`)).toBe(true);
  });

  it.each([
    ['sent', undefined, ['queued', 'sent'], 1],
    ['queued', undefined, ['queued'], 0],
    ['undelivered', 30003, ['queued', 'sent', 'undelivered'], 0],
    ['failed', 30007, ['queued', 'failed'], 0],
  ] as const)('may end as %s', async (status, errorCode, told, arrived) => {
    ada.fate = { status, ...(errorCode === undefined ? {} : { errorCode }) };
    const { sid } = await send();
    await sandbox.settled();
    expect(statuses()).toEqual(told);
    expect(forms().at(-1)?.ErrorCode).toBe(errorCode?.toString());
    expect(ada.received).toHaveLength(arrived);
    expect(await client.messages(sid).fetch()).toMatchObject({ status, errorCode: errorCode ?? null });
  });

  it('begins as accepted through a service, and goes to its callback where the message names none', async () => {
    const service = account.service({ lines: [number] });
    service.statusCallback = receiver.url;
    await client.messages.create({ to: ada.phoneNumber, messagingServiceSid: service.sid, body: 'Hi' });
    await sandbox.settled();
    expect(statuses()).toEqual(['accepted', 'queued', 'sent', 'delivered']);
    expect(forms()[0]).toMatchObject({ MessagingServiceSid: service.sid, From: number.address });
  });

  it('can be told before the call is answered', async () => {
    sandbox.faults.add({ vendor: 'twilio', match: 'CreateMessage', kind: 'webhook_before_answer' });
    const answers = answersSoFar();
    await send();
    expect(statuses()).toEqual(['queued', 'sent', 'delivered']);
    expect(answers).toEqual([undefined, undefined, undefined]);
  });

  it('can be told out of order and twice', async () => {
    sandbox.faults.add({ vendor: 'twilio', match: 'sent', kind: 'reorder' });
    sandbox.faults.add({ vendor: 'twilio', match: 'delivered', kind: 'duplicate' });
    await send();
    await sandbox.until(() => receiver.received.length === 4);
    expect(statuses().filter(status => status !== 'queued')).toContain('sent');
    expect(statuses().indexOf('delivered')).toBeLessThan(statuses().indexOf('sent'));
    expect(statuses().filter(status => status === 'delivered')).toHaveLength(2);
  });

  it('can be told later, in any word', async () => {
    await send();
    await account.messages[0]?.report('sideways', 30008).done;
    expect(forms().at(-1)).toMatchObject({ MessageStatus: 'sideways', ErrorCode: '30008' });
  });
});
