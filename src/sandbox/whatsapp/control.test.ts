import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { type Callback, startCallback } from './testing.ts';

let sandbox: Sandbox;
let callback: Callback;

beforeEach(async () => {
  callback = await startCallback();
  sandbox = await startSandbox();
  await control('POST', '/apps', { appId: '100000000000001', appSecret: 'made-up' });
  await control('POST', '/apps/100000000000001/accounts', { wabaId: '100000000000002', token: 'made-up-token' });
  await control('POST', '/accounts/100000000000002/numbers', { phoneNumberId: '100000000000003' });
  await control('POST', '/numbers/100000000000003/customers', { waId: '447700900417', name: 'Ada' });
});

afterEach(async () => {
  await sandbox.close();
  await callback.close();
});

async function control(method: 'GET' | 'POST', path: string, body?: Json) {
  const answer = await request(`${sandbox.url}/_sandbox/whatsapp${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Json };
}

const ada = '/numbers/100000000000003/customers/447700900417';

it('plays the phone: words, a picture, a reaction, and a look at the chat', async () => {
  const { body: said } = await control('POST', `${ada}/text`, { body: 'Hi' });
  expect(said).toMatchObject({ delivery: 'dropped', message: { type: 'text', text: { body: 'Hi' } } });
  const data = Buffer.from(png).toString('base64');
  await control('POST', `${ada}/send`, { kind: 'image', data, mime: 'image/png', caption: 'look' });
  await control('POST', `${ada}/react`, { messageId: said.messageId, emoji: '👍' });
  await control('POST', `${ada}/edit`, { messageId: said.messageId, text: 'Hi there' });
  const { body: chat } = await control('GET', ada);
  expect(chat).toMatchObject({
    name: 'Ada',
    windowOpen: true,
    messages: [
      { from: 'customer', text: 'Hi there', edited: true, reactions: { customer: '👍' } },
      { text: 'look', media: { mime: 'image/png', size: png.length } },
    ],
  });
  const [, picture] = chat.messages as { media: { url: string } }[];
  const file = await request(`${sandbox.url}${picture?.media.url}`);
  expect(Buffer.from(await file.body.arrayBuffer())).toEqual(Buffer.from(png));
  expect((await control('POST', `${ada}/close_window`)).body).toMatchObject({ windowOpen: false });
});

it('sets the app’s callback, and posts what is given', async () => {
  const { url, verifyToken } = callback;
  expect((await control('POST', '/apps/100000000000001/callback', { url, verifyToken: 'wrong' })).status).toBe(400);
  await control('POST', '/apps/100000000000001/callback', { url, verifyToken });
  await request(`${sandbox.url}/graph.facebook.com/v25.0/100000000000002/subscribed_apps`, {
    method: 'POST',
    headers: { authorization: 'Bearer made-up-token' },
  });
  await control('POST', '/numbers/100000000000003/webhook', { statuses: [{ id: 'wamid.A', status: 'sent' }] });
  await sandbox.settled();
  expect(callback.received.map(({ body }) => JSON.parse(body).entry[0].id)).toEqual(['100000000000002']);
  const state = await request(`${sandbox.url}/_sandbox/state`);
  expect(await state.body.json()).toMatchObject({ whatsapp: { apps: [{ accounts: [{ subscribed: true }] }] } });
});

it('says what is wrong with a request', async () => {
  for (const path of [`${ada}/teapot`, '/apps/404/accounts', '/numbers/100000000000003/customers/404/text']) {
    const answer = await control('POST', path, { body: 'Hi' });
    expect([answer.status, typeof answer.body.error]).toEqual([400, 'string']);
  }
});
