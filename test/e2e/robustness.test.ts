import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/ops/logging.ts';
import { fromBot, setStage, type TestStage } from '../support/stage.ts';

let stage: TestStage;
const lines: string[] = [];
const heard = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });

beforeAll(async () => {
  stage = await setStage({ logger: createLogger({ level: 'debug', destination: heard }) });
});
afterAll(() => stage.stop());
afterEach(() => stage.sandbox.faults.clear());

const secret = () => stage.bot.webhook?.secretToken ?? '';
const kim = () => stage.inbox.teammate({ id: '9042', name: 'Kim Ode' });

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  const proof = { 'x-telegram-bot-api-secret-token': secret(), 'content-type': 'application/json' };
  return fetch(stage.hooks.channel, { method: 'POST', body, headers: { ...proof, ...headers } });
}

const update = (id: number, message: object) => JSON.stringify({ update_id: id, message });
const say = (id: number, text: string, more: object = {}) =>
  update(id, {
    message_id: id,
    from: { id: 88, first_name: 'Odd' },
    chat: { id: 88, type: 'private' },
    date: 1_795_000_000,
    text,
    ...more,
  });

async function count(table: string): Promise<number> {
  const { rows } = await stage.database.pool.query<{ n: number }>(`select count(*) as n from ${table}`);
  return rows[0]?.n ?? -1;
}

describe('what comes in is never trusted and never lost', () => {
  test('a wrong or missing signature is 401, says so in a problem document, and leaves no row but a count', async () => {
    const before = [await count('journal'), await count('messages')];
    for (const wrong of ['guess', '']) {
      const answer = await post(say(1, 'let me in'), { 'x-telegram-bot-api-secret-token': wrong });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.text()).not.toContain('let me in');
    }
    expect([await count('journal'), await count('messages')]).toEqual(before);
    const metrics = await (await fetch(`${stage.octopods.url}/metrics`)).text();
    expect(metrics).toContain('octopods_webhooks_total{adapter="telegram",outcome="rejected"} 2');
  });

  test('an unknown address is 404', async () => {
    expect((await fetch(`${stage.octopods.url}/hooks/nobody-knows-this-one`, { method: 'POST' })).status).toBe(404);
  });

  test('10 MB are refused with 413', async () => {
    const answer = await post(say(2, 'x'.repeat(10 * 1024 * 1024)));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test.each([
    ['broken JSON', '{"update_id": 3, "message": {'],
    ['no JSON at all', 'hello'],
    ['nothing', ''],
    ['an array', '[1,2,3]'],
    [
      'wrong types everywhere',
      '{"update_id":"x","message":{"message_id":{},"from":[],"chat":7,"date":"soon","text":{"a":1}}}',
    ],
    ['a kind nobody knows', '{"update_id":4,"brand_new":{"anything":1}}'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
  ])('authentic but odd – %s – is answered 200 and kept in the journal', async (_what, body) => {
    const before = await count('journal');
    expect((await post(body)).status).toBe(200);
    expect(await count('journal')).toBe(before + 1);
  });

  test('ids beyond 2^53 are not rounded', async () => {
    const body = say(5, 'big').replaceAll('"id":88', '"id":9007199254740993');
    expect((await post(body)).status).toBe(200);
    await stage.quiet();
    const { rows } = await stage.database.pool.query(`select address from conversations where address like '9007%'`);
    expect(rows).toEqual([{ address: '9007199254740993' }]);
  });

  test('lone surrogates and NUL arrive as readable text', async () => {
    expect((await post(say(6, 'a\uD800b\u0000c'))).status).toBe(200);
    await stage.quiet();
    const contact = stage.inbox.contact('tg:88');
    const thread = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id));
    expect(thread?.timeline.at(-1)?.text).toBe('a\uFFFDbc');
  });

  test('one bad webhook in a group that shares a commit does not lose the others', async () => {
    const ids = Array.from({ length: 30 }, (_, i) => 1000 + i);
    const answers = await Promise.all(ids.map(id => post(id % 7 === 0 ? '{"update_id":' : say(id, `burst ${id}`))));
    expect(answers.every(answer => answer.status === 200)).toBe(true);
    await stage.quiet();
    const { rows } = await stage.database.pool.query<{ n: number }>(
      `select count(*) as n from messages where parts->0->>'text' like 'burst %' and status = 'delivered'`,
    );
    expect(rows[0]?.n).toBe(ids.filter(id => id % 7 !== 0).length);
  });
});

describe('more than one process', () => {
  test('two share the work, each message once and in order', async () => {
    const other = await stage.another();
    const customers = Array.from({ length: 12 }, (_, i) => stage.bot.customer({ id: 7100 + i, firstName: `C${i}` }));
    for (let n = 0; n < 10; n++) for (const customer of customers) customer.say(`${n}`);
    await stage.quiet();
    await other.stop();
    for (const customer of customers) {
      const contact = stage.inbox.contact(`tg:${customer.id}`);
      const threads = stage.inbox.conversations.filter(one => one.contactIds.includes(contact.id));
      expect(threads.map(one => one.timeline.map(part => part.text))).toEqual([
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      ]);
    }
  });

  test('SIGTERM in the middle of a rush loses nothing, doubles nothing, and ends with 0', async () => {
    const child = await startChild();
    const customers = Array.from({ length: 8 }, (_, i) => stage.bot.customer({ id: 7200 + i, firstName: `T${i}` }));
    stage.sandbox.faults.add({ vendor: 'intercom', kind: 'slow', milliseconds: 15, match: /\/reply$/, times: 10_000 });
    for (let n = 0; n < 15; n++) for (const customer of customers) customer.say(`${n}`);
    await stage.sandbox.until(() => stage.inbox.conversations.length > 0);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    await stage.quiet();
    for (const customer of customers) {
      const contact = stage.inbox.contact(`tg:${customer.id}`);
      const thread = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id));
      expect(thread?.timeline.map(part => part.text)).toEqual(Array.from({ length: 15 }, (_, n) => `${n}`));
    }
  });
});

test('a revoked token disconnects the channel and parks its lanes; reconnecting delivers what waited', async () => {
  const customer = stage.bot.customer({ id: 7300, firstName: 'Rev' });
  customer.say('Hello');
  await stage.quiet();
  const contact = stage.inbox.contact('tg:7300');
  const threadId = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id))?.id ?? '';
  const token = stage.bot.revoke();
  kim().reply(threadId, '<p>first</p>');
  kim().reply(threadId, '<p>second</p>');
  await stage.quiet();
  const channel = await stage.octopods.connections.channel(stage.channelId);
  expect(channel?.status).toBe('disconnected');
  expect(fromBot(stage.bot, 7300)).toEqual([]);
  const { rows } = await stage.database.pool.query(
    'select status, reason from status_history where subject_id = $1 order by at desc limit 1',
    [stage.channelId],
  );
  expect(rows[0]).toMatchObject({ status: 'disconnected', reason: expect.stringContaining('Unauthorized') });

  if (channel) await stage.octopods.setup.reconnect(channel, { token });
  await stage.quiet();
  expect(fromBot(stage.bot, 7300)).toEqual(['first', 'second']);
});

test('a revoked platform token does the same on the other side', async () => {
  const customer = stage.bot.customer({ id: 7400, firstName: 'Wes' });
  customer.say('before');
  await stage.quiet();
  const accessToken = stage.inbox.revoke();
  customer.say('during');
  await stage.quiet();
  const workspace = await stage.octopods.connections.workspace(stage.workspaceId);
  expect(workspace?.status).toBe('disconnected');
  if (workspace) await stage.octopods.setup.reconnect(workspace, { accessToken });
  await stage.quiet();
  const contact = stage.inbox.contact('tg:7400');
  const thread = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id));
  expect(thread?.timeline.map(part => part.text)).toEqual(['before', 'during']);
});

test('an identity belongs to one channel, and the refusal names nobody', async () => {
  const attempt = stage.octopods.setup.connectChannel({
    accountId: stage.accountId,
    workspaceId: stage.workspaceId,
    kind: 'telegram',
    config: { token: stage.bot.token },
  });
  await expect(attempt).rejects.toMatchObject({ code: 'identity_taken', message: expect.not.stringContaining('Acme') });
});

test('no log line, no trace and no journal entry holds a secret', async () => {
  const { rows } = await stage.database.pool.query<{ row: string }>(
    `select j::text as row from journal j union all select a::text from message_attempts a
     union all select c::text from channels c union all select w::text from workspaces w`,
  );
  const everything = [...lines, ...rows.map(row => row.row)].join('\n');
  const tokens = [stage.bot.token, secret(), stage.inbox.accessToken, stage.inbox.clientSecret];
  for (const token of tokens) expect(everything).not.toContain(token);
  expect(lines.length).toBeGreaterThan(10);
});

async function startChild(): Promise<ChildProcess> {
  const child = fork(new URL('../support/child.ts', import.meta.url), {
    env: {
      ...process.env,
      DATABASE_URL: stage.database.url,
      TEST_SANDBOX_URL: stage.sandbox.url,
      OCTOPODS_DATA_DIR: stage.octopods.dataDir,
      PORT: '0',
    },
  });
  await once(child, 'message');
  return child;
}
