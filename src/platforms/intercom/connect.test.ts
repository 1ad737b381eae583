import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check, connect } from './connect.ts';
import { intercom } from './index.ts';
import { subscribedTopics } from './manifest.ts';
import { config, contract, error, hasShared, startVendor, type Vendor } from './testing.ts';

const me = (region: string, appId = 'fake0001') => ({
  json: {
    type: 'admin',
    id: '9000001',
    name: 'Ada Fake',
    app: { type: 'app', id_code: appId, name: 'Acme Fake', region },
  },
});
const refused = error(401, 'unauthorized', 'Access Token Invalid');
const everywhere = {
  'GET api.intercom.io/me': refused,
  'GET api.eu.intercom.io/me': refused,
  'GET api.au.intercom.io/me': refused,
};

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor(everywhere);
});
afterEach(async () => {
  await vendor.close();
  expect(vendor.violations).toEqual([]);
});

const fresh = { appId: undefined, adminId: undefined };

describe('connecting', () => {
  it('learns the workspace, its region and who posts', async () => {
    vendor.answer({ 'GET api.intercom.io/me': me('US') });
    expect(await connect(vendor.context(fresh))).toMatchObject({
      ok: true,
      connected: {
        identity: 'intercom:fake0001',
        name: 'Acme Fake',
        status: 'connected',
        advice: expect.stringContaining('https://octopods.example/hooks/abc'),
        config: { ...config, region: 'US', appId: 'fake0001', appName: 'Acme Fake', adminId: '9000001' },
      },
    });
    expect(vendor.calls()).toEqual(['GET api.intercom.io/me']);
  });

  it.each([
    ['EU', 'GET api.eu.intercom.io/me'],
    ['AU', 'GET api.au.intercom.io/me'],
  ])('corrects the region to %s', async (region, call) => {
    vendor.answer({ [call]: me(region) });
    expect(await connect(vendor.context(fresh))).toMatchObject({ ok: true, connected: { config: { region } } });
  });

  it('says that a token is refused, after each region was asked once', async () => {
    expect(await connect(vendor.context(fresh))).toMatchObject({
      ok: false,
      field: 'accessToken',
      failure: { class: 'auth', message: expect.stringContaining('any region (US, EU, AU)') },
    });
    expect(vendor.calls()).toHaveLength(3);
  });

  it('asks no other region while Intercom is merely down', async () => {
    vendor.answer({ 'GET api.intercom.io/me': error(503, 'service_unavailable', 'Fake.') });
    expect(await connect(vendor.context(fresh))).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect(vendor.calls()).toHaveLength(1);
  });

  it('asks for the client secret where it is missing', async () => {
    vendor.answer({ 'GET api.intercom.io/me': me('US') });
    const result = await connect(vendor.context({ ...fresh, clientSecret: undefined }));
    expect(result).toMatchObject({ connected: { advice: expect.stringContaining('client secret') } });
  });

  it('does not connect to a workspace it cannot name', async () => {
    vendor.answer({ 'GET api.intercom.io/me': { json: { type: 'admin', id: '9000001', app: null } } });
    expect(await connect(vendor.context(fresh))).toMatchObject({ ok: false, failure: { class: 'config' } });
  });
});

describe('checking', () => {
  it.each([
    ['connected', me('US')],
    ['offline', error(503, 'service_unavailable', 'Fake.')],
    ['offline', error(429, 'rate_limit_exceeded', 'Fake.')],
    ['offline', error(403, 'api_plan_restricted', 'Fake.')],
    ['disconnected', refused],
    ['disconnected', me('US', 'fake9999')],
  ])('finds it %s', async (status, answer) => {
    vendor.answer({ 'GET api.intercom.io/me': answer });
    const health = await check(vendor.context());
    expect(health.status).toBe(status);
    if (status !== 'connected')
      expect(health).toMatchObject({ reason: expect.any(String), advice: expect.any(String) });
  });

  it('finds a workspace that moved to another region', async () => {
    vendor.answer({ 'GET api.eu.intercom.io/me': me('EU') });
    expect(await check(vendor.context())).toMatchObject({
      status: 'disconnected',
      reason: expect.stringContaining('EU'),
      advice: expect.stringContaining('Reconnect'),
    });
  });
});

describe('connecting through the operator’s app', () => {
  const app = { clientId: 'CID', clientSecret: 'SECRET' };
  const options = { code: 'CODE', redirectUri: 'https://octopods.example/oauth/intercom' };
  const token = { json: { token_type: 'Bearer', token: 'fake-token', access_token: 'fake-token' } };
  const here = 'POST api.intercom.io/auth/eagle/token';
  const inEurope = 'POST api.eu.intercom.io/auth/eagle/token';
  const exchange = (region?: string) =>
    intercom.oauth?.exchange(app, { ...options, ...(region ? { region } : {}) }, vendor.context());

  it.skipIf(!hasShared)('sends the browser where the contract says (needs ../shared)', () => {
    const { authorize = {}, token_request } =
      contract<{
        authorize: Record<string, string>;
        token_request: { url: string; json: unknown };
      }>('oauth-and-canvas-examples.json') ?? {};
    for (const [region, url] of Object.entries(authorize)) {
      const { redirectUri } = options;
      expect(intercom.oauth?.authorizeUrl(app, { state: 'STATE', redirectUri, region })).toBe(url);
    }
    expect(token_request?.url).toBe(`https://${here.slice('POST '.length)}`);
  });

  it('changes the code for a token', async () => {
    vendor.answer({ [here]: token });
    expect(await exchange()).toEqual({ ok: true, config: { accessToken: 'fake-token', region: 'US' } });
    expect(vendor.seen[0]?.json).toEqual({ code: 'CODE', client_id: 'CID', client_secret: 'SECRET' });
  });

  it('asks the region’s own host, and the US host once if that refuses', async () => {
    vendor.answer({ [inEurope]: token });
    expect(await exchange('EU')).toMatchObject({ ok: true, config: { region: 'EU' } });
    vendor.answer({ [inEurope]: error(404, 'not_found', 'Fake.'), [here]: token });
    expect(await exchange('EU')).toMatchObject({ ok: true });
    expect(vendor.calls()).toEqual([inEurope, inEurope, here]);
  });

  it('reports a refused code', async () => {
    vendor.answer({ [here]: error(401, 'unauthorized', 'Fake.') });
    expect(await exchange()).toMatchObject({ ok: false, failure: { class: 'auth' } });
    expect(vendor.calls()).toHaveLength(1);
  });

  it('reports an answer without a token', async () => {
    vendor.answer({ [here]: { json: {} } });
    expect(await exchange()).toMatchObject({ ok: false, failure: { class: 'unknown' } });
  });
});

describe('the manifest', () => {
  it('accepts what a person fills in, and fills in the region', () => {
    expect(intercom.manifest.config.parse({ accessToken: ' fake-token ' })).toEqual({
      accessToken: 'fake-token',
      region: 'US',
    });
    expect(intercom.manifest.config.safeParse({ accessToken: '' }).success).toBe(false);
    expect(intercom.manifest.config.safeParse({ accessToken: 'x', region: 'MARS' }).success).toBe(false);
  });

  it.skipIf(!hasShared)(
    'asks for every topic that matters and is known by the name it has today (needs ../shared)',
    () => {
      const { topics = [] } = contract<{ topics: { topic: string; relevant: boolean }[] }>('webhook-topics.json') ?? {};
      // Sent without being asked for; renamed; of no use to what is relayed.
      const left = [
        'ping',
        'contact.archive',
        'conversation.contact.attached',
        'conversation.contact.detached',
        'contact.lead.signed_up',
      ];
      const missing = topics
        .filter(({ topic, relevant }) => relevant && !left.includes(topic))
        .filter(({ topic }) => !subscribedTopics.some(name => name === topic));
      expect(missing).toEqual([]);
      const steps = intercom.manifest.steps.map(({ text }) => text).join('\n');
      for (const topic of subscribedTopics) expect(steps).toContain(`\`${topic}\``);
    },
  );
});
