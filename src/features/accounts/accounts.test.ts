import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { password, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer(await testDatabase());
});
afterEach(() => server.stop());

const owner = { name: 'Ada Example', email: 'ada@company.example', password, accountName: 'Company' };

const setUp = (json: object = owner) => server.call({ path: '/api/v1/setup', json });
const signIn = (json: object) => server.call({ path: '/api/auth/sign-in/email', json });
const cookies = (headers: Headers) => ({
  cookie: headers
    .getSetCookie()
    .map(cookie => cookie.split(';', 1)[0])
    .join('; '),
});

describe('the first visit', () => {
  test('makes the owner, signs them in, and closes the door', async () => {
    expect((await server.call({ path: '/api/v1/setup' })).body).toEqual({ needed: true });
    const made = await setUp();
    expect(made.status).toBe(201);
    expect((await server.call({ path: '/api/v1/me', as: cookies(made.headers) })).body).toMatchObject({
      role: 'owner',
      user: { name: 'Ada Example', email: 'ada@company.example', twoFactorEnabled: false },
      account: { name: 'Company' },
      accounts: [{ name: 'Company', role: 'owner' }],
    });
    expect((await server.call({ path: '/api/v1/setup' })).body).toEqual({ needed: false });
    expect((await setUp({ ...owner, email: 'eve@company.example' })).body).toMatchObject({
      status: 409,
      code: 'ALREADY_SET_UP',
    });
  });

  test('lets only one of many win who come at the same moment', async () => {
    const tries = Array.from({ length: 20 }, (_, n) => setUp({ ...owner, email: `owner-${n}@company.example` }));
    const statuses = (await Promise.all(tries)).map(answer => answer.status).sort();
    expect(statuses).toEqual([201, ...Array(19).fill(409)]);
    const { rows } = await server.pool.query(
      'select (select count(*) from users) as users, (select count(*) from accounts) as accounts',
    );
    expect(rows).toEqual([{ users: 1, accounts: 1 }]);
  });

  test('leaves nothing behind when it fails half-way', async () => {
    await server.pool.query("alter table members add constraint broken check (role <> 'owner')");
    expect((await setUp()).status).toBe(500);
    expect((await server.call({ path: '/api/v1/setup' })).body).toEqual({ needed: true });
  });

  test('names every field that is wrong', async () => {
    const answer = await setUp({ name: '  ', email: 'nobody', password: 'short', accountName: 'C' });
    expect(answer.body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'name' }, { field: 'email' }, { field: 'password' }],
    });
  });
});

describe('signing in', () => {
  test('takes the right password in any spelling of the address, and hides the token from scripts', async () => {
    await setUp();
    const answer = await signIn({ email: 'ADA@company.example', password });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('"token"');
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect((await server.call({ path: '/api/v1/me', as: cookies(answer.headers) })).status).toBe(200);
  });

  test('says the same of a wrong password and of an unknown address', async () => {
    await setUp();
    const wrong = await signIn({ email: owner.email, password: 'wrong horse battery' });
    const unknown = await signIn({ email: 'eve@company.example', password });
    for (const answer of [wrong, unknown]) {
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED', reason: 'INVALID_EMAIL_OR_PASSWORD' });
    }
  });

  test('is slowed down after ten tries in a minute, whatever address the caller claims', async () => {
    await setUp();
    const tries = [];
    for (let n = 0; n < 12; n++) {
      tries.push(
        await server.call({
          path: '/api/auth/sign-in/email',
          json: { email: owner.email, password: 'wrong horse battery' },
          headers: { 'x-forwarded-for': `192.0.2.${n}`, 'x-octopods-client-address': `192.0.2.${n}` },
        }),
      );
    }
    expect(tries.map(answer => answer.status)).toEqual([...Array(10).fill(401), 429, 429]);
    expect(tries.at(-1)?.body).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(tries.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('ends with signing out', async () => {
    const as = cookies((await setUp()).headers);
    expect((await server.call({ path: '/api/auth/sign-out', json: {}, as })).status).toBe(200);
    expect((await server.call({ path: '/api/v1/me', as })).status).toBe(401);
  });

  test('nobody can sign up, or reach the team behind our back', async () => {
    const paths = ['/sign-up/email', '/organization/create', '/organization/invite-member', '/organization/list'];
    for (const path of paths) {
      const answer = await server.call({
        path: `/api/auth${path}`,
        json: { name: 'Eve', email: 'eve@company.example', password },
      });
      expect(answer.status).toBe(404);
    }
  });
});

describe('a session', () => {
  test('is refused to pages of other sites, and open to programs and our own pages', async () => {
    const as = cookies((await setUp()).headers);
    const call = (origin?: string) =>
      server.call({
        path: '/api/v1/api-keys',
        json: { name: 'k' },
        as,
        ...(origin === undefined ? {} : { headers: { origin } }),
      });
    expect((await call('https://evil.example')).body).toMatchObject({ status: 403, code: 'ORIGIN_REFUSED' });
    expect((await call('null')).body).toMatchObject({ status: 403, code: 'ORIGIN_REFUSED' });
    expect((await call('https://octopods.example')).status).toBe(201);
    expect((await call(server.url)).status).toBe(201);
    expect((await call()).status).toBe(201);
  });

  test('can switch between the accounts of a person', async () => {
    const one = await server.account('One');
    const two = await server.account('Two');
    await server.db
      .insertInto('members')
      .values({ account_id: two.accountId, user_id: one.userId, role: 'member', created_at: new Date() })
      .execute();
    const me = () => server.call({ path: '/api/v1/me', as: one.headers });
    expect((await me()).body).toMatchObject({
      account: { name: 'One' },
      role: 'owner',
      accounts: [{ name: 'One' }, { name: 'Two' }],
    });
    await server.call({
      method: 'PUT',
      path: '/api/v1/me/account',
      json: { accountId: two.accountId },
      as: one.headers,
    });
    expect((await me()).body).toMatchObject({ account: { name: 'Two' }, role: 'member' });
  });
});

describe('the second factor', () => {
  test('is asked for after the password once it is on', async () => {
    const as = cookies((await setUp()).headers);
    const enabled = await server.call({ path: '/api/auth/two-factor/enable', json: { password }, as });
    expect(enabled.body).toMatchObject({
      totpURI: expect.stringContaining('otpauth://totp/Octopods'),
      backupCodes: expect.any(Array),
    });
    await server.pool.query('update users set two_factor_enabled = true');
    await server.pool.query('update two_factors set verified = true');

    const first = await signIn({ email: owner.email, password });
    expect(first.body).toMatchObject({ twoFactorRedirect: true });
    const half = cookies(first.headers);
    expect((await server.call({ path: '/api/v1/me', as: half })).status).toBe(401);
    const wrong = await server.call({ path: '/api/auth/two-factor/verify-totp', json: { code: '000000' }, as: half });
    expect(wrong.body).toMatchObject({ status: 401, code: 'SIGN_IN_REFUSED' });
    const [code] = (enabled.body as { backupCodes: string[] }).backupCodes;
    const second = await server.call({ path: '/api/auth/two-factor/verify-backup-code', json: { code }, as: half });
    expect((await server.call({ path: '/api/v1/me', as: cookies(second.headers) })).status).toBe(200);
  });
});
