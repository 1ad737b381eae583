import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import type { RawRequest, SetUpContext, StoredMedia } from '../../contract/adapter.ts';
import { createHttp, type Exchange } from '../../kit/http.ts';
import { parseJson } from '../../kit/json.ts';
import { rawRequest } from '../../kit/request.ts';
import type { TelegramConfig } from './manifest.ts';

/** What this adapter's tests share: published contracts, updates as requests, and a Bot API to call. */

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** False where the published contracts are not at hand: tests that need them are skipped then, unless they are required. */
export const hasShared = existsSync(shared) || process.env.OCTOPODS_REQUIRE_SHARED === '1';

if (!hasShared)
  process.stderr.write('Telegram: the contracts in ../shared are missing, tests against them are skipped.\n');

export function readShared<T>(path: string): T {
  return parseJson(readFileSync(`${shared}${path}`, 'utf8')) as T;
}

export function sharedCases<T>(prefix: string): T[] {
  const folder = 'conformance/cases';
  const names = readdirSync(`${shared}${folder}`).filter(name => name.startsWith(prefix));
  return names.map(name => readShared<T>(`${folder}/${name}`));
}

export const config: TelegramConfig = {
  token: '7001:not-a-real-token',
  secretToken: 'not-a-real-secret',
  username: 'example_desk_bot',
};

export function webhook(body: unknown, headers: Record<string, string> = {}): RawRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return rawRequest({ method: 'POST', url: 'https://octopods.example/hooks/x', headers, body: Buffer.from(text) });
}

// The Bot API as data

interface Field {
  name: string;
  types: string[];
  required: boolean;
  description: string;
}

export interface BotApiSpec {
  methods: Record<string, { fields?: Field[] }>;
  types: Record<string, { fields?: Field[] }>;
}

/** What is wrong with the fields of a call, or of an object inside it. */
export function problems(spec: BotApiSpec, fields: Field[], given: Readonly<Record<string, unknown>>): string[] {
  const known = new Map(fields.map(field => [field.name, field]));
  const missing = fields.filter(field => field.required && given[field.name] === undefined);
  const inside = Object.entries(given).flatMap(([name, value]) => {
    const field = known.get(name);
    if (!field) return [`${name} is not known`];
    return field.types.some(type => fits(spec, type, value)) ? [] : [`${name} is no ${field.types.join(' or ')}`];
  });
  return [...missing.map(field => `${field.name} is missing`), ...inside];
}

function fits(spec: BotApiSpec, type: string, value: unknown): boolean {
  if (type.startsWith('Array of '))
    return Array.isArray(value) && value.every(entry => fits(spec, type.slice(9), entry));
  switch (type) {
    case 'Integer':
      return Number.isInteger(value);
    case 'Float':
      return typeof value === 'number';
    case 'String':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'InputFile':
      return value instanceof Uint8Array;
    default: {
      const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
      return isObject && problems(spec, spec.types[type]?.fields ?? [], value as Record<string, unknown>).length === 0;
    }
  }
}

// A Bot API to call

interface ReceivedCall {
  method: string;
  fields: Record<string, unknown>;
  files: Record<string, { name: string; mime: string; bytes: Uint8Array }>;
}

/** An answer by status and body; `drop` takes the call and hangs up. */
type Reply = { status?: number; body: unknown } | 'drop';

export interface BotApi {
  calls: ReceivedCall[];
  exchanges: Exchange[];
  /** Answers the next calls of a method, in order; after them, and for other methods, a call succeeds. */
  answer(method: string, ...replies: Reply[]): void;
  files: Map<string, Uint8Array>;
  context(
    over?: Partial<SetUpContext<TelegramConfig>>,
    store?: Record<string, StoredMedia>,
  ): SetUpContext<TelegramConfig>;
  reset(): void;
  close(): Promise<void>;
}

export function refusal(code: number, description: string, parameters?: object): Reply {
  return { status: code, body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) } };
}

export function result(value: unknown): Reply {
  return { body: { ok: true, result: value } };
}

export async function startBotApi(): Promise<BotApi> {
  const calls: ReceivedCall[] = [];
  const exchanges: Exchange[] = [];
  const replies = new Map<string, Reply[]>();
  const files = new Map<string, Uint8Array>();
  const app = Fastify({ bodyLimit: 64 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get<{ Params: { '*': string } }>('/api.telegram.org/file/*', async (request, reply) => {
    const bytes = files.get(request.params['*']);
    return bytes ? reply.send(Buffer.from(bytes)) : reply.status(404).send({ ok: false, description: 'Not Found' });
  });
  app.post<{ Params: { bot: string; method: string } }>('/api.telegram.org/:bot/:method', async (request, reply) => {
    const { bot, method } = request.params;
    if (bot !== `bot${config.token}`)
      return reply.status(401).send({ ok: false, error_code: 401, description: 'Unauthorized' });
    calls.push({ method, ...(await readBody(request.headers['content-type'] ?? '', request.body as Buffer)) });
    const next = replies.get(method)?.shift() ?? result({ message_id: 501, date: 1, chat: { id: 1, type: 'private' } });
    if (next !== 'drop') return reply.status(next.status ?? 200).send(next.body);
    request.raw.socket.destroy();
    return reply;
  });
  const reroute = await app.listen({ host: '127.0.0.1', port: 0 });
  const http = createHttp({ reroute, secrets: [config.token], onExchange: exchange => exchanges.push(exchange) });

  return {
    calls,
    exchanges,
    files,
    answer: (method, ...next) => replies.set(method, next),
    context: (over = {}, store = {}) => ({
      config,
      http,
      now: new Date('2026-01-02T03:04:05Z'),
      webhookUrl: 'https://octopods.example/hooks/abc',
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
    reset() {
      calls.length = 0;
      exchanges.length = 0;
      replies.clear();
    },
    close: () => app.close(),
  };
}

async function readBody(type: string, body: Buffer): Promise<Omit<ReceivedCall, 'method'>> {
  if (!type.startsWith('multipart/')) return { fields: JSON.parse(body.toString()), files: {} };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const received: Omit<ReceivedCall, 'method'> = { fields: {}, files: {} };
  for (const [name, value] of form) {
    if (typeof value === 'string') received.fields[name] = plain(name, value);
    else received.files[name] = { name: value.name, mime: value.type, bytes: await value.bytes() };
  }
  return received;
}

/** Multipart fields are text: what is no words is written as JSON. */
function plain(name: string, value: string): unknown {
  return ['chat_id', 'caption', 'business_connection_id'].includes(name) ? value : JSON.parse(value);
}
