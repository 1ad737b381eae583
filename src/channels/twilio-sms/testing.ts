import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import type { RawRequest, SetUpContext } from '../../contract/adapter.ts';
import { createHttp, type Exchange } from '../../kit/http.ts';
import { parseJson } from '../../kit/json.ts';
import { rawRequest } from '../../kit/request.ts';
import { TwilioContract } from './contract.testing.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/** What this adapter's tests share: published contracts, webhooks as requests, and a Twilio to call. */

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** False where the published contracts are not at hand: tests that need them are skipped then, unless they are required. */
export const hasShared = existsSync(shared) || process.env.OCTOPODS_REQUIRE_SHARED === '1';

if (!hasShared)
  process.stderr.write('Twilio: the contracts in ../shared are missing, tests against them are skipped.\n');

export function readShared<T>(path: string): T {
  return parseJson(readFileSync(`${shared}${path}`, 'utf8')) as T;
}

export function sharedCases<T>(prefix: string): T[] {
  const folder = 'conformance/cases';
  const names = readdirSync(`${shared}${folder}`).filter(name => name.startsWith(prefix));
  return names.map(name => readShared<T>(`${folder}/${name}`));
}

export const accountSid = `AC${'0'.repeat(32)}`;
export const numberSid = `PN${'1'.repeat(32)}`;
export const webhookUrl = 'https://octopods.example/hooks/made0up0hook0token';

export const config: TwilioSmsConfig = {
  accountSid,
  authToken: 'not-a-real-auth-token',
  sender: '+15005550001',
};

/** A SID that nobody has. */
export const sid = (prefix: string, last = '1'): string => `${prefix}${last.padStart(32, '0')}`;

interface WebhookOptions {
  url?: string;
  method?: string;
  headers?: Record<string, string>;
}

export function webhook(
  fields: Readonly<Record<string, string>> | URLSearchParams,
  { url = webhookUrl, method = 'POST', headers = {} }: WebhookOptions = {},
): RawRequest {
  const form = new URLSearchParams(fields).toString();
  return rawRequest({
    method,
    url: method === 'GET' ? `${url}?${form}` : url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: Buffer.from(method === 'GET' ? '' : form),
  });
}

// A Twilio to call

interface ReceivedCall {
  /** `POST https://api.twilio.com/2010-04-01/…`, without the query. */
  what: string;
  query: URLSearchParams;
  form: URLSearchParams;
  authorization: string | undefined;
}

/** An answer; `drop` takes the call and hangs up. */
export type Reply = { status?: number; headers?: Record<string, string>; body?: unknown } | 'drop';

export interface TwilioApi {
  calls: ReceivedCall[];
  exchanges: Exchange[];
  /** What was wrong with the calls, or with the answers made up for them, by Twilio's own description. */
  problems: string[];
  /** Answers the calls whose method and address end so, in order; the last answer stays. */
  answer(what: string, ...replies: Reply[]): void;
  context(over?: Partial<SetUpContext<TwilioSmsConfig>>): SetUpContext<TwilioSmsConfig>;
  reset(): void;
  close(): Promise<void>;
}

export function refusal(status: number, code: number, message = 'Refused'): Reply {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}

export async function startTwilio(): Promise<TwilioApi> {
  const contract = hasShared ? new TwilioContract(readShared) : undefined;
  const calls: ReceivedCall[] = [];
  const exchanges: Exchange[] = [];
  const problems: string[] = [];
  const replies = new Map<string, Reply[]>();
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.all<{ Params: { '*': string } }>('/*', async (request, reply) => {
    const url = new URL(request.url, 'http://localhost');
    const call: ReceivedCall = {
      what: `${request.method} https:/${url.pathname}`,
      query: url.searchParams,
      form: new URLSearchParams(typeof request.body === 'string' ? request.body : ''),
      authorization: request.headers.authorization,
    };
    calls.push(call);
    problems.push(...(contract?.problemsOfCall(call.what, call) ?? []));
    const queue = [...replies].findLast(([what]) => call.what.endsWith(what))?.[1] ?? [];
    const next = (queue.length > 1 ? queue.shift() : queue[0]) ?? refusal(404, 20404, 'Not Found');
    if (next === 'drop') {
      request.raw.socket.destroy();
      return reply;
    }
    problems.push(...(contract?.problemsOfAnswer(call.what, next.status ?? 200, next.body) ?? []));
    return reply
      .status(next.status ?? 200)
      .headers(next.headers ?? {})
      .send(next.body);
  });
  const reroute = await app.listen({ host: '127.0.0.1', port: 0 });
  const secrets = [config.authToken];
  const http = createHttp({ reroute, secrets, onExchange: exchange => exchanges.push(exchange) });

  return {
    calls,
    exchanges,
    problems,
    answer: (what, ...next) => replies.set(what, next),
    context: (over = {}) => ({
      config,
      http,
      now: new Date('2026-01-02T03:04:05Z'),
      webhookUrl,
      randomToken: () => 'made0up0token',
      media: {
        read: async () => {
          throw new Error('Twilio fetches attachments by itself.');
        },
        link: part => `https://octopods.example/media/${part.ref}`,
      },
      ...over,
    }),
    reset() {
      calls.length = 0;
      exchanges.length = 0;
      problems.length = 0;
      replies.clear();
    },
    close: () => app.close(),
  };
}
