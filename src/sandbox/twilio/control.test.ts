import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { officialClient } from './testing.ts';

const sid = `AC${'5'.repeat(32)}`;
const line = `/twilio/accounts/${sid}/lines/+12025550100`;
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(() => sandbox.close());

async function control(method: 'GET' | 'POST', path: string, body?: Json) {
  const answer = await request(`${sandbox.url}/_sandbox${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Json };
}

it('plays the phone: an account, a number, words, a picture, and what comes back', async () => {
  await control('POST', '/twilio/accounts', { sid, authToken: 'made-up-token' });
  await control('POST', `/twilio/accounts/${sid}/lines`, { address: '+12025550100' });
  const phone = `${line}/phones/+12025550143`;
  const texted = await control('POST', `${phone}/text`, { body: 'Hi' });
  expect(texted.body).toMatchObject({ delivery: 'dropped', form: { Body: 'Hi', From: '+12025550143' } });
  const data = Buffer.from(png).toString('base64');
  const shown = await control('POST', `${phone}/mms`, { files: [{ mime: 'image/png', data }], body: 'look' });
  expect(shown.body).toMatchObject({ form: { NumMedia: '1', Body: 'look' } });
  await officialClient(sandbox.url, { sid, authToken: 'made-up-token' }).messages.create({
    to: '+12025550143',
    from: '+12025550100',
    body: 'Nice',
  });
  expect((await control('GET', phone)).body).toMatchObject({
    optedOut: false,
    received: [{ by: 'business', text: 'Nice', media: [] }],
  });
  await control('POST', `${phone}/stop`);
  expect((await control('GET', phone)).body).toMatchObject({ optedOut: true });
});

it('shows messages and their files', async () => {
  await control('POST', '/twilio/accounts', { sid });
  const files = [{ mime: 'image/png', data: Buffer.from(png).toString('base64') }];
  const { body: act } = await control('POST', `${line}/phones/+12025550143/mms`, { files });
  const { body: account } = await control('GET', `/twilio/accounts/${sid}`);
  expect(account).toMatchObject({
    messages: [{ sid: act.sid, direction: 'inbound', media: [{ mime: 'image/png', size: png.length }] }],
  });
  const [message] = sandbox.twilio.accounts[0]?.messages ?? [];
  const picture = await request(
    `${sandbox.url}/_sandbox/twilio/accounts/${sid}/messages/${message?.sid}/media/${message?.media[0]?.sid}`,
  );
  expect(await picture.body.bytes()).toEqual(png);
});

it('sets what becomes of messages, and says what is wrong with an order', async () => {
  await control('POST', '/twilio/accounts', { sid });
  const phone = `${line}/phones/+12025550143`;
  const failing = await control('POST', `${phone}/fate`, { status: 'failed', errorCode: 30007 });
  expect(failing.body).toMatchObject({ fate: { status: 'failed', errorCode: 30007 } });
  expect(await control('POST', `${phone}/fate`, { status: 'lost' })).toMatchObject({ status: 400 });
  expect(await control('POST', `${phone}/sing`)).toMatchObject({
    status: 400,
    body: { error: 'A phone cannot "sing".' },
  });
  expect(await control('GET', '/twilio/accounts/ACnone')).toMatchObject({
    status: 400,
    body: { error: 'There is no account ACnone.' },
  });
});
