import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../../src/cli/try/samples.ts';
import { resend } from '../../src/relay/resend.ts';
import type { TwilioHandset, WhatsAppCustomer, WhatsAppNumber } from '../../src/sandbox/types.ts';
import { setStage, type TestStage } from '../support/stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.stop());
afterEach(() => {
  stage.sandbox.faults.clear();
  expect(stage.sandbox.violations).toEqual([]);
});

const kim = () => stage.inbox.teammate({ id: '9042', name: 'Kim Ode' });

async function connect(kind: string, config: object): Promise<void> {
  const { accountId, workspaceId } = stage;
  await stage.octopods.setup.connectChannel({ accountId, workspaceId, kind, config });
}

async function threadOf(externalId: string): Promise<string> {
  await stage.quiet();
  const contact = stage.inbox.contact(externalId);
  const thread = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id));
  if (!thread) throw new Error(`${externalId} has no conversation in the inbox.`);
  return thread.id;
}

async function newest(direction: string) {
  const messages = await stage.messages();
  return messages.filter(message => message.direction === direction).at(-1);
}

describe('SMS through Twilio', () => {
  let phone: TwilioHandset;
  let thread: string;
  beforeAll(async () => {
    const account = stage.sandbox.twilio.account({ name: 'Acme' });
    const number = account.number('+12025550100');
    await connect('twilio-sms', { accountSid: account.sid, authToken: account.authToken, sender: number.address });
    phone = number.phone('+12025550143');
    phone.text('Hello by text');
    thread = await threadOf('sms:+12025550143');
  });

  test('a long reply arrives in all its pieces, although receipts come in between, and counts as delivered then', async () => {
    const words = 'one two three four five six seven eight nine ten '.repeat(80).trim();
    kim().reply(thread, `<p>${words}</p>`);
    await stage.quiet();
    expect(phone.received.map(message => message.text).join(' ')).toBe(words);
    expect(phone.received.length).toBeGreaterThan(2);
    expect((await newest('outbound'))?.status).toBe('delivered');
  });

  test('after STOP the teammate is told, nothing is sent, and START lifts it', async () => {
    phone.stop();
    await stage.quiet();
    const before = phone.received.length;
    kim().reply(thread, '<p>Are you there?</p>');
    await stage.quiet();
    expect(phone.received).toHaveLength(before);
    expect((await newest('outbound'))?.failure).toMatchObject({ class: 'opted_out' });
    expect(stage.inbox.conversation(thread).parts.findLast(part => part.type === 'note')?.text).toContain('opted out');
    phone.start();
    await stage.quiet();
    kim().reply(thread, '<p>Welcome back</p>');
    await stage.quiet();
    expect(phone.received.at(-1)?.text).toBe('Welcome back');
  });
});

describe('WhatsApp', () => {
  let number: WhatsAppNumber;
  let customer: WhatsAppCustomer;
  let thread: string;
  beforeAll(async () => {
    const app = stage.sandbox.whatsapp.app({ appSecret: 'not-a-real-app-secret' });
    const account = app.account();
    number = account.number({ display: '+1 202-555-0170', verifiedName: 'Acme' });
    await connect('whatsapp', {
      accessToken: account.token,
      phoneNumberId: number.phoneNumberId,
      appSecret: app.appSecret,
    });
    customer = number.customer({ waId: '491511234567', name: 'Mira Okafor' });
    customer.text('Hallo');
    thread = await threadOf('wa:491511234567');
  });

  test('a picture goes both ways', async () => {
    customer.image(photo, { caption: 'my label' });
    await stage.quiet();
    const part = stage.inbox.conversation(thread).parts.at(-1);
    expect(part?.text).toBe('my label');
    expect(Buffer.compare(part?.attachments[0]?.bytes ?? new Uint8Array(), photo)).toBe(0);
    kim().reply(thread, '<p>and ours</p>', { inlineImages: [{ name: 'ours.png', mime: 'image/png', bytes: photo }] });
    await stage.quiet();
    expect((await newest('outbound'))?.status).toMatch(/sent|delivered|read/);
  });

  test('a reply that the phone never got is told with the reason, and a resend sends the whole of it again', async () => {
    number.failNext({ code: 131026 });
    kim().reply(thread, '<p>Can you read this?</p>');
    await stage.quiet();
    const failed = await newest('outbound');
    expect(failed).toMatchObject({ status: 'failed', failure: { class: 'unreachable' } });
    expect(stage.inbox.conversation(thread).parts.findLast(part => part.type === 'note')?.text).toContain(
      'Can you read this?',
    );

    expect(await resend(stage.database.pool, stage.accountId, [failed?.id ?? ''])).toEqual([failed?.id]);
    await stage.quiet();
    expect((await newest('outbound'))?.status).toMatch(/sent|delivered|read/);
    const shown = customer.messages.filter(message => message.from === 'business').map(message => message.shown);
    expect(shown.at(-1)).toBe('Can you read this?');
  });

  test('after 24 hours the reply is refused before anything is sent, and the teammate is pointed to templates', async () => {
    await stage.database.pool.query(
      `update messages set at = at - interval '25 hours' from channels c where c.id = messages.channel_id and c.kind = 'whatsapp'`,
    );
    const calls = stage.sandbox.log.length;
    kim().reply(thread, '<p>Too late</p>');
    await stage.quiet();
    expect((await newest('outbound'))?.failure).toMatchObject({ class: 'window_closed' });
    expect(stage.inbox.conversation(thread).parts.findLast(part => part.type === 'note')?.text).toContain('template');
    expect(stage.sandbox.log.slice(calls).filter(call => call.vendor === 'whatsapp')).toEqual([]);
  });
});
