import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { type Member, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
let owner: Member;
let workspaceId: string;
let number = 100;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
});
beforeEach(async () => {
  owner = await server.account('Company');
  const answer = await call('workspaces', { platform: 'tower', config: { bell: 'bell-secret', town: randomUUID() } });
  workspaceId = idOf(answer.body);
});
afterAll(() => server.stop());

const call = (path: string, json?: unknown, method?: string) =>
  server.call({ path: `/api/v1/${path}`, json, as: owner.headers, ...(method === undefined ? {} : { method }) });
const idOf = (body: unknown) => (body as { id: string }).id;
const items = (body: unknown) => (body as { items: { id: string; name: string; friendlyName: string | null }[] }).items;

async function connect(more: object = {}, token = `pigeon-${++number}-secret`) {
  return call('channels', { workspaceId, kind: 'pigeon', config: { token }, ...more });
}

describe('connecting a channel', () => {
  test('shows what was found, and of a secret only that it is there', async () => {
    const answer = await connect({ friendlyName: 'Support' }, 'pigeon-1-topsecret');
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      kind: 'pigeon',
      name: 'Pigeon 1',
      friendlyName: 'Support',
      identity: 'pigeon:1',
      status: 'connected',
      facts: { weather: 'fair' },
      config: { token: { set: true }, ring: { set: true }, loft: 'roof' },
    });
    expect(answer.text).not.toContain('topsecret');
  });

  test('whose identity is in use is refused', async () => {
    await connect({}, 'pigeon-2-abc');
    expect((await connect({}, 'pigeon-2-def')).body).toMatchObject({ status: 409, code: 'IDENTITY_TAKEN' });
  });

  test('with a bad token has the field named', async () => {
    expect((await connect({}, 'sparrow')).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'config.token' }],
    });
    expect((await connect({}, 'pigeon-3-revoked')).body).toMatchObject({
      code: 'PROVIDER_REFUSED',
      errors: [{ field: 'config.token' }],
    });
  });
});

describe('the list of channels', () => {
  test('can be searched, filtered and sorted', async () => {
    const a = idOf((await connect({ friendlyName: 'Zebra' }, 'pigeon-11-abc')).body);
    const b = idOf((await connect({ friendlyName: 'apple' }, 'pigeon-12-abc')).body);
    const c = idOf((await connect({}, 'pigeon-13-abc')).body);
    await call(`channels/${c}/disconnect`, {});
    const ids = async (query: string) => items((await call(`channels?${query}`)).body).map(item => item.id);
    expect(await ids('sort=name')).toEqual([b, c, a]);
    expect(await ids('sort=name&order=desc')).toEqual([a, c, b]);
    expect(await ids('sort=createdAt&order=desc')).toEqual([c, b, a]);
    expect(await ids('q=ZEB')).toEqual([a]);
    expect(await ids('q=pigeon:12')).toEqual([b]);
    expect(await ids('status=disconnected')).toEqual([c]);
    expect(await ids('kind=sparrow')).toEqual([]);
    expect(await ids(`workspaceId=${randomUUID()}`)).toEqual([]);
  });

  test('pages stay whole while channels come and go, in every order', async () => {
    for (let n = 0; n < 7; n++) await connect({ friendlyName: n % 2 ? 'same' : 'name' });
    // Rows of one statement share their time to the microsecond.
    await server.pool.query('update channels set created_at = now(), updated_at = now() where account_id = $1', [
      owner.accountId,
    ]);
    for (const sort of ['name', 'status', 'createdAt', 'updatedAt']) {
      for (const order of ['asc', 'desc']) {
        const all = items((await call(`channels?sort=${sort}&order=${order}&limit=100`)).body).map(item => item.id);
        const seen: string[] = [];
        let cursor = '';
        do {
          const { body } = await call(`channels?sort=${sort}&order=${order}&limit=3${cursor && `&cursor=${cursor}`}`);
          seen.push(...items(body).map(item => item.id));
          cursor = (body as { nextCursor: string | null }).nextCursor ?? '';
        } while (cursor);
        expect(seen).toEqual(all);
        expect(new Set(seen).size).toBe(7);
      }
    }
  });

  test('does not take a cursor of another order', async () => {
    for (let n = 0; n < 3; n++) await connect();
    const { body } = await call('channels?limit=1&sort=createdAt');
    const { nextCursor } = body as { nextCursor: string };
    expect((await call(`channels?limit=1&sort=name&cursor=${nextCursor}`)).body).toMatchObject({
      errors: [{ field: 'cursor' }],
    });
  });
});

describe('a channel', () => {
  test('takes a friendly name and gives it up again', async () => {
    const id = idOf((await connect()).body);
    expect((await call(`channels/${id}`, { friendlyName: 'Hotline' }, 'PATCH')).body).toMatchObject({
      friendlyName: 'Hotline',
    });
    expect((await call(`channels/${id}`, { friendlyName: null }, 'PATCH')).body).toMatchObject({ friendlyName: null });
  });

  test('takes new credentials of the same identity only', async () => {
    const id = idOf((await connect({}, 'pigeon-31-old')).body);
    const replace = (token: string) => call(`channels/${id}/credentials`, { config: { token } }, 'PUT');
    expect((await replace('pigeon-31-new')).status).toBe(200);
    expect((await replace('pigeon-32-new')).body).toMatchObject({ status: 409, code: 'IDENTITY_CHANGED' });
  });

  test('tells its history and what a check finds', async () => {
    const id = idOf((await connect({}, 'pigeon-41-ill')).body);
    expect((await call(`channels/${id}/check`, {})).body).toEqual({
      status: 'disconnected',
      reason: 'The token was revoked.',
      advice: 'Make a new one.',
    });
    expect((await call(`channels/${id}/history`)).body).toMatchObject({
      items: [
        { status: 'disconnected', reason: 'The token was revoked.' },
        { status: 'connected', reason: null },
      ],
    });
  });

  test('that a person switched off stays off until a person switches it on', async () => {
    const id = idOf((await connect()).body);
    expect((await call(`channels/${id}/disconnect`, {})).body).toMatchObject({
      status: 'disconnected',
      switchedOff: true,
    });
    expect((await call(`channels/${id}/check`, {})).body).toMatchObject({ status: 'disconnected' });
    expect((await call(`channels/${id}`)).body).toMatchObject({ status: 'disconnected' });
    expect((await call(`channels/${id}/reconnect`, {})).body).toMatchObject({
      status: 'connected',
      switchedOff: false,
    });
  });

  test('goes for its typed name only, and its identity is free then', async () => {
    const id = idOf((await connect({ friendlyName: 'Old one' }, 'pigeon-51-abc')).body);
    expect((await call(`channels/${id}/remove`, { confirm: 'Pigeon 51' })).body).toMatchObject({
      code: 'CONFIRMATION_MISMATCH',
    });
    expect((await call(`channels/${id}/remove`, { confirm: 'Old one' })).status).toBe(200);
    expect((await call(`channels/${id}`)).status).toBe(404);
    expect((await connect({}, 'pigeon-51-abc')).status).toBe(201);
  });

  test('says what it can carry', async () => {
    const id = idOf((await connect()).body);
    expect((await call(`channels/${id}/capabilities`)).body).toMatchObject({
      parts: { image: { support: 'full', maxBytes: 1000 }, video: { support: 'rejected' } },
      text: { limit: 100, unit: 'codepoints' },
      caption: false,
    });
  });

  test('shows what the provider posted, and neither its address nor its proof', async () => {
    const id = idOf((await connect()).body);
    const events = [
      { type: 'message', key: 'm1', id: '1', outcome: 'stored' },
      { type: 'unknown', key: 'u1', kind: 'odd', outcome: 'unknown: odd' },
    ];
    await server.db
      .insertInto('journal')
      .values({
        id: randomUUID(),
        workspace_id: workspaceId,
        source_id: id,
        method: 'POST',
        url: '/hooks/secret-address',
        headers: JSON.stringify({ 'x-proof': 'secret-proof' }),
        body: Buffer.from('{"a":1}'),
        events: JSON.stringify(events),
      })
      .execute();
    const answer = await call(`channels/${id}/webhooks`);
    expect(answer.body).toMatchObject({ items: [{ method: 'POST', bytes: 7, events }], nextCursor: null });
    expect(answer.text).not.toContain('secret-');
  });
});

test('the kinds of channels come with what their form needs', async () => {
  const { body } = await call('adapters');
  expect(body).toMatchObject({
    channels: [
      {
        id: 'pigeon',
        platforms: ['tower'],
        steps: [{ title: 'Ring it', field: 'token' }],
        config: {
          type: 'object',
          required: ['token'],
          properties: { token: { secret: true }, ring: { secret: true, generated: true }, loft: { default: 'roof' } },
        },
        capabilities: { attachmentsPerMessage: 1 },
      },
    ],
    platforms: [{ id: 'tower', login: true }],
  });
});
