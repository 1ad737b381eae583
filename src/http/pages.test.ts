import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
});
afterAll(() => server.stop());

const policyOf = (headers: Headers) => headers.get('content-security-policy') ?? '';
const sha256 = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page at /', () => {
  test('says how to begin while there is no owner, and how to go on afterwards', async () => {
    const before = await server.call({ path: '/' });
    expect(before.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(before.text).toContain('Create the owner');
    expect(before.text).toContain('curl https://octopods.example/api/v1/setup');
    await server.account('Company');
    const after = await server.call({ path: '/' });
    expect(after.text).not.toContain('Create the owner');
    expect(after.text).toContain('has its owner');
  });

  test('holds no script, and its one style is let in by its hash', async () => {
    const { text, headers } = await server.call({ path: '/' });
    expect(text).not.toMatch(/<script|style=|\son\w+=/);
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(text) ?? [];
    expect(policyOf(headers)).toContain(`style-src ${sha256(style)}`);
    expect(policyOf(headers)).toContain("default-src 'none'");
  });

  test('shows only words of ours, whatever its address says', async () => {
    const { text } = await server.call({ path: '/?problem=%3Cb%3E&connected' });
    expect(text).not.toContain('<b>');
    expect((await server.call({ path: '/?problem=IDENTITY_TAKEN' })).text).toContain('It is connected already');
  });
});

describe('the reference', () => {
  test('is served whole from here: page, bundle, document', async () => {
    const page = await server.call({ path: '/docs/' });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    const [, bundle = ''] = /<script[^>]* src="([^"]+)"/.exec(page.text) ?? [];
    const script = await server.call({ path: new URL(bundle, `${server.url}/docs/`).pathname });
    expect(script.status).toBe(200);
    expect(script.text.length).toBeGreaterThan(1_000_000);
    expect(page.text).toContain('/api/openapi.json');
  });

  test('lets in its own inline script only', async () => {
    const { text, headers } = await server.call({ path: '/docs/' });
    const scripts = text
      .split('<script')
      .slice(1)
      .map(rest => rest.split('</script>', 1)[0] ?? '');
    const inline = scripts
      .filter(script => !script.includes(' src='))
      .map(script => script.slice(script.indexOf('>') + 1));
    expect(inline).toEqual([expect.stringContaining('createApiReference')]);
    expect(policyOf(headers)).toContain(`script-src 'self' ${sha256(inline[0])};`);
    expect(policyOf(headers)).toContain("connect-src 'self'");
  });
});

describe('the OpenAPI document', () => {
  test('describes every operation with a name, a group, its security and its problems', async () => {
    const document = server.openapi();
    expect(document.openapi).toBe('3.1.0');
    expect((await server.call({ path: '/api/openapi.json' })).body).toEqual(document);
    const operations = Object.values(document.paths).flatMap(methods => Object.values(methods));
    for (const operation of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        tags: [expect.any(String)],
        summary: expect.any(String),
        security: expect.any(Array),
      });
      expect(operation.responses.default).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
    expect(new Set(operations.map(operation => operation.operationId)).size).toBe(operations.length);
  });

  test('names no schema that it does not hold, and holds none that it does not name', () => {
    const document = server.openapi();
    const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([\w.-]+)/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test('tells of the Idempotency-Key wherever it works', () => {
    const { paths } = server.openapi();
    expect(paths['/api/v1/channels']?.post?.parameters).toContainEqual(
      expect.objectContaining({ in: 'header', name: 'idempotency-key' }),
    );
    expect(paths['/api/v1/channels']?.get?.parameters).not.toContainEqual(expect.objectContaining({ in: 'header' }));
  });
});

describe('for whatever watches the process', () => {
  test('/livez answers, and /healthz tells of the database and its migrations', async () => {
    expect((await server.call({ path: '/livez' })).body).toEqual({ ok: true });
    expect(await server.call({ path: '/healthz' })).toMatchObject({
      status: 200,
      body: { ok: true, checks: { database: { ok: true }, migrations: { ok: true } } },
    });
    await server.pool.query("update migrations set name = 'x' || name where name = '0002_accounts.sql'");
    expect(await server.call({ path: '/healthz' })).toMatchObject({
      status: 503,
      body: { ok: false, checks: { migrations: { ok: false, reason: 'not applied: 0002_accounts.sql' } } },
    });
    await server.pool.query("update migrations set name = '0002_accounts.sql' where name = 'x0002_accounts.sql'");
  });

  test('/metrics is for this machine, and not for whom a proxy speaks', async () => {
    expect((await server.call({ path: '/metrics' })).text).toContain('octopods_up 1');
    expect((await server.call({ path: '/metrics', headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(404);
  });

  test('/metrics takes the token and nothing else where there is one', async () => {
    const guarded = await startTestServer(await testDatabase(), { metricsToken: 'metrics-token-for-this-test' });
    expect((await guarded.call({ path: '/metrics' })).status).toBe(404);
    const authorization = 'Bearer metrics-token-for-this-test';
    expect((await guarded.call({ path: '/metrics', headers: { authorization } })).status).toBe(200);
    await guarded.stop();
  });
});

test('too many requests are slowed down, a person and a stranger each by their own measure', async () => {
  const limited = await startTestServer(await testDatabase(), { rateLimits: { principal: 3, stranger: 2 } });
  const { headers } = await limited.account('Busy');
  const me = (as?: Record<string, string>) => limited.call({ path: '/api/v1/me', ...(as ? { as } : {}) });
  const own = [await me(headers), await me(headers), await me(headers), await me(headers)];
  expect(own.map(answer => answer.status)).toEqual([200, 200, 200, 429]);
  expect(own[3]?.body).toMatchObject({ code: 'RATE_LIMITED' });
  expect(Number(own[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
  const guesses = [
    await me(),
    await me({ 'x-octopods-auth': 'oct_guess' }),
    await me({ 'x-octopods-auth': 'oct_other' }),
  ];
  expect(guesses.map(answer => answer.status)).toEqual([401, 401, 429]);
  await limited.stop();
});
