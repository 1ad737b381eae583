import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { type Member, type OpenApi, type Operation, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let document: OpenApi;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
  document = server.openapi();
});
afterAll(() => server.stop());

interface Listed {
  method: string;
  path: string;
  operation: Operation;
}

function operations(): Listed[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

const guarded = () => operations().filter(({ operation }) => operation.security.length > 0);
const withId = (path: string, id: string) => path.replace('{id}', id);
const bodies = (method: string) => (method === 'GET' || method === 'DELETE' ? {} : { json: {} });

test('every route is described, and all are guarded but those that let people in', () => {
  const open = operations().filter(({ operation }) => operation.security.length === 0);
  expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'GET /api/auth/get-session',
    'GET /api/v1/invitations/{id}',
    'GET /api/v1/setup',
    'POST /api/auth/sign-in/email',
    'POST /api/auth/sign-out',
    'POST /api/auth/two-factor/verify-backup-code',
    'POST /api/auth/two-factor/verify-totp',
    'POST /api/v1/invitations/{id}/accept',
    'POST /api/v1/setup',
  ]);
  expect(guarded().length).toBeGreaterThan(40);
});

test('without a session or key every guarded route answers 401', async () => {
  for (const { method, path } of guarded()) {
    const answer = await server.call({ method, path: withId(path, randomUUID()), ...bodies(method) });
    expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 401`);
    expect(answer.body).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  }
});

describe('another account', () => {
  let owner: Member;
  let stranger: Member;
  let ids: Record<string, string>;

  beforeAll(async () => {
    owner = await server.account('Mine');
    stranger = await server.account('Theirs');
    ids = await fill(server, owner);
  });

  test('is told 404 for every id that is not its own', async () => {
    const named = guarded().filter(({ path }) => path.includes('{id}'));
    expect(named.length).toBeGreaterThan(20);
    for (const { method, path } of named) {
      const noun = path.split('/').slice(3, path.split('/').indexOf('{id}')).join('/');
      const id = ids[noun];
      if (id === undefined) throw new Error(`${path}: nothing of this kind is made in this test.`);
      const answer = await server.call({
        method,
        path: withId(path, id),
        as: stranger.headers,
        ...(method === 'GET' || method === 'DELETE' ? {} : { json: validBodies[path] ?? {} }),
      });
      expect(`${method} ${path} ${answer.status} ${answer.text}`).toContain(`${method} ${path} 404`);
    }
  });

  test('sees nothing of it in any list', async () => {
    const lists = guarded().filter(({ method, path }) => method === 'GET' && !path.includes('{id}'));
    for (const { path } of lists) {
      const answer = await server.call({ path, as: stranger.headers });
      for (const id of [...Object.values(ids), owner.accountId, owner.userId]) expect(answer.text).not.toContain(id);
    }
  });

  test('cannot use foreign ids inside of a body', async () => {
    const workspaceId = ids.workspaces;
    const tries = [
      { path: '/api/v1/channels', json: { workspaceId, kind: 'pigeon', config: { token: 'pigeon-99-abc' } } },
      { path: '/api/v1/api-keys', json: { name: 'theirs', workspaceId } },
      { path: '/api/v1/messages/resend', json: { ids: [ids.messages] } },
    ];
    for (const call of tries) {
      expect((await server.call({ ...call, as: stranger.headers })).status).toBe(404);
    }
    const switched = await server.call({
      method: 'PUT',
      path: '/api/v1/me/account',
      json: { accountId: owner.accountId },
      as: stranger.headers,
    });
    expect(switched.status).toBe(404);
  });
});

describe('a member', () => {
  test('is told 403 wherever the description asks for an admin', async () => {
    const { accountId } = await server.account('With a member');
    const member = await server.member(accountId, 'member');
    const adminOnly = guarded().filter(({ operation }) => operation.description?.includes('Takes the role admin'));
    expect(adminOnly.length).toBeGreaterThan(15);
    for (const { method, path } of adminOnly) {
      const answer = await server.call({
        method,
        path: withId(path, randomUUID()),
        as: member.headers,
        ...bodies(method),
      });
      expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 403`);
    }
  });

  test('does not see the addresses that providers post to', async () => {
    const owner = await server.account('With addresses');
    const { workspaces } = await fill(server, owner);
    const member = await server.member(owner.accountId, 'member');
    const path = `/api/v1/workspaces/${workspaces}`;
    expect((await server.call({ path, as: owner.headers })).body).toMatchObject({
      webhookUrl: expect.stringContaining('https://octopods.example/hooks/'),
    });
    expect((await server.call({ path, as: member.headers })).body).toMatchObject({ webhookUrl: null });
  });
});

test('no answer to any reading holds a secret', async () => {
  const owner = await server.account('With secrets');
  const ids = await fill(server, owner);
  const { rows } = await server.pool.query<{ secret: string }>(
    `select secrets as secret from workspaces union all select secrets from channels
     union all select token from sessions union all select password from credentials where password is not null
     union all select encode(hash, 'hex') from api_keys`,
  );
  const secrets = ['bell-secret', 'ring-pigeon', '-topsecret', ...rows.map(row => row.secret)];
  const readings = operations().filter(({ method }) => method === 'GET');
  expect(readings.length).toBeGreaterThan(20);
  for (const { path } of readings) {
    const noun = path.split('/').slice(3, path.split('/').indexOf('{id}')).join('/');
    const { status, text } = await server.call({ path: withId(path, ids[noun] ?? randomUUID()), as: owner.headers });
    expect(secrets.filter(secret => text.includes(secret)).map(secret => `${path} shows ${secret}`)).toEqual([]);
    expect(status).toBeLessThan(500);
  }
});

describe('a key of one workspace', () => {
  test('opens that workspace only, and nothing that belongs to the whole account', async () => {
    const owner = await server.account('With keys');
    const ids = await fill(server, owner);
    const other = await fill(server, owner);
    const made = await server.call({
      path: '/api/v1/api-keys',
      json: { name: 'one', workspaceId: ids.workspaces },
      as: owner.headers,
    });
    const as = { 'x-octopods-auth': String((made.body as { key: string }).key) };

    for (const noun of ['workspaces', 'channels', 'conversations', 'messages']) {
      expect((await server.call({ path: `/api/v1/${noun}/${ids[noun]}`, as })).status).toBe(200);
      expect((await server.call({ path: `/api/v1/${noun}/${other[noun]}`, as })).status).toBe(404);
      const list = await server.call({ path: `/api/v1/${noun}`, as });
      expect(list.text).toContain(ids[noun]);
      expect(list.text).not.toContain(other[noun]);
    }
    const wide = await server.call({ path: '/api/v1/workspaces', json: { platform: 'tower', config: {} }, as });
    expect(wide.body).toMatchObject({ status: 403, code: 'WHOLE_ACCOUNT_REQUIRED' });
    const elsewhere = { workspaceId: other.workspaces, kind: 'pigeon', config: { token: 'pigeon-98-abc' } };
    expect((await server.call({ path: '/api/v1/channels', json: elsewhere, as })).status).toBe(404);
    expect((await server.call({ path: '/api/v1/api-keys', as })).body).toMatchObject({ code: 'PERSON_REQUIRED' });
  });
});

/** Bodies without which a route would refuse a request before it looks at the id. */
const validBodies: Record<string, unknown> = {
  '/api/v1/workspaces/{id}/archive': { confirm: 'x' },
  '/api/v1/channels/{id}': { friendlyName: 'x' },
  '/api/v1/channels/{id}/credentials': { config: {} },
  '/api/v1/channels/{id}/remove': { confirm: 'x' },
  '/api/v1/team/members/{id}': { role: 'admin' },
};

/** One of everything that has an id, by the word in its address. */
async function fill(server: TestServer, owner: Member): Promise<Record<string, string>> {
  const { accountId } = owner;
  const unique = randomUUID();
  const workspaceId = await server.setUp.connectWorkspace({
    accountId,
    platform: 'tower',
    config: { bell: 'bell-secret', town: unique },
  });
  const channelId = await server.setUp.connectChannel({
    accountId,
    workspaceId,
    kind: 'pigeon',
    config: { token: `pigeon-${BigInt(`0x${unique.replaceAll('-', '')}`)}-topsecret` },
  });
  const [contactId, conversationId, messageId] = [randomUUID(), randomUUID(), randomUUID()];
  await server.db
    .insertInto('contacts')
    .values({ workspace_id: workspaceId, id: contactId, account_id: accountId, external_id: 'pigeon:1' })
    .execute();
  await server.db
    .insertInto('conversations')
    .values({
      workspace_id: workspaceId,
      id: conversationId,
      account_id: accountId,
      channel_id: channelId,
      contact_id: contactId,
      address: '1',
      address_key: '1',
    })
    .execute();
  await server.db
    .insertInto('messages')
    .values({
      workspace_id: workspaceId,
      id: messageId,
      account_id: accountId,
      channel_id: channelId,
      conversation_id: conversationId,
      direction: 'inbound',
      status: 'failed',
      remote_id: '1',
      sender: JSON.stringify({ id: '1', kind: 'customer' }),
      parts: JSON.stringify([{ kind: 'text', text: 'coo' }]),
      at: new Date(),
    })
    .execute();
  const key = await server.call({ path: '/api/v1/api-keys', json: { name: 'mine' }, as: owner.headers });
  const colleague = await server.member(accountId, 'member');
  const member = await server.db
    .selectFrom('members')
    .select('id')
    .where('user_id', '=', colleague.userId)
    .executeTakeFirstOrThrow();
  const invitation = await server.call({
    path: '/api/v1/team/invitations',
    json: { email: `new-${unique}@company.example`, role: 'member' },
    as: owner.headers,
  });
  return {
    workspaces: workspaceId,
    channels: channelId,
    conversations: conversationId,
    messages: messageId,
    'api-keys': (key.body as { id: string }).id,
    'team/members': member.id,
    'team/invitations': (invitation.body as { id: string }).id,
  };
}
