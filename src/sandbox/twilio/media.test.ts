import Fastify from 'fastify';
import type twilio from 'twilio';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { png, startReceiver, startWeb, type WebhookReceiver } from '../testing.ts';
import type { Sandbox, TwilioAccount, TwilioHandset, TwilioLine } from '../types.ts';
import { officialClient } from './testing.ts';

let sandbox: Sandbox;
let account: TwilioAccount;
let number: TwilioLine;
let ada: TwilioHandset;
let client: twilio.Twilio;

beforeEach(async () => {
  sandbox = await startSandbox();
  account = sandbox.twilio.account();
  number = account.number('+12025550100');
  ada = number.phone('+12025550143');
  client = officialClient(sandbox.url, account);
});

afterEach(() => sandbox.close());

describe('a picture that comes in', () => {
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    receiver = await startReceiver();
    number.smsUrl = receiver.url;
  });

  afterEach(() => receiver.close());

  const reach = (url: string, headers: Record<string, string> = {}) =>
    request(url.replace('https:/', sandbox.url), { headers });
  const basic = () => ({
    authorization: `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`,
  });

  it('is told of by its address, which leads with credentials to another host that wants none', async () => {
    const { sid, form } = ada.mms([
      { mime: 'image/png', bytes: png },
      { mime: 'text/x-vcard', bytes: Buffer.from('BEGIN:VCARD') },
    ]);
    expect(sid).toMatch(/^MM/);
    expect(form).toMatchObject({
      NumMedia: '2',
      Body: '',
      MediaContentType0: 'image/png',
      MediaContentType1: 'text/x-vcard',
    });
    const address = String(form.MediaUrl0);
    expect((await reach(address)).statusCode).toBe(401);
    const redirect = await reach(address, basic());
    expect(redirect.statusCode).toBe(307);
    const location = String(redirect.headers.location);
    expect(location).toMatch(/^https:\/\/media\.twiliocdn\.com\//);
    const file = await reach(location);
    expect(file.headers['content-type']).toBe('image/png');
    expect(await file.body.bytes()).toEqual(png);
    expect(sandbox.violations).toEqual([]);
  });

  it('is listed with its message', async () => {
    const { sid } = ada.mms([{ mime: 'image/png', bytes: png }], 'look');
    const listed = await client.messages(sid).media.list();
    expect(listed).toMatchObject([{ contentType: 'image/png', parentSid: sid }]);
    expect(
      (
        await client
          .messages(sid)
          .media(listed[0]?.sid ?? '')
          .fetch()
      ).contentType,
    ).toBe('image/png');
  });

  it('notices credentials on the way to the other host', async () => {
    const { form } = ada.mms([{ mime: 'image/png', bytes: png }]);
    const redirect = await reach(String(form.MediaUrl0), basic());
    expect((await reach(String(redirect.headers.location), basic())).statusCode).toBe(400);
    expect(sandbox.violations).toMatchObject([{ vendor: 'twilio', operation: 'download' }]);
  });

  it('is not given out for a forged, changed or old address', async () => {
    const { form } = ada.mms([{ mime: 'image/png', bytes: png }]);
    const forged = String(form.MediaUrl0).replace(/ME\w+$/, `ME${'0'.repeat(32)}`);
    expect((await reach(forged, basic())).statusCode).toBe(404);
    const location = String((await reach(String(form.MediaUrl0), basic())).headers.location);
    expect((await reach(location.replace('Expires=', 'Expires=9'))).statusCode).toBe(403);
    sandbox.twilio.expireMedia();
    expect((await reach(location)).statusCode).toBe(403);
  });

  it('can be put where a raw webhook says it is', async () => {
    const address = `https://api.twilio.com/2010-04-01/Accounts/${account.sid}/Messages/MMa/Media/MEa`;
    account.file(address, { mime: 'image/png', bytes: png });
    expect((await reach(address, basic())).statusCode).toBe(307);
    expect(() => account.file('https://example.com/a.png', { mime: 'image/png', bytes: png })).toThrow('is no media');
  });
});

describe('a picture that goes out', () => {
  const web = Fastify({ exposeHeadRoutes: false });
  let address: string;
  let files: Awaited<ReturnType<typeof startWeb>>;

  beforeAll(async () => {
    files = await startWeb();
    web.get('/get-only.png', (_request, reply) => reply.header('content-type', 'image/png').send(Buffer.from(png)));
    web.route({
      method: ['GET', 'HEAD'],
      url: '/large.pdf',
      handler: (_request, reply) => reply.header('content-type', 'application/pdf').send(Buffer.alloc(600 * 1024)),
    });
    address = await web.listen({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => Promise.all([web.close(), files.web.close()]));

  const send = (mediaUrl: string[], to = ada.phoneNumber) =>
    client.messages.create({ to, from: number.address, body: 'look', mediaUrl });

  it('is fetched and shown', async () => {
    const sent = await send([`${files.address}/a.png`, `${files.address}/b.pdf`]);
    expect(sent).toMatchObject({ sid: expect.stringMatching(/^MM/), numMedia: '2' });
    expect(ada.received).toMatchObject([
      { text: 'look', media: [{ mime: 'image/png', bytes: png }, { mime: 'application/pdf' }] },
    ]);
    expect(await client.messages(sent.sid).media.list()).toHaveLength(2);
  });

  it.each([
    ['is gone', () => `${files.address}/gone.png`, 11200],
    ['cannot be reached', () => 'http://127.0.0.1:9/a.png', 11205],
    ['is not on this machine', () => 'https://example.com/a.png', 11210],
    ['answers to GET alone', () => `${address}/get-only.png`, 11200],
    ['is of a type that MMS does not take', () => `${files.address}/a.txt`, 12300],
    ['is too large for its type', () => `${address}/large.pdf`, 30019],
  ])('fails where it %s', async (_what, url, errorCode) => {
    const { sid } = await send([url()]);
    expect(await client.messages(sid).fetch()).toMatchObject({ status: 'failed', errorCode });
    expect(ada.received).toEqual([]);
  });

  it('is not carried outside North America', async () => {
    const { sid } = await send([`${files.address}/a.png`], '+447700900123');
    expect(await client.messages(sid).fetch()).toMatchObject({ status: 'failed', errorCode: 30011 });
  });
});
