import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSandbox } from './server.ts';
import { png, startReceiver, type WebhookReceiver } from './testing.ts';
import type { Json, Sandbox } from './types.ts';

let sandbox: Sandbox;
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox();
});

afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

async function control(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: Json) {
  const answer = await request(`${sandbox.url}/_sandbox${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: answer.statusCode, body: (await answer.body.json()) as Json };
}

it('plays the phone: a bot, a customer, words, a picture', async () => {
  await control('POST', '/telegram/bots', { id: 7_500_001, name: 'Desk' });
  await control('POST', '/telegram/bots/7500001/customers', { id: 1001, firstName: 'Ada' });
  const said = await control('POST', '/telegram/bots/7500001/chats/1001/say', { text: 'Hi' });
  expect(said.body).toMatchObject({ messageId: 1, delivery: 'waiting', update: { message: { text: 'Hi' } } });
  const data = Buffer.from(png).toString('base64');
  await control('POST', '/telegram/bots/7500001/chats/1001/send', { kind: 'photo', data, caption: 'look' });
  const { body: chat } = await control('GET', '/telegram/bots/7500001/chats/1001');
  expect(chat).toMatchObject({
    type: 'private',
    name: 'Ada',
    messages: [
      { from: 'customer', text: 'Hi' },
      { text: 'look', media: { kind: 'photo', size: png.length } },
    ],
  });
  const [, photo] = chat.messages as { media: { url: string } }[];
  const picture = await request(`${sandbox.url}${photo?.media.url}`);
  expect(Buffer.from(await picture.body.arrayBuffer())).toEqual(Buffer.from(png));
});

it('plays the inbox: a workspace, a teammate, a reply with a file', async () => {
  await control('POST', '/intercom/workspaces', {
    appId: 'wksp1',
    clientSecret: 'made-up',
    admin: { id: '9000001', name: 'Bridge', email: 'bridge@example.com' },
    webhookUrl: receiver.url,
  });
  const workspace = sandbox.intercom.workspaces[0];
  const { id } = workspace?.addConversation(workspace.addContact({ externalId: 'tg:1' }).id, 'Hello') ?? {};
  await control('POST', '/intercom/workspaces/wksp1/teammates', { id: '9000042', name: 'Kim Ode' });
  const files = [{ name: 'a.png', mime: 'image/png', data: Buffer.from(png).toString('base64') }];
  const path = `/intercom/workspaces/wksp1/teammates/9000042/conversations/${id}`;
  expect((await control('POST', `${path}/reply`, { html: '<p>Hi Jo</p>', attachments: files })).status).toBe(200);
  await control('POST', '/settled');
  expect(receiver.received.map(({ body }) => JSON.parse(body).topic)).toContain('conversation.admin.replied');
  await control('POST', `${path}/close`);
  const { body: conversation } = await control('GET', `/intercom/workspaces/wksp1/conversations/${id}`);
  expect(conversation).toMatchObject({
    state: 'closed',
    timeline: [
      { type: 'source', text: 'Hello' },
      {
        type: 'comment',
        text: 'Hi Jo',
        author: { name: 'Kim Ode' },
        attachments: [{ name: 'a.png', size: png.length }],
      },
      { type: 'close' },
    ],
  });
  const [, reply] = conversation.timeline as { attachments: { url: string }[] }[];
  expect((await request(`${sandbox.url}${reply?.attachments[0]?.url}`)).statusCode).toBe(200);
});

it('sets faults, and shows state, calls and deliveries', async () => {
  const { body: fault } = await control('POST', '/faults', {
    vendor: 'telegram',
    match: '/^GET \\/getMe$/',
    kind: 'status',
    status: 502,
  });
  const bot = sandbox.telegram.bot({ id: 7_500_002 });
  const getMe = () => request(`${sandbox.url}/api.telegram.org/bot${bot.token}/getMe`);
  expect([(await getMe()).statusCode, (await getMe()).statusCode]).toEqual([502, 200]);
  expect((await control('GET', '/faults')).body).toMatchObject({ faults: [{ id: fault.id, strikes: 1 }] });
  expect((await control('DELETE', `/faults/${fault.id}`)).status).toBe(200);
  expect((await control('GET', '/log')).body).toMatchObject({
    calls: [
      { operation: 'getMe', account: '7500002', fault: 'status' },
      { operation: 'getMe', answer: { status: 200 } },
    ],
  });
  expect((await control('GET', '/state')).body).toMatchObject({
    telegram: { bots: [{ id: 7_500_002 }] },
    intercom: { workspaces: [] },
    faults: [],
    violations: [],
  });
});

it('says what is wrong with a request, and changes nothing', async () => {
  for (const [path, body] of [
    ['/telegram/bots', { id: 'seven' }],
    ['/telegram/bots/404/customers', { id: 1, firstName: 'Ada' }],
    ['/faults', { vendor: 'telegram', kind: 'earthquake' }],
  ] as const) {
    const answer = await control('POST', path, body);
    expect([answer.status, typeof answer.body.error]).toEqual([400, 'string']);
  }
  expect(sandbox.telegram.bots).toEqual([]);
  expect(sandbox.faults.active).toEqual([]);
});
