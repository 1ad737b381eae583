import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { type Member, startTestServer, type TestServer } from '../../http/testing.ts';

let server: TestServer;
let owner: Member;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
  owner = await server.account('Company');
});
afterAll(() => server.stop());

interface Made {
  id: string;
  key: string;
}

async function make(name = 'key'): Promise<Made> {
  return (await server.call({ path: '/api/v1/api-keys', json: { name }, as: owner.headers })).body as Made;
}

const me = (as: Record<string, string>) => server.call({ path: '/api/v1/me', as });
const listed = async (id: string) => {
  const { body } = await server.call({ path: '/api/v1/api-keys', as: owner.headers });
  return (body as { items: { id: string }[] }).items.find(item => item.id === id);
};

describe('an API key', () => {
  test('opens the API in either header, and is noted as used', async () => {
    const { id, key } = await make();
    expect(key).toMatch(/^oct_[\w-]{43}$/);
    expect(await listed(id)).toMatchObject({ lastUsedAt: null, status: 'active', hint: key.slice(-4) });
    const ways: Record<string, string>[] = [{ 'x-octopods-auth': key }, { authorization: `Bearer ${key}` }];
    for (const as of ways) {
      expect((await me(as)).body).toMatchObject({
        account: { id: owner.accountId },
        role: 'admin',
        user: null,
        key: { id },
      });
    }
    expect(await listed(id)).toMatchObject({ lastUsedAt: expect.any(String) });
  });

  test('is kept as a hash only and never shown again', async () => {
    const { id, key } = await make();
    const { rows } = await server.pool.query('select hash from api_keys where id = $1', [id]);
    expect(rows[0].hash.toString('hex')).toBe(createHash('sha256').update(key).digest('hex'));
    for (const path of ['/api/v1/api-keys', '/api/v1/audit-log']) {
      expect((await server.call({ path, as: owner.headers })).text).not.toContain(key);
    }
  });

  test.each(['', 'nonsense', `oct_${'a'.repeat(43)}`])('that is none of ours (%j) is a 401', async key => {
    expect((await me({ 'x-octopods-auth': key })).body).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('works beside its successor until the overlap is over, then is deprecated', async () => {
    const old = await make('rotating');
    const rotated = await server.call({
      path: `/api/v1/api-keys/${old.id}/rotate`,
      json: { overlapHours: 1 },
      as: owner.headers,
    });
    const next = rotated.body as Made;
    expect((await me({ 'x-octopods-auth': old.key })).status).toBe(200);
    expect((await me({ 'x-octopods-auth': next.key })).status).toBe(200);
    expect(await listed(old.id)).toMatchObject({ status: 'rotating', replacedBy: next.id });
    expect(await listed(next.id)).toMatchObject({ name: 'rotating', status: 'active' });

    await server.pool.query("update api_keys set valid_until = now() - interval '1 second' where id = $1", [old.id]);
    expect((await me({ 'x-octopods-auth': old.key })).body).toMatchObject({ status: 400, code: 'DEPRECATED_API_KEY' });
    expect((await me({ 'x-octopods-auth': next.key })).status).toBe(200);
  });

  test('can have one successor only, however many ask at once', async () => {
    const { id } = await make();
    const rotate = () => server.call({ path: `/api/v1/api-keys/${id}/rotate`, json: {}, as: owner.headers });
    const statuses = (await Promise.all([rotate(), rotate(), rotate()])).map(answer => answer.status);
    expect(statuses.sort()).toEqual([201, 400, 400]);
  });

  test('that was revoked is deprecated at once', async () => {
    const { id, key } = await make();
    await server.call({ method: 'DELETE', path: `/api/v1/api-keys/${id}`, as: owner.headers });
    expect((await me({ 'x-octopods-auth': key })).body).toMatchObject({ status: 400, code: 'DEPRECATED_API_KEY' });
    expect(await listed(id)).toMatchObject({ status: 'deprecated', revokedAt: expect.any(String) });
  });
});
