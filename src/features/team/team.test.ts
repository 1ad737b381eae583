import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { type Member, password, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
let owner: Member;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
});
beforeEach(async () => {
  owner = await server.account('Company');
});
afterAll(() => server.stop());

const newcomer = () => `new-${randomUUID()}@company.example`;
const invite = (email: string, role = 'member', as = owner.headers) =>
  server.call({ path: '/api/v1/team/invitations', json: { email, role }, as });
const accept = (id: string, json: object, as?: Record<string, string>) =>
  server.call({ path: `/api/v1/invitations/${id}/accept`, json, ...(as ? { as } : {}) });
const idOf = (body: unknown) => (body as { id: string }).id;
const cookies = (headers: Headers) => ({
  cookie: headers
    .getSetCookie()
    .map(cookie => cookie.split(';', 1)[0])
    .join('; '),
});

async function memberId(userId: string): Promise<string> {
  const { body } = await server.call({ path: '/api/v1/team/members', as: owner.headers });
  const found = (body as { items: { id: string; userId: string }[] }).items.find(item => item.userId === userId);
  return found?.id ?? '';
}

describe('an invitation', () => {
  test('lets somebody new in, signed in and with the role that was meant', async () => {
    const email = newcomer();
    const id = idOf((await invite(email, 'admin')).body);
    expect((await server.call({ path: `/api/v1/invitations/${id}` })).body).toMatchObject({
      accountName: 'Company',
      email,
      role: 'admin',
      known: false,
    });
    const joined = await accept(id, { name: 'Grace', password });
    expect(joined.body).toEqual({ accountId: owner.accountId, role: 'admin' });
    expect((await server.call({ path: '/api/v1/me', as: cookies(joined.headers) })).body).toMatchObject({
      user: { email },
      role: 'admin',
    });
    expect((await accept(id, { name: 'Grace', password })).status).toBe(404);
  });

  test('lets somebody in who can sign in already, once they are', async () => {
    const other = await server.account('Elsewhere');
    const id = idOf((await invite(other.email)).body);
    expect((await accept(id, { name: 'Eve', password: 'another password' })).body).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await accept(id, {}, owner.headers)).body).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await accept(id, {}, other.headers)).body).toEqual({ accountId: owner.accountId, role: 'member' });
  });

  test('asks newcomers for what is missing', async () => {
    const id = idOf((await invite(newcomer())).body);
    expect((await accept(id, {})).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'name' }, { field: 'password' }],
    });
  });

  test('goes to an address of a company, once, and not to a colleague', async () => {
    expect((await invite('ada@gmail.com')).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'email' }],
    });
    const email = newcomer();
    expect((await invite(email)).status).toBe(201);
    expect((await invite(email)).body).toMatchObject({ status: 409, code: 'MEMBER_EXISTS' });
    const colleague = await server.member(owner.accountId, 'member');
    expect((await invite(colleague.email)).body).toMatchObject({ status: 409, code: 'MEMBER_EXISTS' });
    expect((await invite(newcomer(), 'owner')).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'role' }],
    });
  });

  test('can be taken back, and is over after its time', async () => {
    const taken = idOf((await invite(newcomer())).body);
    await server.call({ method: 'DELETE', path: `/api/v1/team/invitations/${taken}`, as: owner.headers });
    const late = idOf((await invite(newcomer())).body);
    await server.pool.query("update invitations set expires_at = now() - interval '1 second' where id = $1", [late]);
    for (const id of [taken, late]) expect((await accept(id, { name: 'Grace', password })).status).toBe(404);
    expect((await server.call({ path: '/api/v1/team/invitations', as: owner.headers })).body).toMatchObject({
      items: [],
    });
  });
});

describe('the team', () => {
  test('is seen by every member', async () => {
    const member = await server.member(owner.accountId, 'member');
    const { body } = await server.call({ path: '/api/v1/team/members', as: member.headers });
    expect(body).toMatchObject({
      items: [
        { userId: owner.userId, role: 'owner' },
        { userId: member.userId, role: 'member' },
      ],
    });
  });

  test('changes by its admins, but the owner stays and nobody removes themselves', async () => {
    const admin = await server.member(owner.accountId, 'admin');
    const member = await server.member(owner.accountId, 'member');
    const change = (id: string, role: string) =>
      server.call({ method: 'PATCH', path: `/api/v1/team/members/${id}`, json: { role }, as: admin.headers });
    const remove = (id: string) =>
      server.call({ method: 'DELETE', path: `/api/v1/team/members/${id}`, as: admin.headers });

    expect((await change(await memberId(member.userId), 'admin')).status).toBe(200);
    expect((await change(await memberId(owner.userId), 'member')).body).toMatchObject({
      status: 409,
      code: 'OWNER_IS_FIXED',
    });
    expect((await remove(await memberId(owner.userId))).body).toMatchObject({ status: 409, code: 'OWNER_IS_FIXED' });
    expect((await remove(await memberId(admin.userId))).body).toMatchObject({ status: 409, code: 'NOT_YOURSELF' });

    expect((await server.call({ path: '/api/v1/channels', as: member.headers })).status).toBe(200);
    expect((await remove(await memberId(member.userId))).status).toBe(200);
    expect((await server.call({ path: '/api/v1/channels', as: member.headers })).body).toMatchObject({
      status: 403,
      code: 'NO_ACCOUNT',
    });
  });
});

test('the audit log says who did what, and holds no secret', async () => {
  const workspace = await server.call({
    path: '/api/v1/workspaces',
    json: { platform: 'tower', config: { bell: 'bell-topsecret', town: randomUUID() } },
    as: owner.headers,
  });
  const key = await server.call({ path: '/api/v1/api-keys', json: { name: 'robot' }, as: owner.headers });
  await server.call({
    path: `/api/v1/workspaces/${idOf(workspace.body)}/reconnect`,
    json: { config: { bell: 'bell-othersecret' } },
    as: { 'x-octopods-auth': (key.body as { key: string }).key },
  });
  await invite(newcomer());
  const answer = await server.call({ path: '/api/v1/audit-log', as: owner.headers });
  expect(answer.body).toMatchObject({
    items: [
      { action: 'member.invited', actor: { kind: 'user', id: owner.userId, name: 'Owner of Company' } },
      {
        action: 'workspace.reconnected',
        actor: { kind: 'key', id: idOf(key.body), name: 'robot' },
        detail: { fields: ['bell'] },
      },
      { action: 'api_key.created', target: `api_key:${idOf(key.body)}` },
      { action: 'workspace.connected', target: `workspace:${idOf(workspace.body)}` },
    ],
  });
  expect(answer.text).not.toMatch(/topsecret|othersecret|oct_/);
  const one = await server.call({ path: '/api/v1/audit-log?action=member.invited', as: owner.headers });
  expect((one.body as { items: unknown[] }).items).toHaveLength(1);
});
