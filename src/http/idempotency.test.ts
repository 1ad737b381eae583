import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { forgetAnswers } from './idempotency.ts';
import { type Member, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let owner: Member;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
  owner = await server.account('Company');
});
afterAll(() => server.stop());

const make = (key: string, json: unknown = { name: 'a' }, as = owner.headers) =>
  server.call({ path: '/api/v1/api-keys', json, as, headers: { 'idempotency-key': key } });

async function keys(): Promise<number> {
  const { rows } = await server.pool.query<{ count: number }>('select count(*) from api_keys');
  return rows[0]?.count ?? 0;
}

describe('a POST sent again with the same Idempotency-Key', () => {
  test('is answered as before, word for word, and done once', async () => {
    const first = await make('again');
    const before = await keys();
    const second = await make('again');
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await keys()).toBe(before);
  });

  test('is done once, however many come at once', async () => {
    const before = await keys();
    const answers = await Promise.all(Array.from({ length: 8 }, () => make('at once')));
    expect(await keys()).toBe(before + 1);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    expect(answers.filter(answer => answer.status === 409).map(answer => answer.body)).toSatisfy(
      (bodies: { code: string }[]) => bodies.every(body => body.code === 'IDEMPOTENCY_IN_PROGRESS'),
    );
    expect((await make('at once')).headers.get('idempotency-replayed')).toBe('true');
  });

  test('but another body is refused', async () => {
    await make('reused');
    expect((await make('reused', { name: 'b' })).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('by somebody else is another request', async () => {
    const admin = await server.member(owner.accountId, 'admin');
    const [mine, theirs] = [await make('shared'), await make('shared', { name: 'a' }, admin.headers)];
    expect(theirs.text).not.toBe(mine.text);
  });

  test('after it was refused is tried anew', async () => {
    const workspaceId = '0198f3c2-0000-7000-8000-000000000000';
    expect((await make('refused', { name: 'a', workspaceId })).status).toBe(404);
    expect((await make('refused', { name: 'a', workspaceId })).headers.get('idempotency-replayed')).toBeNull();
    expect((await make('refused')).status).toBe(201);
  });

  test('after the process died with it is done by the next one', async () => {
    await make('died');
    await server.pool.query("update idempotency_keys set status = null, answer = null where key = 'died'");
    expect((await make('died')).body).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
    await server.pool.query(
      "update idempotency_keys set locked_until = now() - interval '1 second' where key = 'died'",
    );
    expect((await make('died')).status).toBe(201);
  });

  test('a day later is a new request, and what was kept of it is gone', async () => {
    const first = await make('old');
    await server.pool.query("update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'");
    const second = await make('old');
    expect(second.status).toBe(201);
    expect(second.text).not.toBe(first.text);
    await server.pool.query("update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'");
    expect(await forgetAnswers(server.db)).toBe(1);
  });
});

test('what is kept of an answer cannot be read in the database', async () => {
  const made = await make('sealed');
  const { rows } = await server.pool.query('select answer from idempotency_keys where answer is not null');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain((made.body as { key: string }).key);
});
