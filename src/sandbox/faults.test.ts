import { Api, GrammyError } from 'grammy';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intercomTooManyRequests } from './intercom/errors.ts';
import { startSandbox } from './server.ts';
import { telegramTooManyRequests } from './telegram/errors.ts';
import { startReceiver, type WebhookReceiver } from './testing.ts';
import type { IntercomWorkspace, Sandbox, TelegramBot } from './types.ts';

const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let bot: TelegramBot;
let api: Api;
let workspace: IntercomWorkspace;

beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox({ redelivery: { telegram: { delay: 1 } } });
  bot = sandbox.telegram.bot({ id: 7_400_001 });
  bot.customer({ id: 1001, firstName: 'Ada' });
  api = new Api(bot.token, { apiRoot: `${sandbox.url}/api.telegram.org` });
  workspace = sandbox.intercom.workspace({ appId: 'wksp1', clientSecret: 'made-up', admin, webhookUrl: receiver.url });
});

afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const texts = () => bot.chat(1001).messages.map(({ text }) => text);

/** The answer, or undefined where the connection ended without one. */
async function send(text: string) {
  try {
    const answer = await request(`${sandbox.url}/api.telegram.org/bot${bot.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: 1001, text }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: await answer.body.json() };
  } catch {
    return undefined;
  }
}

async function reply(contactId: string, conversationId: string, body: string) {
  const answer = await request(`${sandbox.url}/api.intercom.io/conversations/${conversationId}/reply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message_type: 'comment', type: 'user', intercom_user_id: contactId, body }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.json() };
}

function openConversation() {
  const contact = workspace.addContact({ externalId: 'tg:1001' });
  return { contactId: contact.id, conversationId: workspace.addConversation(contact.id, 'Hello').id };
}

describe('answers', () => {
  it('status: the vendor’s own words, no effect, once', async () => {
    sandbox.faults.add({ vendor: 'telegram', match: 'sendMessage', kind: 'status', status: 502 });
    expect(await send('a')).toMatchObject({
      status: 502,
      body: { ok: false, error_code: 502, description: 'Bad Gateway' },
    });
    expect(texts()).toEqual([]);
    expect((await send('a'))?.status).toBe(200);
    expect(sandbox.log.map(({ fault }) => fault)).toEqual(['status', undefined]);
  });

  it('answer: exactly what is given', async () => {
    const headers = { 'x-odd': 'yes', 'content-type': 'text/html' };
    sandbox.faults.add({ vendor: 'intercom', kind: 'answer', status: 418, body: '<h1>teapot</h1>', headers });
    const answer = await request(`${sandbox.url}/api.intercom.io/me`);
    expect([answer.statusCode, answer.headers['x-odd'], await answer.body.text()]).toEqual([
      418,
      'yes',
      '<h1>teapot</h1>',
    ]);
  });

  it('too many requests: each vendor’s way of saying when to come back', async () => {
    sandbox.faults.add({ vendor: 'telegram', ...telegramTooManyRequests(7) });
    const error = await api.sendMessage(1001, 'a').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({ error_code: 429, parameters: { retry_after: 7 } });
    const { contactId, conversationId } = openConversation();
    sandbox.faults.add({ vendor: 'intercom', ...intercomTooManyRequests(new Date('2030-01-01T00:00:00Z')) });
    expect(await reply(contactId, conversationId, 'x')).toMatchObject({
      status: 429,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1893456000' },
      body: { errors: [{ code: 'rate_limit_exceeded' }] },
    });
    expect(workspace.conversation(conversationId).parts).toEqual([]);
  });
});

describe('silence', () => {
  it('timeout_before: hangs without an effect until released', async () => {
    const fault = sandbox.faults.add({ vendor: 'telegram', kind: 'timeout_before' });
    const pending = send('a');
    await sandbox.until(() => fault.strikes === 1);
    expect(sandbox.log[0]?.answer).toBeUndefined();
    fault.release();
    expect(await pending).toBeUndefined();
    expect(texts()).toEqual([]);
  });

  it('timeout_after: has its effect and its webhooks, but no answer', async () => {
    const { contactId, conversationId } = openConversation();
    await sandbox.settled();
    const fault = sandbox.faults.add({ vendor: 'intercom', match: 'replyConversation', kind: 'timeout_after' });
    const pending = reply(contactId, conversationId, 'did it arrive?').catch(() => 'cut off');
    await sandbox.until(() => receiver.received.some(({ body }) => body.includes('conversation.user.replied')));
    expect(workspace.conversation(conversationId).parts.map(({ text }) => text)).toEqual(['did it arrive?']);
    fault.remove();
    expect(await pending).toBe('cut off');
  });

  it('cut: resets before or after the effect', async () => {
    sandbox.faults.add({ vendor: 'telegram', kind: 'cut', when: 'before' });
    expect(await send('lost')).toBeUndefined();
    expect(texts()).toEqual([]);
    sandbox.faults.add({ vendor: 'telegram', kind: 'cut', when: 'after' });
    expect(await send('kept')).toBeUndefined();
    expect(texts()).toEqual(['kept']);
  });

  it('closing the sandbox ends what hangs', async () => {
    const fault = sandbox.faults.add({ vendor: 'telegram', kind: 'timeout_before' });
    const pending = send('a');
    const { delivery } = bot.customer({ id: 1001, firstName: 'Ada' }).say('nobody listens');
    await sandbox.until(() => fault.strikes === 1);
    await sandbox.close();
    expect(await pending).toBeUndefined();
    expect((await delivery.done).state).toBe('failed');
  });

  it('slow: is overtaken by what comes after', async () => {
    const fault = sandbox.faults.add({ vendor: 'telegram', kind: 'slow', milliseconds: 600_000 });
    const slow = send('slow');
    await sandbox.until(() => sandbox.log.length === 1);
    await send('quick');
    fault.release();
    await slow;
    sandbox.faults.add({ vendor: 'telegram', kind: 'slow', milliseconds: 1 });
    await send('by itself');
    expect(texts()).toEqual(['quick', 'slow', 'by itself']);
  });
});

describe('webhooks', () => {
  it('come after the answer of the call that caused them', async () => {
    const { contactId, conversationId } = openConversation();
    await sandbox.settled();
    const answeredBefore: boolean[] = [];
    receiver.answer = () => {
      answeredBefore.push(sandbox.log.at(-1)?.answer !== undefined);
      return 200;
    };
    await reply(contactId, conversationId, 'x');
    await sandbox.settled();
    expect(answeredBefore).toEqual([true]);
  });

  it('webhook_before_answer: are answered before the call is', async () => {
    const { contactId, conversationId } = openConversation();
    await sandbox.settled();
    const order: string[] = [];
    receiver.answer = () => {
      order.push('webhook');
      return 200;
    };
    sandbox.faults.add({
      vendor: 'intercom',
      match: /^POST \/conversations\/\d+\/reply$/,
      kind: 'webhook_before_answer',
    });
    await reply(contactId, conversationId, 'x').then(() => order.push('answer'));
    expect(order).toEqual(['webhook', 'answer']);
  });

  it('duplicate: come twice, byte for byte', async () => {
    await api.setWebhook(receiver.url);
    sandbox.faults.add({ vendor: 'telegram', match: 'message', kind: 'duplicate' });
    bot.customer({ id: 1001, firstName: 'Ada' }).say('Hi');
    await sandbox.settled();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('reorder: come after the next one, or when released', async () => {
    await api.setWebhook(receiver.url);
    const ada = bot.customer({ id: 1001, firstName: 'Ada' });
    const said = () => receiver.received.map(({ body }) => JSON.parse(body).message.text);
    sandbox.faults.add({ vendor: 'telegram', match: 'message', kind: 'reorder' });
    ada.say('first');
    ada.say('second');
    await sandbox.settled();
    expect(said()).toEqual(['second', 'first']);
    const fault = sandbox.faults.add({ vendor: 'telegram', kind: 'reorder' });
    const { delivery } = ada.say('third');
    await sandbox.settled();
    expect(delivery.state).toBe('held');
    fault.release();
    await sandbox.settled();
    expect(said()).toEqual(['second', 'first', 'third']);
  });
});

describe('which calls are struck', () => {
  it('the first try of every third message, and no repeat', async () => {
    const fault = sandbox.faults.add({
      vendor: 'telegram',
      match: 'sendMessage',
      kind: 'status',
      status: 500,
      every: 3,
    });
    for (let n = 1; n <= 9; n++) {
      const first = await send(`message ${n}`);
      expect(first?.status).toBe(n % 3 === 0 ? 500 : 200);
      if (first?.status === 500) expect((await send(`message ${n}`))?.status).toBe(200);
    }
    expect(fault.strikes).toBe(3);
    expect(texts()).toEqual(Array.from({ length: 9 }, (_, n) => `message ${n + 1}`));
  });

  it('those a predicate picks, as often as `times` says, until the rule is removed', async () => {
    const fault = sandbox.faults.add({
      vendor: 'telegram',
      kind: 'status',
      status: 500,
      times: 3,
      match: call => call.account === String(bot.id) && JSON.stringify(call.body).includes('bad'),
    });
    const statuses = [];
    for (const text of ['good', 'bad', 'bad']) statuses.push((await send(text))?.status);
    fault.remove();
    statuses.push((await send('bad'))?.status);
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  it('by the first rule that fits, vendor by vendor', async () => {
    sandbox.faults.add({ vendor: 'intercom', kind: 'status', status: 503 });
    sandbox.faults.add({ vendor: 'telegram', match: 'getMe', kind: 'status', status: 500 });
    sandbox.faults.add({ vendor: 'telegram', kind: 'status', status: 502 });
    expect((await send('a'))?.status).toBe(502);
    expect((await send('a'))?.status).toBe(200);
    expect(sandbox.faults.active.map(({ strikes }) => strikes)).toEqual([0, 0, 1]);
    sandbox.faults.clear();
    expect(sandbox.faults.active).toEqual([]);
  });
});

describe('waiting', () => {
  it('ends in time with the reason where the state never comes', async () => {
    const waiting = sandbox.until(() => bot.chat(404404).messages[0], { timeout: 1, what: 'a first message' });
    await expect(waiting).rejects.toThrow('The sandbox did not come to a first message within 1 ms.');
  });
});
