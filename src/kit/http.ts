import { Agent, type Dispatcher, FormData } from 'undici';
import type { Http, HttpRequest, HttpResponse } from '../contract/adapter.ts';
import type { Failure } from '../contract/failure.ts';
import { FailureError } from './failure.ts';
import { parseJson, toJson } from './json.ts';
import { createGuard, type Guard } from './ssrf.ts';
import { type Answer, send } from './transport.ts';

/** One exchange with a vendor, as the trace shows it. Holds no secret: the address and the error are redacted. */
export interface Exchange {
  method: string;
  url: string;
  /** Absent when no answer came. */
  status?: number;
  /** The vendor's request id, from the usual headers. */
  requestId?: string;
  startedAt: Date;
  milliseconds: number;
  error?: string;
}

export interface HttpOptions {
  /** Values that must never be seen in a trace or an error: tokens, secrets. */
  secrets?: readonly string[];
  /** Told of every exchange once it is over. */
  onExchange?(exchange: Exchange): void;
  /**
   * Sends calls for vendor hosts elsewhere: `https://api.example.com/x` goes to `<reroute>/api.example.com/x`. The sandbox
   * stands there. Addresses below `reroute` itself are fetched as they are.
   */
  reroute?: string;
  /** Judges addresses that strangers gave. Absent: the public internet only. */
  guard?: Guard;
}

const vendors = new Agent({ keepAliveTimeout: 30_000, connections: 64, connect: { timeout: 10_000 } });
const publicInternet = createGuard();
const strangers = agentBehind(publicInternet);

function agentBehind({ lookup }: Guard): Agent {
  return new Agent({ keepAliveTimeout: 1_000, connect: { timeout: 10_000, lookup } });
}

/** Makes the {@link Http} that an adapter is handed. */
export function createHttp(options: HttpOptions = {}): Http {
  const redact = redactor(options.secrets ?? []);
  const guard = options.guard ?? publicInternet;
  const ways: Ways = { reroute: options.reroute, guard, strangers: options.guard ? agentBehind(guard) : strangers };
  return {
    async request(request) {
      const exchange: Exchange = {
        method: methodOf(request),
        url: redact(request.url),
        startedAt: new Date(),
        milliseconds: 0,
      };
      const began = performance.now();
      let sent = false;
      try {
        const answer = await follow(request, ways, () => {
          sent = true;
        });
        exchange.status = answer.status;
        exchange.requestId = requestIdOf(answer.headers);
        return withReaders(answer);
      } catch (error) {
        const failure = failureFrom(error, request, sent);
        const message = redact(failure.message);
        exchange.error = message;
        throw new FailureError({ ...failure, message });
      } finally {
        exchange.milliseconds = Math.round(performance.now() - began);
        options.onExchange?.(exchange);
      }
    },
  };
}

interface Ways {
  reroute: string | undefined;
  guard: Guard;
  /** For addresses that the guard has to judge. */
  strangers: Dispatcher;
}

/** The exchange with as many redirects as the request allows. Only reads are redirected: nothing is posted twice. */
async function follow(request: HttpRequest, ways: Ways, onSent: () => void): Promise<Answer> {
  const signal = AbortSignal.timeout(request.timeout ?? 15_000);
  let hops = isRead(request) ? (request.redirects ?? 0) : 0;
  let url = URL.parse(request.url);
  if (!url) throw notAnAddress(request);
  let headers = lowerCased(request.headers ?? {});
  for (;;) {
    const answer = await exchangeOnce(request, { url, headers, signal, ways, onSent });
    const next = redirectOf(answer, url);
    if (!next || hops-- <= 0) return answer;
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

function exchangeOnce(
  request: HttpRequest,
  hop: { url: URL; headers: Record<string, string>; signal: AbortSignal; ways: Ways; onSent: () => void },
): Promise<Answer> {
  const { reroute, guard, strangers } = hop.ways;
  const guarded = request.untrusted === true && reroute === undefined;
  if (guarded) guard.check(hop.url);
  const target = reroute === undefined ? hop.url : rerouted(hop.url, reroute);
  const { body, type } = encode(request);
  return send({
    dispatcher: guarded ? strangers : vendors,
    request: {
      origin: target.origin,
      path: target.pathname + target.search,
      method: methodOf(request),
      headers: { 'user-agent': 'Octopods', ...(type === undefined ? {} : { 'content-type': type }), ...hop.headers },
      body,
    },
    signal: hop.signal,
    maxBytes: request.maxBytes ?? 5 * 1024 * 1024,
    onSent: hop.onSent,
  });
}

function redirectOf({ status, headers }: Answer, from: URL): URL | null {
  return status >= 300 && status <= 399 && headers.location !== undefined
    ? URL.parse(headers.location, from.href)
    : null;
}

function rerouted(url: URL, reroute: string): URL {
  return url.href.startsWith(`${reroute}/`) ? url : new URL(`${reroute}/${url.host}${url.pathname}${url.search}`);
}

function withReaders({ status, headers, bytes }: Answer): HttpResponse {
  const text = () => new TextDecoder().decode(bytes);
  return {
    status,
    headers,
    bytes,
    text,
    json() {
      try {
        return parseJson(text());
      } catch {
        return undefined;
      }
    },
  };
}

function encode(request: HttpRequest): { body?: Buffer | string | FormData; type?: string } {
  if (request.json !== undefined) return { body: toJson(request.json), type: 'application/json' };
  if (request.form) {
    return { body: new URLSearchParams(request.form).toString(), type: 'application/x-www-form-urlencoded' };
  }
  if (request.multipart) {
    const form = new FormData();
    for (const [name, value] of Object.entries(request.multipart.fields)) form.append(name, value);
    for (const file of request.multipart.files) {
      form.append(file.field, new Blob([Buffer.from(file.bytes)], { type: file.mime }), file.name);
    }
    return { body: form };
  }
  return request.body ? { body: Buffer.from(request.body) } : {};
}

function methodOf(request: HttpRequest): NonNullable<HttpRequest['method']> {
  const hasBody = [request.json, request.form, request.multipart, request.body].some(body => body !== undefined);
  return request.method ?? (hasBody ? 'POST' : 'GET');
}

function isRead(request: HttpRequest): boolean {
  return ['GET', 'HEAD'].includes(methodOf(request));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/auth|cookie|token|secret|key/.test(name)));
}

function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  return ['x-request-id', 'x-fb-trace-id', 'x-line-request-id', 'twilio-request-id', 'request-id']
    .map(name => headers[name])
    .find(id => id !== undefined);
}

function notAnAddress(request: HttpRequest): FailureError {
  return new FailureError({
    class: request.untrusted ? 'media' : 'config',
    message: 'Not fetched: that is no address.',
  });
}

function failureFrom(error: unknown, request: HttpRequest, sent: boolean): Failure {
  const uncertain = sent && !request.idempotent && !isRead(request) ? { unconfirmed: true } : {};
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FailureError) return { ...cause.failure, ...uncertain };
  }
  const host = URL.parse(request.url)?.host;
  const reason = error instanceof Error ? error.message : String(error);
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  // A DOMException's code is a number of its own kind and says nothing here.
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    class: 'temporary',
    message: timedOut ? `${host} did not answer in time.` : `No answer from ${host}: ${reason}`,
    ...(code === undefined ? {} : { code }),
    ...uncertain,
  };
}

/**
 * Replaces every secret by "***", also as it stands in a query or a form. Secrets shorter than 6 characters are left alone:
 * they would blacken words that have nothing to do with them.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter(secret => secret.length >= 6)
    .flatMap(secret => [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)]);
  // The longest first: one secret may be the beginning of another.
  const needles = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return text => needles.reduce((clean, needle) => clean.replaceAll(needle, '***'), text);
}
