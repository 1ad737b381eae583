import { createHmac } from 'node:crypto';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { sharedContracts } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { whatsappTooManyRequests } from './errors.ts';
import { errorOf, type Stage, sentId, setStage } from './testing.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let stage: Stage;
let now = new Date('2026-09-01T08:00:00Z');

beforeEach(async () => {
  now = new Date('2026-09-01T08:00:00Z');
  sandbox = await startSandbox({ now: () => now, ...(contractsDir === undefined ? {} : { contractsDir }) });
  stage = setStage(sandbox);
});

afterEach(() => sandbox.close());

const says = (body: string) => ({ type: 'text', text: { body } });

describe('who calls', () => {
  const bare = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await request(`${sandbox.url}/graph.facebook.com/${path}`, { headers });
    return { status: answer.statusCode, body: (await answer.body.json()) as Json };
  };

  it('asks for a token, and knows it', async () => {
    const { phoneNumberId } = stage.number;
    expect(errorOf(await bare(`v25.0/${phoneNumberId}`))).toMatchObject({ code: 104 });
    const stranger = await bare(`v25.0/${phoneNumberId}`, { authorization: 'Bearer made-up' });
    expect(stranger).toMatchObject({ status: 401, body: { error: { code: 190, type: 'OAuthException' } } });
    expect((await stage.get(phoneNumberId)).status).toBe(200);
  });

  it('refuses a revoked token from then on, in every account that used it', async () => {
    const other = stage.app.account({ token: stage.account.token });
    const old = stage.account.token;
    stage.account.revoke();
    const answer = await bare(`v25.0/${other.wabaId}`, { authorization: `Bearer ${old}` });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 190, error_subcode: 460 } } });
    expect((await stage.get(stage.number.phoneNumberId)).status).toBe(200);
  });

  it('says of other people’s objects, and of those that do not exist, that they are not there', async () => {
    const foreign = sandbox.whatsapp.app().account().number();
    for (const id of [foreign.phoneNumberId, '454545']) {
      expect(await stage.get(id)).toMatchObject({
        status: 400,
        body: { error: { code: 100, error_subcode: 33, type: 'GraphMethodException' } },
      });
    }
    expect(sandbox.violations).toEqual([]);
  });

  it('checks the proof of the app secret where one is given', async () => {
    const proof = createHmac('sha256', stage.app.appSecret).update(stage.account.token).digest('hex');
    expect((await stage.get(`${stage.number.phoneNumberId}?appsecret_proof=${proof}`)).status).toBe(200);
    expect(errorOf(await stage.get(`${stage.number.phoneNumberId}?appsecret_proof=00`)).code).toBe(100);
  });

  it('wants a version in the path, and notes what it does not know', async () => {
    const { phoneNumberId } = stage.number;
    const answer = await bare(phoneNumberId, { authorization: `Bearer ${stage.account.token}` });
    expect(errorOf(answer).code).toBe(2500);
    expect((await stage.post(`${phoneNumberId}/teapots`, {})).status).toBe(400);
    expect(sandbox.violations.map(({ vendor }) => vendor)).toEqual(['whatsapp', 'whatsapp']);
  });
});

describe('reading', () => {
  it('tells of a number: the usual fields, or those asked for', async () => {
    const { phoneNumberId } = stage.number;
    expect((await stage.get(phoneNumberId)).body).toMatchObject({
      id: phoneNumberId,
      display_phone_number: '+1 202-555-0100',
      verified_name: 'Example Ltd',
      quality_rating: 'GREEN',
    });
    stage.number.facts.quality_rating = 'RED';
    expect((await stage.get(`${phoneNumberId}?fields=quality_rating,throughput{level},username`)).body).toEqual({
      id: phoneNumberId,
      quality_rating: 'RED',
      throughput: { level: 'STANDARD' },
    });
    expect(errorOf(await stage.get(`${phoneNumberId}?fields=colour`)).code).toBe(100);
    expect(sandbox.violations).toMatchObject([{ operation: 'getPhoneNumberById' }]);
  });

  it('lists the numbers of an account, page by page', async () => {
    const second = stage.account.number({ display: '+1 202-555-0101' });
    const first = await stage.get(`${stage.account.wabaId}/phone_numbers?fields=display_phone_number&limit=1`);
    expect(first.body.data).toEqual([{ id: stage.number.phoneNumberId, display_phone_number: '+1 202-555-0100' }]);
    const { after } = (first.body.paging as { cursors: { after: string } }).cursors;
    const next = await stage.get(`${stage.account.wabaId}/phone_numbers?limit=1&after=${after}`);
    expect(next.body).toMatchObject({ data: [{ id: second.phoneNumberId }] });
    expect(next.body.paging).not.toHaveProperty('next');
  });

  it('tells what a token may do, and with which accounts', async () => {
    const newest = stage.app.account({ token: stage.account.token });
    const { body } = await stage.get(`debug_token?input_token=${stage.account.token}`);
    expect(body.data).toMatchObject({
      app_id: stage.app.appId,
      is_valid: true,
      granular_scopes: [
        { scope: 'whatsapp_business_management', target_ids: [newest.wabaId, stage.account.wabaId] },
        { scope: 'whatsapp_business_messaging' },
      ],
    });
    expect((await stage.get('debug_token?input_token=made-up')).body.data).toMatchObject({ is_valid: false });
  });

  it('registers a number with a pin', async () => {
    stage.number.facts.status = 'PENDING';
    const register = (pin: string) =>
      stage.post(`${stage.number.phoneNumberId}/register`, { messaging_product: 'whatsapp', pin });
    expect((await register('12')).status).toBe(400);
    expect((await register('123456')).body).toEqual({ success: true });
    expect(stage.number.facts.status).toBe('CONNECTED');
  });
});

describe('sending', () => {
  beforeEach(() => void stage.ada.text('Hello'));
  const last = () => stage.ada.messages.at(-1);

  it('shows a text, and what it answers to', async () => {
    const [question] = stage.ada.messages;
    stage.number.nextMessageId('wamid.CHOSEN');
    const answer = await stage.send({ ...says('Hi Ada'), context: { message_id: question?.id } });
    expect(answer).toEqual({
      status: 200,
      body: {
        messaging_product: 'whatsapp',
        contacts: [{ input: '447700900417', wa_id: '447700900417' }],
        messages: [{ id: 'wamid.CHOSEN' }],
      },
    });
    expect(last()).toMatchObject({ from: 'business', text: 'Hi Ada', replyTo: question?.id, status: 'delivered' });
    expect(sandbox.violations).toEqual([]);
  });

  it('takes a location, contact cards and a reaction', async () => {
    const place = { latitude: '52.5', longitude: '13.4', name: 'Depot', address: 'Made-up Road 1' };
    await stage.send({ type: 'location', location: place });
    expect(last()?.location).toEqual({ latitude: 52.5, longitude: 13.4, name: 'Depot', address: 'Made-up Road 1' });
    const card = { name: { formatted_name: 'Kim Ode' }, phones: [{ phone: '+12025550143' }] };
    await stage.send({ type: 'contacts', contacts: [card] });
    expect(last()?.contacts).toEqual([{ name: 'Kim Ode', phones: ['+12025550143'] }]);
    const message_id = stage.ada.messages[0]?.id;
    await stage.send({ type: 'reaction', reaction: { message_id, emoji: '👍' } });
    expect(stage.ada.messages[0]?.reactions).toEqual({ business: '👍' });
    await stage.send({ type: 'reaction', reaction: { message_id, emoji: '' } });
    expect(stage.ada.messages[0]?.reactions).toEqual({});
    expect(stage.ada.messages).toHaveLength(3);
    expect(sandbox.violations).toEqual([]);
  });

  it('takes buttons and lists, which the customer can press and pick', async () => {
    const buttons = [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }];
    const asked = await stage.send({
      type: 'interactive',
      interactive: { type: 'button', body: { text: 'Shall we?' }, action: { buttons } },
    });
    expect(last()).toMatchObject({ text: 'Shall we?', choices: [{ id: 'yes', title: 'Yes' }] });
    const pressed = stage.ada.press(sentId(asked), 'yes');
    expect(pressed.message).toMatchObject({
      type: 'interactive',
      context: { from: '12025550100', id: sentId(asked) },
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } },
    });
    const rows = [{ id: 'r1', title: 'Refund', description: 'Money back' }];
    const listed = await stage.send({
      type: 'interactive',
      interactive: { type: 'list', body: { text: 'What?' }, action: { button: 'Choose', sections: [{ rows }] } },
    });
    expect(stage.ada.pick(sentId(listed), 'r1').message).toMatchObject({
      interactive: { type: 'list_reply', list_reply: { id: 'r1', title: 'Refund', description: 'Money back' } },
    });
    expect(() => stage.ada.pick(sentId(listed), 'r2')).toThrow('r2');
    expect(sandbox.violations).toEqual([]);
  });

  it('marks a message as read', async () => {
    const message_id = stage.ada.messages[0]?.id;
    const read = { messaging_product: 'whatsapp', status: 'read', message_id, typing_indicator: { type: 'text' } };
    expect((await stage.post(`${stage.number.phoneNumberId}/messages`, read)).body).toEqual({ success: true });
    expect(stage.ada.messages[0]?.seen).toBe(true);
    expect(sandbox.violations).toEqual([]);
  });

  it.each<[string, Json, number]>([
    ['a text of 4097 characters', says('x'.repeat(4097)), 100],
    ['an empty text', says(' '), 131008],
    ['an unknown type', { type: 'teapot', teapot: {} }, 100],
    ['a recipient that is no number', { ...says('a'), to: 'US.13491208655302741918' }, 131009],
    ['the business itself as recipient', { ...says('a'), to: '+1 202-555-0100' }, 131021],
    [
      'four buttons',
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'a' },
          action: {
            buttons: ['1', '2', '3', '4'].map(id => ({ type: 'reply', reply: { id, title: id } })),
          },
        },
      },
      131009,
    ],
  ])('refuses %s, and notes the breach', async (_what, message, code) => {
    const answer = await stage.send(message);
    expect(answer.status).toBe(400);
    // With the document at hand its schema speaks first.
    expect([code, 100]).toContain(errorOf(answer).code);
    expect(sandbox.violations[0]).toMatchObject({ vendor: 'whatsapp', operation: 'sendMessage' });
    expect(stage.ada.messages).toHaveLength(1);
  });

  it('takes a text of 4096 characters, however many units they are', async () => {
    expect((await stage.send(says('😀'.repeat(4096)))).status).toBe(200);
    expect(last()?.text).toHaveLength(8192);
  });
});

describe('a fault', () => {
  beforeEach(() => void stage.ada.text('Hello'));

  it('is worded as Meta words it, and nothing is sent', async () => {
    sandbox.faults.add({ vendor: 'whatsapp', match: 'sendMessage', ...whatsappTooManyRequests(131056) });
    sandbox.faults.add({ vendor: 'whatsapp', match: /^POST \/\d+\/messages$/, kind: 'status', status: 500 });
    expect(await stage.send(says('a'))).toMatchObject({ status: 429, body: { error: { code: 131056 } } });
    expect(await stage.send(says('a'))).toMatchObject({
      status: 500,
      body: { error: { code: 131000, type: 'OAuthException', fbtrace_id: expect.any(String) } },
    });
    expect(stage.ada.messages).toHaveLength(1);
    expect((await stage.send(says('a'))).status).toBe(200);
  });
});

describe('who is reached', () => {
  it('other spellings of a number lead to the one that WhatsApp uses', async () => {
    const tadeo = stage.number.customer({ waId: '5491100000035', name: 'Tadeo', spellings: ['541100000035'] });
    tadeo.text('Hola');
    const answer = await stage.send({ ...says('Sí'), to: '541100000035' });
    expect(answer.body.contacts).toEqual([{ input: '541100000035', wa_id: '5491100000035' }]);
    expect(tadeo.messages.at(-1)?.text).toBe('Sí');
  });

  it('people who hide their number are reached by their user id, and only as `recipient`', async () => {
    const nadia = stage.number.customer({ bsuid: 'GB.5550001112223334', name: 'Nadia' });
    nadia.text('Hi');
    const { phoneNumberId } = stage.number;
    const message = { messaging_product: 'whatsapp', ...says('Hello Nadia') };
    const answer = await stage.post(`${phoneNumberId}/messages`, { ...message, recipient: 'GB.5550001112223334' });
    expect(answer.body.contacts).toEqual([{ input: 'GB.5550001112223334', user_id: 'GB.5550001112223334' }]);
    expect(nadia.messages.at(-1)?.text).toBe('Hello Nadia');
    expect(sandbox.violations).toEqual([]);
  });

  it('the phone stands before the user id', async () => {
    stage.ada.text('Hello');
    const answer = await stage.send({ ...says('Both'), recipient: 'GB.5550001112223334' });
    expect(answer.body.contacts).toEqual([{ input: '447700900417', wa_id: '447700900417' }]);
  });
});

describe('the window of 24 hours', () => {
  it('is open after a message, a press or a reaction of the customer', async () => {
    expect(stage.ada.windowOpen).toBe(false);
    stage.ada.text('Hello');
    now = new Date('2026-09-02T07:59:59Z');
    expect(stage.ada.windowOpen).toBe(true);
    await stage.send(says('in time'));
    now = new Date('2026-09-02T08:00:00Z');
    expect(stage.ada.windowOpen).toBe(false);
    await stage.send(says('too late'));
    expect(stage.ada.messages.map(({ text }) => text)).toEqual(['Hello', 'in time']);
    stage.ada.react(stage.ada.messages[1]?.id ?? '', '👍');
    expect(stage.ada.windowOpen).toBe(true);
  });

  it('is closed for all but templates', async () => {
    stage.ada.text('Hello');
    stage.ada.closeWindow();
    stage.account.template({
      name: 'back_again',
      language: 'en',
      body: 'Hello {{1}}, are you there?',
      quickReplies: ['Yes'],
    });
    const template = (parameters: string[]) => ({
      type: 'template',
      template: {
        name: 'back_again',
        language: { code: 'en' },
        components: [
          { type: 'body', parameters: parameters.map(text => ({ type: 'text', text })) },
          { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'YES-1' }] },
        ],
      },
    });
    expect((await stage.send(says('free text'))).status).toBe(200);
    expect(errorOf(await stage.send(template([]))).code).toBe(132000);
    const sent = await stage.send(template(['Ada']));
    expect(sent.body.messages).toMatchObject([{ message_status: 'accepted' }]);
    expect(stage.ada.messages.map(({ text }) => text)).toEqual(['Hello', 'Hello Ada, are you there?']);
    expect(stage.ada.press(sentId(sent), 'YES-1').message).toMatchObject({
      type: 'button',
      button: { payload: 'YES-1', text: 'Yes' },
    });
    const unknown = { type: 'template', template: { name: 'nowhere', language: { code: 'en' } } };
    expect(await stage.send(unknown)).toMatchObject({ status: 404, body: { error: { code: 132001 } } });
    expect(sandbox.violations).toEqual([]);
  });
});
