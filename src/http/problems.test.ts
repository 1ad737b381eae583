import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { createPool } from '../db/pool.ts';
import { problemKinds } from '../features/shared/problem-kinds.ts';
import { answerProblems } from './problems.ts';
import { type Member, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let owner: Member;
beforeAll(async () => {
  server = await startTestServer(await testDatabase());
  owner = await server.account('Company');
});
afterAll(() => server.stop());

const json = 'application/json';
const post = (body: string | Uint8Array<ArrayBuffer>, type = json) =>
  server.call({ path: '/api/v1/api-keys', raw: { type, body }, as: owner.headers });

describe('a problem', () => {
  test('is a document that names itself, the request and where it is explained', async () => {
    const answer = await server.call({ path: '/api/v1/nothing' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/docs/errors#not_found',
      title: 'There is nothing here',
      status: 404,
      detail: 'There is nothing here',
      code: 'NOT_FOUND',
      request_id: answer.headers.get('x-request-id'),
      errors: [],
    });
    const explained = await server.call({ path: '/docs/errors' });
    expect(explained.text).toContain('id="not_found"');
  });

  test('never carries a request id that came from outside', async () => {
    const answer = await server.call({ path: '/livez', headers: { 'x-request-id': 'forged' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a body that', () => {
  test.each(['{"name":', '{"name":"a"} {}', "{'name':'a'}", '\u0000'])('is no JSON (%j) is told so', async body => {
    expect((await post(body)).body).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
  });

  test('would reach into prototypes is refused', async () => {
    expect((await post('{"__proto__":{"admin":true},"name":"a"}')).body).toMatchObject({ code: 'MALFORMED_JSON' });
  });

  test('is of another type is told which one is taken', async () => {
    expect((await post('name=a', 'application/x-www-form-urlencoded')).body).toMatchObject({
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
    });
    expect((await post('{}', 'text/plain')).status).toBe(415);
  });

  test('is missing is named as such', async () => {
    const answer = await server.call({
      path: '/api/v1/api-keys',
      method: 'POST',
      as: { ...owner.headers, 'content-type': json },
    });
    expect(answer.body).toMatchObject({ status: 400, code: 'VALIDATION_FAILED', errors: [{ field: '' }] });
  });

  test('is larger than 5 MiB is not read to its end', async () => {
    const answer = await post(JSON.stringify({ name: 'a'.repeat(10 * 1024 * 1024) }));
    expect(answer.body).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  test('is nested without end does not exhaust the stack', async () => {
    const depth = 500_000;
    const answer = await server.call({
      path: '/api/v1/workspaces',
      raw: { type: json, body: `{"platform":"tower","config":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}` },
      as: owner.headers,
    });
    expect(answer.body).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  });

  test.each([
    ['a number for a name', '{"name":7}', 'name'],
    ['an object for a name', '{"name":{}}', 'name'],
    ['a word for an id', '{"name":"a","workspaceId":"seven"}', 'workspaceId'],
    ['a number beyond 2^53 for an id', '{"name":"a","workspaceId":9007199254740993}', 'workspaceId'],
  ])('holds %s has the field named', async (_what, body, field) => {
    expect((await post(body)).body).toMatchObject({ status: 400, errors: [{ field }] });
  });

  test.each([
    ['a lone surrogate', '{"name":"a\\ud800b"}', 'name'],
    ['a lone surrogate deep inside', '{"name":"a","x":[{"y":"\\udc00"}]}', 'x.0.y'],
    ['a NUL character', '{"name":"a\\u0000b"}', 'name'],
    ['a lone surrogate in a field’s name', '{"\\ud800":1,"name":"a"}', ''],
  ])('holds %s has the field named', async (_what, body, field) => {
    expect((await post(body)).body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field }] });
  });
});

describe('an address that', () => {
  test('holds a NUL or a cursor of nobody’s making is told so', async () => {
    for (const query of ['q=%00', 'cursor=%00', 'cursor=bm9uc2Vuc2U', 'limit=0', 'limit=many', 'sort=colour']) {
      const answer = await server.call({ path: `/api/v1/channels?${query}`, as: owner.headers });
      expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: query.split('=')[0] }] });
    }
  });

  test('has an id that is none is told so', async () => {
    expect((await server.call({ path: '/api/v1/channels/seven', as: owner.headers })).body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'id' }],
    });
  });

  test('is badly encoded is told so', async () => {
    expect((await server.call({ path: '/api/v1/channels/%E0%A4%A' })).body).toMatchObject({ code: 'BAD_REQUEST' });
  });
});

test('what is not even HTTP gets a problem document, and the server lives on', async () => {
  expect(await speak('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[\s\S]*"code":"BAD_REQUEST"/);
  expect(await speak(`GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/,
  );
  expect((await server.call({ path: '/livez' })).status).toBe(200);
});

test('docs/errors.md says what the API says', async () => {
  const text = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(
    Object.entries(problemKinds).map(([code, kind]) => [code, String(kind.status), kind.title, kind.remedy]),
  );
});

test('a fault of ours shows nothing of what is inside', async () => {
  const broken = await startTestServer(await testDatabase());
  await broken.pool.query('drop table sessions cascade');
  const answer = await broken.call({ path: '/api/v1/me', as: owner.headers });
  expect(answer.body).toMatchObject({ status: 500, code: 'INTERNAL', detail: 'Something went wrong on our side' });
  expect(answer.text).not.toContain('sessions');
  await broken.stop();
});

test('an unreachable database is a 503 that asks to come again', async () => {
  const pool = createPool('postgres://nobody@127.0.0.1:1/nothing');
  const app = Fastify();
  answerProblems(app);
  app.get('/', () => pool.query('select 1'));
  const answer = await app.inject('/');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ code: 'UNAVAILABLE', detail: 'The database cannot be reached.' });
  expect(answer.headers['retry-after']).toBe('5');
  await app.close();
  await pool.end();
});

/** Sends bytes over a bare connection and returns the answer. */
function speak(text: string): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let heard = '';
    socket.on('data', data => {
      heard += data;
    });
    socket.on('end', () => resolve(heard));
    socket.on('error', reject);
  });
}
