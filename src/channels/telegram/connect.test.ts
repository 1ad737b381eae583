import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { check, connect, disconnect } from './connect.ts';
import {
  type BotApi,
  type BotApiSpec,
  config,
  hasShared,
  problems,
  readShared,
  refusal,
  result,
  startBotApi,
} from './testing.ts';

let api: BotApi;

beforeAll(async () => {
  api = await startBotApi();
});
afterAll(() => api.close());
afterEach(() => api.reset());

const bot = {
  id: 7001,
  is_bot: true,
  first_name: 'Desk',
  username: 'example_desk_bot',
  can_read_all_group_messages: false,
};
const hook = 'https://octopods.example/hooks/abc';
const good = { url: hook, has_custom_certificate: false, pending_update_count: 0 };
const seconds = (ago: number) => Date.parse('2026-01-02T03:04:05Z') / 1000 - ago;
const methods = () => api.calls.map(({ method }) => method);

describe('connect', () => {
  it('proves the token, registers the webhook with a secret of its own and reports who the bot is', async () => {
    api.answer('getMe', result(bot));
    api.answer('setWebhook', result(true));
    const connected = await connect(api.context({ config: { token: config.token } }));
    expect(connected).toEqual({
      ok: true,
      connected: {
        status: 'connected',
        identity: 'telegram:bot:7001',
        name: '@example_desk_bot',
        config: { token: config.token, secretToken: 'made0up0token', username: 'example_desk_bot' },
        facts: {
          'Bot id': '7001',
          'Reads all messages of groups': 'no (privacy mode is on)',
          'Can be attached to Telegram Business': 'no',
        },
      },
    });
    expect(api.calls[1]).toMatchObject({
      method: 'setWebhook',
      fields: { url: hook, secret_token: 'made0up0token', max_connections: 40 },
    });
    expect(api.calls[1]?.fields.allowed_updates).toEqual(
      expect.arrayContaining(['message', 'edited_message', 'message_reaction', 'my_chat_member', 'callback_query']),
    );
  });

  it.skipIf(!hasShared)('asks for kinds of updates that exist, in a call that exists', async () => {
    api.answer('getMe', result(bot));
    await connect(api.context());
    const { methods: known, types } = readShared<BotApiSpec>('contracts/telegram/api.json');
    const fields = api.calls[1]?.fields ?? {};
    expect(problems({ methods: known, types }, known.setWebhook?.fields ?? [], fields)).toEqual([]);
    const kinds = types.Update?.fields?.map(({ name }) => name);
    expect(kinds).toEqual(expect.arrayContaining(fields.allowed_updates as string[]));
  });

  it('keeps the secret it has', async () => {
    api.answer('getMe', result(bot));
    await connect(api.context());
    expect(api.calls[1]?.fields.secret_token).toBe('not-a-real-secret');
  });

  it('names the field when the token is wrong', async () => {
    api.answer('getMe', refusal(401, 'Unauthorized'));
    expect(await connect(api.context())).toMatchObject({ ok: false, field: 'token', failure: { class: 'auth' } });
  });

  it('does not blame the token when Telegram is down', async () => {
    api.answer('getMe', refusal(502, 'Bad Gateway'));
    const answer = await connect(api.context());
    expect(answer).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect(answer).not.toHaveProperty('field');
  });

  it('waits for a public address, before asking and after being told', async () => {
    api.answer('getMe', result(bot), result(bot));
    const without = await connect(api.context({ webhookUrl: '' }));
    expect(without).toMatchObject({ ok: true, connected: { status: 'pending', identity: 'telegram:bot:7001' } });
    expect(methods()).toEqual(['getMe']);
    api.answer('setWebhook', refusal(400, 'Bad Request: bad webhook: HTTPS url must be provided for webhook'));
    expect(await connect(api.context())).toMatchObject({
      ok: true,
      connected: { status: 'pending', reason: expect.stringContaining('HTTPS'), advice: expect.any(String) },
    });
  });

  it('fails when the webhook cannot be registered for another reason', async () => {
    api.answer('getMe', result(bot));
    api.answer('setWebhook', refusal(429, 'Too Many Requests: retry after 1', { retry_after: 1 }));
    expect(await connect(api.context())).toMatchObject({ ok: false, failure: { class: 'rate_limited' } });
  });
});

describe('check', () => {
  const checked = async (info: object, over = {}) => {
    api.answer('getMe', result(bot));
    api.answer('getWebhookInfo', result(info));
    return check(api.context(over));
  };

  it('finds a healthy bot connected, with what Telegram reports', async () => {
    expect(await checked({ ...good, pending_update_count: 2 })).toMatchObject({
      status: 'connected',
      facts: { 'Waiting updates': '2', 'Bot id': '7001' },
    });
  });

  it('says where the messages go when another system took the bot, without its secrets', async () => {
    const health = await checked({ ...good, url: 'https://other.example/hook/their-secret' });
    expect(health).toMatchObject({ status: 'disconnected', reason: expect.stringContaining('other.example') });
    expect(JSON.stringify(health)).not.toContain('their-secret');
  });

  it('tells a webhook that is gone', async () => {
    expect(await checked({ ...good, url: '' })).toMatchObject({ status: 'disconnected', advice: expect.any(String) });
  });

  it('is offline while deliveries fail, and not for an old or settled failure', async () => {
    const failing = { last_error_date: seconds(60), last_error_message: 'Connection refused', pending_update_count: 3 };
    expect(await checked({ ...good, ...failing })).toMatchObject({
      status: 'offline',
      reason: expect.stringContaining('Connection refused'),
      facts: { 'Last failed delivery': '2026-01-02T03:03:05.000Z: Connection refused' },
    });
    expect(await checked({ ...good, ...failing, pending_update_count: 0 })).toMatchObject({ status: 'connected' });
    expect(await checked({ ...good, ...failing, last_error_date: seconds(3600) })).toMatchObject({
      status: 'connected',
    });
  });

  it('advises to connect again when some kinds of updates are not asked for', async () => {
    expect(await checked({ ...good, allowed_updates: ['message'] })).toMatchObject({
      status: 'connected',
      advice: expect.any(String),
    });
  });

  it('is pending without a public address', async () => {
    expect(await checked({ ...good, url: '' }, { webhookUrl: '' })).toMatchObject({ status: 'pending' });
  });

  it.each([
    [refusal(401, 'Unauthorized'), 'disconnected'],
    [refusal(404, 'Not Found'), 'disconnected'],
    [refusal(500, 'Internal Server Error'), 'offline'],
    ['drop' as const, 'offline'],
  ])('%j is %s', async (reply, status) => {
    api.answer('getMe', reply);
    expect(await check(api.context())).toMatchObject({
      status,
      reason: expect.any(String),
      advice: expect.any(String),
    });
  });
});

describe('disconnect', () => {
  it('takes our webhook away, also where our public address has changed since', async () => {
    api.answer('getWebhookInfo', result({ ...good, url: 'https://old.example/hooks/abc' }));
    await disconnect(api.context());
    expect(methods()).toEqual(['getWebhookInfo', 'deleteWebhook']);
  });

  it('leaves the webhook of another system alone', async () => {
    api.answer('getWebhookInfo', result({ ...good, url: 'https://other.example/hook' }));
    await disconnect(api.context());
    expect(methods()).toEqual(['getWebhookInfo']);
  });

  it('does not mind a revoked token', async () => {
    api.answer('getWebhookInfo', refusal(401, 'Unauthorized'));
    await expect(disconnect(api.context())).resolves.toBeUndefined();
  });
});
