import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import { parse } from 'yaml';
import type { RawRequest, SetUpContext, StoredMedia } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import { createHttp, type Exchange } from '../../kit/http.ts';
import { parseJson } from '../../kit/json.ts';
import { rawRequest } from '../../kit/request.ts';
import { hmac } from '../../kit/signatures.ts';
import { GraphContract } from './contract.testing.ts';
import type { WhatsAppConfig } from './manifest.ts';
import { normalise } from './normalise.ts';

/** What this adapter's tests share: published contracts, deliveries as requests, and a Graph API to call. */

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** False where the published contracts are not at hand: tests that need them are skipped then, unless they are required. */
export const hasShared = existsSync(shared) || process.env.OCTOPODS_REQUIRE_SHARED === '1';

if (!hasShared)
  process.stderr.write('WhatsApp: the contracts in ../shared are missing, tests against them are skipped.\n');

export function readShared<T>(path: string): T {
  return parseJson(readFileSync(`${shared}${path}`, 'utf8')) as T;
}

export function sharedFiles(folder: string, prefix = ''): string[] {
  return readdirSync(`${shared}${folder}`).filter(name => name.startsWith(prefix) && name.endsWith('.json'));
}

let contract: GraphContract | undefined;

function graphContract(): GraphContract {
  const file = `${shared}contracts/whatsapp/business-messaging-api_v23.0.yaml`;
  contract ??= new GraphContract(parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }));
  return contract;
}

export const config: WhatsAppConfig = {
  accessToken: 'EAAnotARealToken',
  phoneNumberId: '700000000000101',
  wabaId: '900000000000001',
  appSecret: 'not-a-real-app-secret',
  verifyToken: 'not-a-real-verify-token',
  number: '+12025550100',
};

export const webhookUrl = 'https://octopods.example/hooks/made0up0hook0token';

/** A delivery as Meta posts it, signed. */
export function webhook(body: unknown, headers?: Record<string, string>): RawRequest {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signed = { 'x-hub-signature-256': `sha256=${hmac('sha256', config.appSecret ?? '', bytes)}` };
  return rawRequest({ method: 'POST', url: webhookUrl, headers: headers ?? signed, body: bytes });
}

export function challenge(query: Record<string, string>): RawRequest {
  return rawRequest({
    method: 'GET',
    url: `${webhookUrl}?${new URLSearchParams(query)}`,
    headers: {},
    body: new Uint8Array(),
  });
}

/** One change in the envelope it comes in. */
export function delivery(value: object, field = 'messages'): object {
  const metadata = { display_phone_number: '12025550100', phone_number_id: config.phoneNumberId };
  const whole = { messaging_product: 'whatsapp', metadata, ...value };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: config.wabaId, changes: [{ field, value: whole }] }],
  };
}

export const ada = { profile: { name: 'Ada Example', username: '@ada' }, wa_id: '447700900417' };

/** The events of one message by Ada. */
export function fromAda(message: object): Event[] {
  const envelope = { from: ada.wa_id, id: 'wamid.A1', timestamp: '1795000000' };
  return normalise(webhook(delivery({ contacts: [ada], messages: [{ ...envelope, ...message }] })), config);
}

// A Graph API to call

export interface ReceivedCall {
  /** Method and path behind the version, as in `POST 700000000000101/messages`. */
  route: string;
  query: Record<string, string>;
  authorization?: string;
  /** JSON, or the fields of a form. */
  body?: unknown;
  files: { name: string; mime: string; bytes: Uint8Array }[];
}

type Reply = { status?: number; headers?: Record<string, string>; body: unknown } | 'drop';

export interface GraphApi {
  calls: ReceivedCall[];
  exchanges: Exchange[];
  /** What in calls and in answers is not as Meta describes it. */
  problems: string[];
  /** Answers the next calls of a route, in order; the last answer stays. `drop` takes the call and hangs up. */
  answer(route: string, ...replies: Reply[]): void;
  /** What the hosts of media hand out, by address. */
  files: Map<string, { status?: number; headers?: Record<string, string>; bytes: Uint8Array }>;
  context(
    over?: Partial<SetUpContext<WhatsAppConfig>>,
    store?: Record<string, StoredMedia>,
  ): SetUpContext<WhatsAppConfig>;
  sent(): unknown[];
  reset(): void;
  close(): Promise<void>;
}

export function graphRefusal(code: number, message: string, over: object = {}, status = 400): Reply {
  return { status, body: { error: { message, type: 'OAuthException', code, fbtrace_id: 'A1b2C3', ...over } } };
}

export async function startGraphApi(): Promise<GraphApi> {
  const calls: ReceivedCall[] = [];
  const exchanges: Exchange[] = [];
  const problems: string[] = [];
  const replies = new Map<string, Reply[]>();
  const files: GraphApi['files'] = new Map();
  const app = Fastify({ bodyLimit: 128 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const host of ['lookaside.fbsbx.com', 'cdn.example']) {
    app.get(`/${host}/*`, async (request, reply) => {
      const url = `https:/${request.url}`;
      calls.push(received(`GET ${url}`, request.headers.authorization));
      const file = files.get(url);
      if (!file) return reply.status(404).send();
      return reply
        .status(file.status ?? 200)
        .headers(file.headers ?? {})
        .send(Buffer.from(file.bytes));
    });
  }
  app.route<{ Params: { '*': string }; Querystring: Record<string, string> }>({
    method: ['GET', 'POST', 'DELETE'],
    url: '/graph.facebook.com/v23.0/*',
    handler: async (request, reply) => {
      const path = request.params['*'];
      const route = `${request.method} ${path}`;
      const type = (request.headers['content-type'] ?? '').split(';')[0] ?? '';
      const call = { ...received(route, request.headers.authorization), query: { ...request.query } };
      Object.assign(call, await readBody(request.headers['content-type'] ?? '', request.body));
      calls.push(call);
      const checked = call.files.length > 0 ? { ...(call.body as object), file: 'bytes' } : call.body;
      problems.push(
        ...graphContract().problemsOfCall(request.method, `/${path}`, Object.keys(call.query), type, checked),
      );
      const waiting = replies.get(route) ?? [];
      const next = (waiting.length > 1 ? waiting.shift() : waiting[0]) ?? { status: 404, body: {} };
      if (next === 'drop') {
        request.raw.socket.destroy();
        return reply;
      }
      problems.push(...graphContract().problemsOfAnswer(request.method, `/${path}`, next.status ?? 200, next.body));
      return reply
        .status(next.status ?? 200)
        .headers(next.headers ?? {})
        .send(next.body);
    },
  });
  const reroute = await app.listen({ host: '127.0.0.1', port: 0 });
  const http = createHttp({ reroute, secrets: [config.accessToken], onExchange: exchange => exchanges.push(exchange) });

  return {
    calls,
    exchanges,
    problems,
    files,
    answer: (route, ...next) => replies.set(route, next),
    context: (over = {}, store = {}) => ({
      config,
      http,
      now: new Date('2026-11-18T12:00:00Z'),
      webhookUrl,
      randomToken: () => 'made0up0token',
      media: {
        read: async part => {
          const stored = store[part.ref];
          if (!stored) throw new Error(`No stored media for ${part.ref}`);
          return stored;
        },
        link: part => `https://octopods.example/media/${part.ref}`,
      },
      ...over,
    }),
    sent: () => calls.filter(({ route }) => route.endsWith('/messages')).map(({ body }) => body),
    reset() {
      calls.length = 0;
      exchanges.length = 0;
      problems.length = 0;
      replies.clear();
      files.clear();
    },
    close: () => app.close(),
  };
}

function received(route: string, authorization: string | undefined): ReceivedCall {
  return { route, query: {}, authorization, files: [] };
}

async function readBody(type: string, body: unknown): Promise<Partial<ReceivedCall>> {
  if (!(body instanceof Buffer) || body.length === 0) return {};
  if (!type.startsWith('multipart/')) return { body: JSON.parse(body.toString()) };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, string> = {};
  const files: ReceivedCall['files'] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else files.push({ name: value.name, mime: value.type, bytes: await value.bytes() });
  }
  return { body: fields, files };
}
