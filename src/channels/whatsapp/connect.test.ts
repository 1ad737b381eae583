import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SetUpContext } from '../../contract/adapter.ts';
import { hmac } from '../../kit/signatures.ts';
import { check, connect, disconnect } from './connect.ts';
import type { WhatsAppConfig } from './manifest.ts';
import { config, type GraphApi, graphRefusal, hasShared, readShared, startGraphApi, webhookUrl } from './testing.ts';

const number = '700000000000101';
const waba = '900000000000001';
const routes = {
  number: `GET ${number}`,
  point: `POST ${number}`,
  numbers: `GET ${waba}/phone_numbers`,
  subscribe: `POST ${waba}/subscribed_apps`,
  subscribed: `GET ${waba}/subscribed_apps`,
  token: 'GET debug_token',
};

describe.skipIf(!hasShared)('a number', () => {
  let graph: GraphApi;
  const answers = (name: string) =>
    readShared<Record<string, unknown>>(`contracts/whatsapp/send-examples/${name}.json`);
  const healthy = {
    id: number,
    display_phone_number: '+1 202-555-0100',
    verified_name: 'Example Ltd',
    quality_rating: 'GREEN',
    status: 'CONNECTED',
    name_status: 'APPROVED',
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    health_status: { can_send_message: 'AVAILABLE', entities: [] },
    is_on_biz_app: false,
    webhook_configuration: { application: 'https://other.example/default' },
    whatsapp_business_manager_messaging_limit: 'TIER_10K',
  };
  const token = (over: object = {}) => ({
    data: {
      app_id: '440000000000001',
      is_valid: true,
      expires_at: 0,
      scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
      granular_scopes: [{ scope: 'whatsapp_business_management', target_ids: [waba] }],
      user_id: '500000000000001',
      ...over,
    },
  });

  beforeAll(async () => {
    graph = await startGraphApi();
  });
  beforeEach(() => {
    graph.answer(routes.number, { body: healthy });
    graph.answer(routes.point, { body: { success: true } });
    graph.answer(routes.numbers, {
      body: {
        data: [{ id: number, display_phone_number: '+1 202-555-0100', verified_name: 'Example Ltd', status: 'LINKED' }],
      },
    });
    graph.answer(routes.subscribe, { body: { success: true } });
    graph.answer(routes.subscribed, { body: { data: [{ id: '440000000000001', name: 'Example app' }] } });
    graph.answer(routes.token, { body: token() });
  });
  afterEach(() => {
    const found = [...graph.problems];
    graph.reset();
    expect(found).toEqual([]);
  });
  afterAll(() => graph.close());

  const called = () => graph.calls.map(({ route }) => route);
  const bodyOf = (route: string) => graph.calls.find(call => call.route === route)?.body;
  const given: WhatsAppConfig = { accessToken: config.accessToken, phoneNumberId: number, appSecret: config.appSecret };
  const connecting = (over: Partial<WhatsAppConfig> = {}, context: Partial<SetUpContext<WhatsAppConfig>> = {}) =>
    connect(graph.context({ config: { ...given, ...over }, ...context }));
  const checking = (over: Partial<SetUpContext<WhatsAppConfig>> = {}) => check(graph.context(over));

  describe('connects', () => {
    it('with its account found, the app subscribed, and this very number pointed at us', async () => {
      expect(await connecting()).toEqual({
        ok: true,
        connected: {
          status: 'connected',
          identity: 'whatsapp:700000000000101',
          name: 'Example Ltd (+1 202-555-0100)',
          config: { ...given, wabaId: waba, verifyToken: 'made0up0token', number: '+12025550100' },
          facts: {
            Number: '+12025550100',
            'Verified name': 'Example Ltd',
            'Display name review': 'Approved',
            Quality: 'Green',
            'Messaging limit': '10K people in 24 hours',
            Throughput: 'Standard',
            Health: 'Available',
            'Used in the WhatsApp Business app too': 'No',
            'Token expires': 'Never',
          },
        },
      });
      expect(bodyOf(routes.subscribe)).toBeUndefined();
      expect(bodyOf(routes.point)).toEqual({
        webhook_configuration: { override_callback_uri: webhookUrl, verify_token: 'made0up0token' },
      });
      expect(JSON.stringify(graph.exchanges)).not.toContain(config.accessToken);
    });

    it('with the verify token it had before', async () => {
      expect(await connecting({ verifyToken: 'kept-made-up' })).toMatchObject({
        connected: { config: { verifyToken: 'kept-made-up' } },
      });
    });

    it('proves the app secret on the way', async () => {
      await connecting();
      expect(graph.calls[0]?.query.appsecret_proof).toBe(hmac('sha256', config.appSecret ?? '', config.accessToken));
      graph.answer(routes.number, graphRefusal(100, 'Invalid appsecret_proof provided in the API argument'));
      expect(await connecting()).toMatchObject({ ok: false, field: 'appSecret', failure: { class: 'config' } });
    });

    it('through the app of the installation without an address of its own', async () => {
      expect(await connecting({ appSecret: undefined })).toMatchObject({
        ok: true,
        connected: { status: 'connected' },
      });
      expect(called()).toContain(routes.subscribe);
      expect(called()).not.toContain(routes.point);
      expect(graph.calls[0]?.query).not.toHaveProperty('appsecret_proof');
    });

    it('and waits while Meta gets no answer to its challenge', async () => {
      graph.answer(routes.point, graphRefusal(100, 'Callback verification failed'));
      expect(await connecting()).toMatchObject({
        ok: true,
        connected: { status: 'pending', reason: expect.stringContaining('Callback verification failed') },
      });
    });

    it('and waits while there is no public address, or its account is not known', async () => {
      expect(await connecting({}, { webhookUrl: '' })).toMatchObject({ connected: { status: 'pending' } });
      graph.answer(routes.token, graphRefusal(100, 'No'));
      graph.answer('GET me/assigned_whatsapp_business_accounts', graphRefusal(100, 'No'));
      const result = await connecting();
      graph.problems.length = 0; // `me` stands for an id.
      expect(result).toMatchObject({
        connected: { status: 'pending', advice: 'Enter the account’s id and connect again.' },
      });
    });

    it('and says what is wrong with the number itself', async () => {
      graph.answer(routes.number, { body: { ...healthy, status: 'BANNED' } });
      expect(await connecting()).toMatchObject({ ok: true, connected: { status: 'disconnected' } });
    });
  });

  describe('is refused', () => {
    it.each([
      ['accessToken', 'auth', graphRefusal(190, 'Session has expired', {}, 401)],
      ['phoneNumberId', 'config', graphRefusal(100, 'Unsupported get request.', { error_subcode: 33 })],
      [undefined, 'temporary', graphRefusal(2, 'Try later', {}, 503)],
    ] as const)('by field %s where Meta says %s', async (field, kind, reply) => {
      graph.answer(routes.number, reply);
      const result = await connecting();
      expect(result).toMatchObject({ ok: false, failure: { class: kind } });
      expect('field' in result ? result.field : undefined).toBe(field);
    });

    it('with an account that is not its own', async () => {
      graph.answer(routes.numbers, { body: { data: [] } });
      expect(await connecting({ wabaId: waba })).toMatchObject({
        ok: false,
        field: 'wabaId',
        failure: { class: 'config' },
      });
      graph.answer(routes.numbers, graphRefusal(200, 'Permissions error', {}, 403));
      expect(await connecting({ wabaId: waba })).toMatchObject({
        ok: false,
        field: 'accessToken',
        failure: { class: 'auth' },
      });
      expect(called()).not.toContain(routes.subscribe);
    });

    it('where the token may not subscribe', async () => {
      graph.answer(routes.subscribe, graphRefusal(10, 'Permission denied', {}, 403));
      expect(await connecting()).toMatchObject({ ok: false, field: 'accessToken', failure: { class: 'auth' } });
    });
  });

  const pointed = (phone_number: string) => ({ ...healthy, webhook_configuration: { phone_number } });

  describe('is checked', () => {
    it('and found well, with its facts', async () => {
      graph.answer(routes.number, { body: pointed(webhookUrl) });
      expect(await checking()).toMatchObject({ status: 'connected', facts: { Quality: 'Green' } });
      expect(called()).not.toContain(routes.point);
    });

    it('and pointed at us where it was not yet, or our public address has changed', async () => {
      expect(await checking()).toMatchObject({ status: 'connected' });
      graph.answer(routes.number, { body: pointed('https://old.example/hooks/made0up0hook0token') });
      expect(await checking()).toMatchObject({ status: 'connected' });
      expect(called().filter(route => route === routes.point)).toHaveLength(2);
    });

    it('and left to the system that has taken it over', async () => {
      graph.answer(routes.number, { body: pointed('https://other.example/secret-path') });
      const health = await checking();
      expect(health).toMatchObject({ status: 'disconnected', reason: expect.stringContaining('other.example') });
      expect(health.reason).not.toContain('secret-path');
      expect(called()).not.toContain(routes.point);
    });

    it('and kept waiting while its account is not known', async () => {
      expect(await checking({ config: { ...config, wabaId: undefined } })).toMatchObject({ status: 'pending' });
    });

    it('and missed where no app is subscribed', async () => {
      graph.answer(routes.subscribed, { body: { data: [] } });
      expect(await checking()).toMatchObject({
        status: 'disconnected',
        advice: expect.stringContaining('Connect again'),
      });
    });

    it.each([
      ['disconnected', graphRefusal(190, 'Session has expired', {}, 401)],
      ['disconnected', graphRefusal(100, 'Unsupported get request.', { error_subcode: 33 })],
      ['offline', graphRefusal(80007, 'Rate limit hit', {}, 429)],
      ['offline', 'drop'],
    ] as const)('and %s where the API refuses', async (status, reply) => {
      graph.answer(routes.number, reply);
      const health = await checking();
      expect(health).toMatchObject({ status, reason: expect.any(String), advice: expect.any(String) });
    });

    it.each([
      ['disconnected', { status: 'BANNED' }],
      ['disconnected', { status: 'DISCONNECTED' }],
      ['offline', { status: 'RESTRICTED' }],
      ['pending', { status: 'PENDING' }],
      ['offline', { health_status: { can_send_message: 'BLOCKED' } }],
    ])('and %s for %j', async (status, over) => {
      graph.answer(routes.number, { body: { ...pointed(webhookUrl), ...over } });
      expect(await checking()).toMatchObject({ status, reason: expect.any(String), advice: expect.any(String) });
    });

    it('and warned of what may come', async () => {
      const limited = {
        can_send_message: 'LIMITED',
        entities: [{ errors: [{ error_description: 'Too few details.', possible_solution: 'Add them.' }] }],
      };
      graph.answer(routes.number, { body: { ...pointed(webhookUrl), health_status: limited } });
      expect(await checking()).toMatchObject({ status: 'connected', reason: 'Too few details.', advice: 'Add them.' });
      graph.answer(routes.number, { body: pointed(webhookUrl) });
      graph.answer(routes.token, { body: token({ expires_at: Date.parse('2026-11-20T00:00:00Z') / 1000 }) });
      expect(await checking()).toMatchObject({ status: 'connected', reason: expect.stringContaining('2026-11-20') });
    });

    it('with Meta’s own words for what blocks it, as published', async () => {
      graph.answer(routes.number, {
        body: { ...answers('phone-number-full-response'), webhook_configuration: undefined },
      });
      graph.answer(routes.token, graphRefusal(100, 'No'));
      expect(await checking()).toMatchObject({
        status: 'offline',
        reason: expect.stringContaining('not linked to your WhatsApp account'),
        advice: expect.stringContaining('OTP'),
        facts: { Number: '+593999999999', Throughput: 'Standard', Health: 'Blocked' },
      });
      graph.problems.length = 0; // The published answer has a state that the description does not list.
    });

    it('of which next to nothing is told', async () => {
      graph.answer(routes.number, { body: answers('phone-number-missing-lists') });
      expect(await checking()).toMatchObject({ status: 'connected', facts: { Quality: 'Unknown' } });
    });
  });

  describe('is let go', () => {
    it('with our address taken away and the app left subscribed', async () => {
      graph.answer(routes.number, { body: pointed(webhookUrl) });
      await disconnect(graph.context());
      expect(bodyOf(routes.point)).toEqual({ webhook_configuration: { override_callback_uri: '' } });
      expect(called()).toEqual([routes.number, routes.point]);
    });

    it('as it is where another system has it, or the installation’s app serves it', async () => {
      graph.answer(routes.number, { body: pointed('https://other.example/x') });
      await disconnect(graph.context());
      await disconnect(graph.context({ config: { ...config, appSecret: undefined } }));
      expect(called()).toEqual([routes.number]);
    });
  });
});
