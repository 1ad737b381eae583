import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../contract/adapter.ts';
import type { Failure } from '../contract/failure.ts';
import { FailureError } from './failure.ts';
import { createHttp, type Exchange, type HttpOptions, redactor } from './http.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on a port of its own; returns its origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureOf(request: HttpRequest, options?: HttpOptions): Promise<Failure> {
  const error: unknown = await createHttp(options)
    .request(request)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof FailureError)) throw new Error(`It did not fail with a failure: ${error}`);
  return error.failure;
}

/** Nothing listens there. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

describe('what is sent', () => {
  test.each<[string, Partial<HttpRequest>, string, RegExp]>([
    ['JSON, ids unrounded', { json: { id: 9007199254740993n } }, 'application/json', /^{"id":9007199254740993}$/],
    ['a form', { form: { a: 'x y', b: 'ü&' } }, 'application/x-www-form-urlencoded', /^a=x\+y&b=%C3%BC%26$/],
    [
      'files',
      {
        multipart: {
          fields: { to: '7' },
          files: [{ field: 'f', name: 'ü.txt', mime: 'text/plain', bytes: Buffer.from('hi') }],
        },
      },
      'multipart/form-data; boundary=',
      /name="to"\r\n\r\n7\r\n[\s\S]*name="f"; filename="ü\.txt"\r\nContent-Type: text\/plain\r\n\r\nhi\r\n/,
    ],
    ['bytes', { body: Buffer.from('raw'), headers: { 'Content-Type': 'image/png' } }, 'image/png', /^raw$/],
  ])('%s, by POST', async (_what, request, type, body) => {
    let seen: { request: IncomingMessage; body: string } | undefined;
    const url = await serve(async (incoming, answer) => {
      seen = { request: incoming, body: await text(incoming) };
      answer.end('{"ok":true}');
    });
    const answer = await createHttp().request({ url, ...request });
    expect(answer.json()).toEqual({ ok: true });
    expect(seen?.request.method).toBe('POST');
    expect(seen?.request.headers['content-type']).toContain(type);
    expect(seen?.body).toMatch(body);
  });

  test('any status is an answer, and a body that is no JSON is undefined as JSON', async () => {
    const url = await serve((_request, answer) => {
      answer.writeHead(503, { 'X-Request-Id': 'r-1', 'Set-Cookie': ['a=1', 'b=2'] }).end('<busy>');
    });
    const exchanges: Exchange[] = [];
    const answer = await createHttp({ onExchange: exchange => exchanges.push(exchange) }).request({ url });
    expect(answer).toMatchObject({ status: 503, headers: { 'x-request-id': 'r-1', 'set-cookie': 'a=1, b=2' } });
    expect(answer.text()).toBe('<busy>');
    expect(answer.json()).toBeUndefined();
    expect(exchanges).toMatchObject([{ method: 'GET', url, status: 503, requestId: 'r-1' }]);
  });
});

describe('when no answer comes', () => {
  const silence: RequestListener = () => undefined;
  const cut: RequestListener = request => request.socket.destroy();
  const half: RequestListener = (_request, answer) => {
    answer.writeHead(200, { 'content-length': '100' });
    answer.write('half', () => answer.destroy());
  };

  test.each([
    ['silence', silence],
    ['a cut connection', cut],
    ['half an answer', half],
  ])('after a POST left, %s leaves open what it did', async (_what, listener) => {
    const failure = await failureOf({ url: await serve(listener), json: {}, timeout: 250 });
    expect(failure).toMatchObject({ class: 'temporary', unconfirmed: true });
  });

  test.each<[string, Partial<HttpRequest>]>([
    ['a GET', {}],
    ['a HEAD', { method: 'HEAD' }],
    ['a POST that may be repeated', { json: {}, idempotent: true }],
  ])('nothing is open after %s', async (_what, request) => {
    const failure = await failureOf({ url: await serve(cut), ...request });
    expect(failure.class).toBe('temporary');
    expect(failure.unconfirmed).toBeUndefined();
  });

  test('nothing is open while nobody took the call', async () => {
    const failure = await failureOf({ url: await closedPort(), json: {} });
    expect(failure).toEqual({ class: 'temporary', code: 'ECONNREFUSED', message: expect.any(String) });
  });

  test('nothing is open when the time was over before there was a connection', async () => {
    const guard = { check: () => undefined, lookup: () => undefined };
    const failure = await failureOf(
      { url: 'https://nowhere.example', json: {}, untrusted: true, timeout: 20 },
      { guard },
    );
    expect(failure).toEqual({ class: 'temporary', message: 'nowhere.example did not answer in time.' });
  });

  test('what is no address is never tried again', async () => {
    expect(await failureOf({ url: 'not an address', untrusted: true })).toMatchObject({ class: 'media' });
    expect(await failureOf({ url: '/only/a/path' })).toMatchObject({ class: 'config' });
  });
});

describe('a large answer', () => {
  test.each([
    ['announced', { 'content-length': '3000' }],
    ['unannounced', {}],
  ])('that is %s is not read to its end', async (_what, headers) => {
    const url = await serve((_request, answer) => {
      answer.writeHead(200, headers);
      answer.end(Buffer.alloc(3000));
    });
    expect(await failureOf({ url, maxBytes: 2999 })).toEqual({
      class: 'media',
      message: 'The answer is larger than 2999 bytes.',
    });
    expect((await createHttp().request({ url, maxBytes: 3000 })).bytes).toHaveLength(3000);
  });

  test('to a POST leaves open what the POST did', async () => {
    const url = await serve((_request, answer) => answer.end(Buffer.alloc(10)));
    expect(await failureOf({ url, json: {}, maxBytes: 5 })).toMatchObject({ class: 'media', unconfirmed: true });
  });
});

describe('redirects', () => {
  const credentials = {
    Authorization: 'Bearer not-a-real-token',
    Cookie: 'a=1',
    'X-Api-Key': 'not-a-real-key',
    Accept: '*/*',
  };

  async function chain() {
    const seen: IncomingMessage[] = [];
    const other = await serve((request, answer) => {
      seen.push(request);
      answer.end('there');
    });
    const first = await serve((request, answer) => {
      seen.push(request);
      const location = request.url === '/away' ? `${other}/file` : '/away';
      answer.writeHead(302, { location }).end();
    });
    return { first, seen };
  }

  test('are answers themselves, unless some may be followed', async () => {
    const { first, seen } = await chain();
    expect(await createHttp().request({ url: first })).toMatchObject({ status: 302, headers: { location: '/away' } });
    expect((await createHttp().request({ url: first, redirects: 1 })).status).toBe(302);
    expect(seen.map(request => request.url)).toEqual(['/', '/', '/away']);
  });

  test('keep credentials on the same origin only', async () => {
    const { first, seen } = await chain();
    const answer = await createHttp().request({ url: first, headers: credentials, redirects: 2 });
    expect(answer.text()).toBe('there');
    const given = seen.map(({ headers }) => [
      headers.authorization,
      headers.cookie,
      headers['x-api-key'],
      headers.accept,
    ]);
    const all = ['Bearer not-a-real-token', 'a=1', 'not-a-real-key', '*/*'];
    expect(given).toEqual([all, all, [undefined, undefined, undefined, '*/*']]);
  });

  test('are not followed by what was posted', async () => {
    const { first, seen } = await chain();
    expect((await createHttp().request({ url: first, json: { text: 'once' }, redirects: 3 })).status).toBe(302);
    expect(seen).toHaveLength(1);
  });
});

describe('secrets', () => {
  const secret = "tok/en+7 'x'";

  test.each([
    ['as it is', `/bot${secret}/getMe`, '/bot***/getMe'],
    ['percent-encoded', `/x?token=${encodeURIComponent(secret)}`, '/x?token=***'],
    ['form-encoded', `/x?${new URLSearchParams({ token: secret })}`, '/x?token=***'],
  ])('are not in an exchange’s address, %s', async (_how, path, shown) => {
    const url = await serve((_request, answer) => answer.end());
    const exchanges: Exchange[] = [];
    await createHttp({ secrets: [secret], onExchange: exchange => exchanges.push(exchange) }).request({
      url: url + path,
    });
    expect(exchanges[0]?.url).toBe(url + shown);
  });

  test('are not in an error', async () => {
    const exchanges: Exchange[] = [];
    const guard = {
      check: () => undefined,
      lookup: (host: string, _options: unknown, done: (error: Error, address: string) => void) =>
        done(new Error(`${host} is unknown`), ''),
    };
    const options = { secrets: ['hidden-token'], guard, onExchange: (exchange: Exchange) => exchanges.push(exchange) };
    const failure = await failureOf({ url: 'https://hidden-token.example/', untrusted: true }, options);
    expect(failure.message).toBe('No answer from ***.example: ***.example is unknown');
    expect(exchanges[0]?.error).toBe(failure.message);
  });

  test('that are the beginning of another one leave nothing of it', () => {
    expect(redactor(['token-1', 'token-1234'])('token-1234 and token-1')).toBe('*** and ***');
  });

  test('of a few letters blacken no words', () => {
    expect(redactor(['on'])('one connection')).toBe('one connection');
  });
});

describe('reroute', () => {
  test('leads every host to one place, with its path and query', async () => {
    const seen: string[] = [];
    const sandbox = await serve(async (request, answer) => {
      seen.push(`${request.method} ${request.url} ${(await buffer(request)).length}`);
      answer.end();
    });
    const http = createHttp({ reroute: sandbox });
    await http.request({ url: 'https://api.example.com/v1/send?to=7', json: {} });
    await http.request({ url: 'https://api.example.com:8443' });
    await http.request({ url: `${sandbox}/files/1` });
    // Its port only begins like the sandbox's.
    await http.request({ url: `${sandbox.slice(0, -1)}/x` });
    expect(seen).toEqual([
      'POST /api.example.com/v1/send?to=7 2',
      'GET /api.example.com:8443/ 0',
      'GET /files/1 0',
      `GET /${new URL(sandbox.slice(0, -1)).host}/x 0`,
    ]);
  });
});
