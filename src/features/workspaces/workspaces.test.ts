import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { type Member, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
let owner: Member;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
});
beforeEach(async () => {
  owner = await server.account('Company');
});
afterAll(() => server.stop());

const connect = (town: string, more: object = {}, as = owner.headers) =>
  server.call({
    path: '/api/v1/workspaces',
    json: { platform: 'tower', config: { bell: 'bell-secret', town }, ...more },
    as,
  });
const get = (path: string, as = owner.headers) => server.call({ path, as });
const post = (path: string, json: unknown = {}) => server.call({ path, json, as: owner.headers });
const idOf = (body: unknown) => (body as { id: string }).id;

describe('connecting a workspace', () => {
  test('keeps the secret to itself and says who did it', async () => {
    const answer = await connect(randomUUID());
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      platform: 'tower',
      status: 'connected',
      sandbox: false,
      channels: 0,
      connectedBy: 'Owner of Company',
      config: { bell: { set: true } },
      webhookUrl: expect.stringMatching(/^https:\/\/octopods\.example\/hooks\/\w{32}$/),
    });
    expect(answer.text).not.toContain('bell-secret');
    expect((await get(`/api/v1/workspaces/${idOf(answer.body)}`)).body).toEqual(answer.body);
  });

  test('that somebody else has is refused without naming them', async () => {
    const town = randomUUID();
    await connect(town, {}, (await server.account('Secret Rival')).headers);
    const answer = await connect(town);
    expect(answer.body).toMatchObject({ status: 409, code: 'IDENTITY_TAKEN' });
    expect(answer.text).not.toContain('Rival');
    expect((await get('/api/v1/workspaces')).body).toMatchObject({ items: [] });
  });

  test.each([
    [
      'an unknown platform',
      { platform: 'lighthouse' },
      { status: 400, code: 'VALIDATION_FAILED', errors: [{ field: 'platform' }] },
    ],
    [
      'a bad configuration',
      { config: { bell: 'x' } },
      { status: 400, code: 'VALIDATION_FAILED', errors: [{ field: 'config.bell' }] },
    ],
    [
      'a revoked token',
      { config: { bell: 'bell-revoked' } },
      {
        status: 422,
        code: 'PROVIDER_REFUSED',
        errors: [{ field: 'config.token' }],
        failure: { class: 'auth', status: 401 },
      },
    ],
    ['a platform that is down', { config: { bell: 'bell-down' } }, { status: 502, code: 'PROVIDER_UNAVAILABLE' }],
  ])('with %s says what is wrong', async (_what, more, problem) => {
    expect((await connect('x', more)).body).toMatchObject(problem);
  });
});

describe('archiving a workspace', () => {
  test('takes its typed name, stops its channels, and can be undone', async () => {
    const town = randomUUID();
    const id = idOf((await connect(town)).body);
    const channel = await post('/api/v1/channels', {
      workspaceId: id,
      kind: 'pigeon',
      config: { token: 'pigeon-501-abc' },
    });
    expect((await post(`/api/v1/workspaces/${id}/archive`, { confirm: 'wrong' })).body).toMatchObject({
      code: 'CONFIRMATION_MISMATCH',
    });

    const archived = await post(`/api/v1/workspaces/${id}/archive`, { confirm: town });
    expect(archived.body).toMatchObject({ archivedAt: expect.any(String), config: { bell: { set: true } } });
    expect((await get('/api/v1/workspaces')).body).toMatchObject({ items: [] });
    expect((await get('/api/v1/workspaces?archived=true')).body).toMatchObject({ items: [{ id }] });
    expect((await get('/api/v1/channels')).body).toMatchObject({ items: [] });
    for (const path of [`workspaces/${id}/check`, `channels/${idOf(channel.body)}/reconnect`]) {
      expect((await post(`/api/v1/${path}`)).body).toMatchObject({ status: 409, code: 'WORKSPACE_ARCHIVED' });
    }

    expect((await post(`/api/v1/workspaces/${id}/restore`)).body).toMatchObject({ archivedAt: null });
    expect((await get(`/api/v1/channels/${idOf(channel.body)}`)).body).toMatchObject({
      status: 'disconnected',
      switchedOff: true,
    });
    expect((await post(`/api/v1/channels/${idOf(channel.body)}/reconnect`)).body).toMatchObject({
      status: 'connected',
      switchedOff: false,
    });
  });

  test('frees its identity, and it cannot come back while another has it', async () => {
    const town = randomUUID();
    const id = idOf((await connect(town)).body);
    await post(`/api/v1/workspaces/${id}/archive`, { confirm: town });
    expect((await connect(town)).status).toBe(201);
    expect((await post(`/api/v1/workspaces/${id}/restore`)).body).toMatchObject({
      status: 409,
      code: 'IDENTITY_TAKEN',
    });
  });
});

test('new credentials must belong to the same workspace', async () => {
  const town = randomUUID();
  const id = idOf((await connect(town)).body);
  expect((await post(`/api/v1/workspaces/${id}/reconnect`, { config: { bell: 'new-bell' } })).status).toBe(200);
  expect((await post(`/api/v1/workspaces/${id}/reconnect`, { config: { town: 'elsewhere' } })).body).toMatchObject({
    status: 409,
    code: 'IDENTITY_CHANGED',
  });
});

test('the list goes page by page, in the order of connecting', async () => {
  const ids = [];
  for (let n = 0; n < 5; n++) ids.push(idOf((await connect(randomUUID())).body));
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await get(`/api/v1/workspaces?limit=2${cursor && `&cursor=${cursor}`}`);
    const page = body as { items: { id: string }[]; nextCursor: string | null };
    seen.push(...page.items.map(item => item.id));
    cursor = page.nextCursor ?? '';
  } while (cursor);
  expect(seen).toEqual(ids);
});

describe('a login at the platform', () => {
  const begin = async (as = owner.headers) => {
    const answer = await server.call({ path: '/api/v1/workspaces/oauth', json: { platform: 'tower' }, as });
    const url = new URL((answer.body as { authorizeUrl: string }).authorizeUrl);
    expect(url.searchParams.get('redirectUri')).toBe('https://octopods.example/api/v1/workspaces/oauth/callback');
    return url.searchParams.get('state') ?? '';
  };
  const finish = (state: string, code: string, as = owner.headers) =>
    server.call({ path: `/api/v1/workspaces/oauth/callback?${new URLSearchParams({ state, code })}`, as });

  test('connects the workspace and brings the browser back', async () => {
    const answer = await finish(await begin(), 'granted');
    expect(answer.status).toBe(303);
    const id = new URL(answer.headers.get('location') ?? '', server.url).searchParams.get('connected');
    expect((await get(`/api/v1/workspaces/${id}`)).body).toMatchObject({
      name: 'Loginton',
      connectedBy: 'Owner of Company',
    });
    const page = await get(answer.headers.get('location') ?? '');
    expect(page.text).toContain('The workspace is connected');
  });

  test('works once, and only in the session that began it', async () => {
    const state = await begin();
    const other = await server.member(owner.accountId, 'admin');
    const stolen = await finish(state, 'granted', other.headers);
    expect(stolen.headers.get('location')).toBe('/?problem=SIGN_IN_STATE_INVALID');
    expect((await finish(state, 'refused')).headers.get('location')).toBe('/?problem=PROVIDER_REFUSED');
    expect((await finish(state, 'granted')).headers.get('location')).toBe('/?problem=SIGN_IN_STATE_INVALID');
  });

  test('is over after ten minutes', async () => {
    const state = await begin();
    await server.pool.query("update oauth_states set expires_at = now() - interval '1 second'");
    expect((await finish(state, 'granted')).headers.get('location')).toBe('/?problem=SIGN_IN_STATE_INVALID');
  });
});
