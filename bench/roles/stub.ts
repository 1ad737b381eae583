import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Arrivals } from '../arrivals.ts';
import { answerAsRole } from '../role.ts';
import { firstStuck, markIn } from '../traffic.ts';

/**
 * Stands in for Telegram and Intercom, reached as the sandbox is: `/<host>/<path>`. It answers the calls of the path with
 * the fields that our adapters read and nothing else, and notes every message that it takes.
 */
let arrivals = new Arrivals();
/** Of the first tries of messages that are not their conversation's first, one in this many is answered 500. */
let failEvery = Number.POSITIVE_INFINITY;
let failed = new Set<string>();
let made = 0;

type Body = Record<string, unknown>;

const server = createServer((request, response) => void answer(request, response));
server.keepAliveTimeout = 60_000;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [host = '', ...path] = (request.url ?? '').slice(1).split('/');
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  const body: Body = text === '' ? {} : JSON.parse(text);
  const [status, reply] = host.includes('telegram')
    ? telegram(path, body)
    : intercom(`${request.method} /${path.join('/')}`, body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
}

function telegram([bot, method]: string[], body: Body): [number, unknown] {
  if (method === 'getMe')
    return [
      200,
      { ok: true, result: { id: Number(bot?.slice(3).split(':')[0]), is_bot: true, username: 'bench_bot' } },
    ];
  if (method === 'sendMessage') return take(String(body.text), { ok: true, result: { message_id: ++made } });
  return [200, { ok: true, result: true }];
}

function intercom(call: string, body: Body): [number, unknown] {
  if (call === 'GET /me')
    return [200, { id: '9001', name: 'Bench', app: { id_code: 'bench001', name: 'Bench', region: 'US' } }];
  if (call.startsWith('GET /contacts/')) return isStuck(call) ? [500, {}] : [404, { errors: [{ code: 'not_found' }] }];
  if (call === 'POST /contacts') return [200, { id: `contact-${body.external_id}` }];
  if (call === 'POST /conversations') return take(String(body.body), { id: `${++made}`, conversation_id: `${++made}` });
  if (call.endsWith('/reply')) {
    const part = { id: `${++made}`, part_type: 'comment', author: { type: 'user', id: body.intercom_user_id } };
    return take(String(body.body), { conversation_parts: { conversation_parts: [part] } });
  }
  // Asked about a try that was answered 500: it had no effect.
  return [200, { conversation_parts: { conversation_parts: [] } }];
}

function isStuck(call: string): boolean {
  return Number(/\d+$/.exec(call)?.[0]) > firstStuck;
}

function take(text: string, reply: Body): [number, unknown] {
  const mark = markIn(text);
  if (!mark) return [200, reply];
  const name = `${mark.conversation} ${mark.n}`;
  if (mark.n > 0 && (mark.conversation * 31 + mark.n * 17) % failEvery === 0 && !failed.has(name)) {
    failed.add(name);
    return [500, {}];
  }
  arrivals.add(mark);
  return [200, reply];
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');

const commands = {
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  /** Forgets what came, and fails one first try in `every` from now on; null: none. */
  reset(every: number | null) {
    arrivals = new Arrivals();
    failed = new Set();
    failEvery = every ?? Number.POSITIVE_INFINITY;
  },
  taken: () => arrivals.taken,
  report: () => arrivals.report(),
};
export type StubCommands = typeof commands;
answerAsRole(commands, () => void server.close());
