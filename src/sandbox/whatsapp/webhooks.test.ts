import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png, sharedContracts } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { type Callback, errorOf, type Stage, sentId, setStage, startCallback } from './testing.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let stage: Stage;
let callback: Callback;

beforeEach(async () => {
  callback = await startCallback();
  sandbox = await startSandbox({
    redelivery: { whatsapp: { delay: 1 } },
    ...(contractsDir === undefined ? {} : { contractsDir }),
  });
  stage = setStage(sandbox);
});

afterEach(async () => {
  await sandbox.close();
  await callback.close();
});

const subscribe = (body: Json = {}) => stage.post(`${stage.account.wabaId}/subscribed_apps`, body);
const override = () => ({ override_callback_uri: callback.url, verify_token: callback.verifyToken });

interface Body {
  object: string;
  entry: { id: string; time?: number; changes: { field: string; value: Json }[] }[];
}

async function received(): Promise<Body[]> {
  await sandbox.settled();
  return callback.received.map(({ body }) => JSON.parse(body) as Body);
}

const values = (bodies: Body[]) => bodies.flatMap(({ entry }) => entry.flatMap(({ changes }) => changes));
const listOf = (bodies: Body[], list: 'messages' | 'statuses') =>
  values(bodies).flatMap(({ value }) => (value[list] ?? []) as Json[]);

describe('the callback', () => {
  it('has to answer the challenge before it is taken', async () => {
    callback.echo = challenge => `"${challenge}"`;
    expect(errorOf(await subscribe(override()))).toMatchObject({ code: 2200 });
    callback.echo = challenge => challenge;
    const wrongToken = { ...override(), verify_token: 'another' };
    expect(errorOf(await subscribe(wrongToken)).message).toContain('HTTP Status Code = 403');
    expect(stage.account.subscribed).toBe(false);
    expect((await subscribe(override())).body).toEqual({ success: true });
    expect((await stage.get(`${stage.account.wabaId}/subscribed_apps`)).body).toMatchObject({
      data: [{ whatsapp_business_api_data: { id: stage.app.appId }, override_callback_uri: callback.url }],
    });
  });

  it('is the number’s, else the account’s, else the app’s', async () => {
    const { phoneNumberId } = stage.number;
    const configure = (webhook_configuration: Json) => stage.post(phoneNumberId, { webhook_configuration });
    await stage.app.setCallback(callback.url, callback.verifyToken);
    await subscribe();
    const urls = () => stage.get(`${phoneNumberId}?fields=webhook_configuration`);
    expect((await urls()).body.webhook_configuration).toEqual({ application: callback.url });
    expect((await configure(override())).body).toEqual({ success: true });
    expect((await urls()).body.webhook_configuration).toMatchObject({ phone_number: callback.url });
    await callback.close();
    callback = await startCallback();
    await subscribe(override());
    stage.ada.text('to the number’s, which is gone');
    await configure({ override_callback_uri: '' });
    stage.ada.text('to the account’s');
    expect(listOf(await received(), 'messages').map(({ text }) => (text as Json).body)).toContain('to the account’s');
    await subscribe();
    expect((await urls()).body.webhook_configuration).not.toHaveProperty('whatsapp_business_account');
  });

  it('of an account or number is passed by for what concerns templates and accounts', async () => {
    await subscribe(override());
    const update = { event: 'APPROVED', message_template_id: 905507062668800n };
    expect(stage.account.webhook('message_template_status_update', update).state).toBe('dropped');
    await stage.app.setCallback(callback.url, callback.verifyToken);
    await stage.account.webhook('message_template_status_update', update).done;
    expect(callback.received.at(-1)?.body).toContain('"message_template_id":905507062668800');
    expect((await received()).at(-1)?.entry[0]).toMatchObject({ id: stage.account.wabaId, time: expect.any(Number) });
  });

  it('hears nothing until the app is subscribed, and nothing afterwards', async () => {
    await stage.app.setCallback(callback.url, callback.verifyToken);
    expect(stage.ada.text('too early').delivery.state).toBe('dropped');
    await subscribe();
    await stage.ada.text('in time').delivery.done;
    await stage.remove(`${stage.account.wabaId}/subscribed_apps`);
    expect(stage.ada.text('too late').delivery.state).toBe('dropped');
    expect(callback.received).toHaveLength(1);
  });
});

describe('a webhook', () => {
  beforeEach(() => subscribe(override()));

  it('is signed over its bytes, which are escaped as Meta does', async () => {
    await stage.ada.text('Grüße 😀 https://example.com/a').delivery.done;
    const [{ body, headers } = { body: '', headers: {} }] = callback.received;
    expect(body).toContain('Gr\\u00fc\\u00dfe \\ud83d\\ude00 https:\\/\\/example.com\\/a');
    const signature = createHmac('sha256', stage.app.appSecret).update(body).digest('hex');
    expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`);
  });

  it('stands in the account’s envelope, with the number and the sender', async () => {
    stage.ada.text('Hello', { messageId: 'wamid.A' });
    const nadia = stage.number.customer({ bsuid: 'GB.555', username: 'nadia', name: 'Nadia' });
    nadia.text('Hidden', { forwarded: 'once', messageId: 'wamid.B' });
    const [first, second] = await received();
    expect(first).toMatchObject({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: stage.account.wabaId,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '12025550100', phone_number_id: stage.number.phoneNumberId },
                contacts: [{ profile: { name: 'Ada Example' }, wa_id: '447700900417' }],
                messages: [{ from: '447700900417', id: 'wamid.A', type: 'text', text: { body: 'Hello' } }],
              },
            },
          ],
        },
      ],
    });
    const [hidden] = listOf(second ? [second] : [], 'messages');
    expect(hidden).toMatchObject({ from_user_id: 'GB.555', context: { forwarded: true } });
    expect(hidden).not.toHaveProperty('from');
  });

  it('tells of quotes, reactions, edits and deletions', async () => {
    const { messageId } = stage.ada.image(png, { caption: 'before' });
    stage.ada.reply(messageId, 'see above');
    stage.ada.react(messageId, '👍');
    stage.ada.unreact(messageId);
    stage.ada.edit(messageId, 'after');
    stage.ada.revoke(messageId);
    const [, quote, reaction, removed, edit, revoke] = listOf(await received(), 'messages');
    expect(quote).toMatchObject({ context: { from: '447700900417', id: messageId } });
    expect(reaction).toMatchObject({ type: 'reaction', reaction: { message_id: messageId, emoji: '👍' } });
    expect(removed?.reaction).toEqual({ message_id: messageId });
    expect(edit).toMatchObject({
      type: 'edit',
      edit: { original_message_id: messageId, message: { type: 'image', image: { caption: 'after' } } },
    });
    expect(revoke).toMatchObject({ type: 'revoke', revoke: { original_message_id: messageId } });
    expect(stage.ada.messages[0]).toMatchObject({ text: 'after', edited: true, revoked: true });
  });

  it('tells of a new number, of what the business wrote on its phone, and of anything else that is given', async () => {
    stage.ada.changeNumber('447700900555');
    stage.ada.send({ type: 'order', order: { catalog_id: '1', product_items: [] } });
    stage.number.echo(stage.ada, 'From the shop floor');
    stage.number.webhook({ errors: [{ code: 130429 }] });
    const all = values(await received());
    const [moved, order] = all.flatMap(({ value }) => (value.messages ?? []) as Json[]);
    expect(moved).toMatchObject({ from: '447700900417', type: 'system', system: { wa_id: '447700900555' } });
    expect(order).toMatchObject({ from: '447700900555', type: 'order' });
    expect(all.find(({ field }) => field === 'smb_message_echoes')?.value.message_echoes).toMatchObject([
      { from: '12025550100', to: '447700900555', text: { body: 'From the shop floor' } },
    ]);
    expect(stage.ada.messages.at(-1)).toMatchObject({ from: 'business', text: 'From the shop floor' });
    expect(all.find(({ value }) => 'errors' in value)?.value).toMatchObject({
      metadata: { phone_number_id: stage.number.phoneNumberId },
      errors: [{ code: 130429 }],
    });
  });

  it('can hold much: messages of one number share a change, and every sender stands there once', async () => {
    const second = stage.account.number({ display: '+1 202-555-0101' });
    const kim = second.customer({ waId: '447700900418', name: 'Kim' });
    const deliveries = stage.account.batch(() => {
      stage.ada.text('one');
      stage.ada.text('two');
      kim.text('three');
    });
    expect(deliveries).toHaveLength(1);
    const [body, ...more] = await received();
    expect(more).toEqual([]);
    const changes = body?.entry[0]?.changes.map(({ value }) => value);
    expect(changes).toMatchObject([
      { contacts: [{ wa_id: '447700900417' }], messages: [{ text: { body: 'one' } }, { text: { body: 'two' } }] },
      { metadata: { phone_number_id: second.phoneNumberId }, messages: [{ text: { body: 'three' } }] },
    ]);
    expect(changes?.[0]?.contacts).toHaveLength(1);
  });

  it('comes again until it is answered with 200', async () => {
    callback.status = 500;
    const { delivery } = stage.ada.text('Hello');
    await sandbox.until(() => callback.received.length >= 3);
    callback.status = 200;
    expect((await delivery.done).state).toBe('delivered');
    expect(new Set(callback.received.map(({ body }) => body)).size).toBe(1);
  });

  it('goes out byte for byte where the bytes are given, and with any signature or none', async () => {
    await stage.number.post('{"odd":  true}', { signature: 'sha256=00' }).done;
    await stage.number.post({ object: 'page' }, { signature: null }).done;
    expect(callback.received).toMatchObject([
      { body: '{"odd":  true}', headers: { 'x-hub-signature-256': 'sha256=00' } },
      { body: '{"object":"page"}' },
    ]);
    expect(callback.received[1]?.headers).not.toHaveProperty('x-hub-signature-256');
  });
});

describe('a status', () => {
  beforeEach(async () => {
    await subscribe(override());
    await stage.ada.text('Hello').delivery.done;
  });
  const send = () => stage.send({ type: 'text', text: { body: 'Hi' }, biz_opaque_callback_data: 'our-mark' });
  const statuses = async () => listOf(await received(), 'statuses');

  it('follows the answer: sent, delivered, and read when the customer looks', async () => {
    const id = sentId(await send());
    await sandbox.settled();
    stage.ada.read();
    expect((await statuses()).map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    expect((await statuses())[0]).toMatchObject({
      id,
      recipient_id: '447700900417',
      biz_opaque_callback_data: 'our-mark',
      pricing: { category: 'service' },
    });
    expect(stage.ada.messages.at(-1)?.status).toBe('read');
  });

  it('comes in any order that is asked for', async () => {
    stage.number.receipts = ['read', 'sent', 'delivered'];
    await send();
    expect((await statuses()).map(({ status }) => status)).toEqual(['read', 'sent', 'delivered']);
    expect(stage.ada.messages.at(-1)?.status).toBe('read');
  });

  it('comes before the answer where a fault says so', async () => {
    sandbox.faults.add({ vendor: 'whatsapp', match: 'sendMessage', kind: 'webhook_before_answer' });
    const before = callback.received.length;
    await send();
    expect(callback.received.length - before).toBe(2);
  });

  it.each<[string, () => void, number]>([
    ['outside the window', () => stage.ada.closeWindow(), 131047],
    ['to someone who blocked the business', () => stage.ada.block(), 131026],
    ['as asked for', () => stage.number.failNext({ code: 130472 }), 130472],
  ])('says that a message failed: %s', async (_what, before, code) => {
    before();
    expect((await send()).status).toBe(200);
    const all = await statuses();
    expect(all).toMatchObject([{ status: 'failed', errors: [{ code, title: expect.any(String) }] }]);
    expect(stage.ada.messages).toHaveLength(1);
  });

  it('says that nobody is there, and that a link led nowhere', async () => {
    await stage.send({ type: 'text', text: { body: 'Anybody?' }, to: '447700900999' });
    await stage.send({ type: 'image', image: { link: 'https://example.com/a.png' } });
    expect((await statuses()).map(({ errors }) => (errors as Json[])[0]?.code).sort()).toEqual([131026, 131053]);
  });
});
