import { Agent, type Dispatcher, FormData, request as undiciRequest } from 'undici';
import type { Http, HttpRequest, HttpResponse } from '../contract/adapter.ts';
import type { Failure } from '../contract/failure.ts';
import { FailureError } from './failure.ts';
import { parseJson, toJson } from './json.ts';
import { publicLookup, refusePrivate } from './ssrf.ts';

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
   * Sends calls for vendor hosts elsewhere: `https://api.telegram.org/x` goes to `<reroute>/api.telegram.org/x`. The sandbox
   * stands there. Addresses that start with `reroute` itself are fetched as they are.
   */
  reroute?: string;
}

const vendors = new Agent({ keepAliveTimeout: 30_000, connections: 64, connect: { timeout: 10_000 } });
const strangers = new Agent({ keepAliveTimeout: 1_000, connect: { timeout: 10_000, lookup: publicLookup } });

/** Makes the {@link Http} that an adapter is handed. */
export function createHttp(options: HttpOptions = {}): Http {
  const redact = redactor(options.secrets ?? []);
  return {
    async request(request) {
      const startedAt = new Date();
      const exchange: Exchange = {
        method: request.method ?? (hasBody(request) ? 'POST' : 'GET'),
        url: redact(request.url),
        startedAt,
        milliseconds: 0,
      };
      const began = performance.now();
      try {
        const response = await follow(request, exchange.method, options.reroute);
        exchange.status = response.status;
        exchange.requestId = requestIdOf(response.headers);
        return response;
      } catch (error) {
        const failure = failureFrom(error, request, redact);
        exchange.error = failure.message;
        throw new FailureError(failure);
      } finally {
        exchange.milliseconds = Math.round(performance.now() - began);
        options.onExchange?.(exchange);
      }
    },
  };
}

async function follow(request: HttpRequest, method: string, reroute: string | undefined): Promise<HttpResponse> {
  let url = new URL(request.url);
  let headers = request.headers ?? {};
  for (let hops = request.redirects ?? 0; ; hops--) {
    const response = await exchangeOnce(request, method, url, headers, reroute);
    const location = response.headers.location;
    if (response.status < 300 || response.status > 399 || location === undefined || hops <= 0) return response;
    const next = new URL(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

async function exchangeOnce(
  request: HttpRequest,
  method: string,
  url: URL,
  headers: Record<string, string>,
  reroute: string | undefined,
): Promise<HttpResponse> {
  const target = reroute === undefined ? url : rerouted(url, reroute);
  if (request.untrusted && reroute === undefined) refusePrivate(url);
  const { body, type } = encode(request);
  const answer = await undiciRequest(target, {
    method: method as Dispatcher.HttpMethod,
    headers: { 'user-agent': 'Octopods', ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    body,
    dispatcher: request.untrusted && reroute === undefined ? strangers : vendors,
    signal: AbortSignal.timeout(request.timeout ?? 15_000),
  });
  const bytes = await readAll(answer.body, request.maxBytes ?? 5 * 1024 * 1024);
  return response(answer.statusCode, answer.headers, bytes);
}

function rerouted(url: URL, reroute: string): URL {
  return url.href.startsWith(reroute) ? url : new URL(`${reroute}/${url.host}${url.pathname}${url.search}`);
}

function response(status: number, raw: Record<string, string | string[] | undefined>, bytes: Uint8Array): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
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

async function readAll(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new FailureError({ class: 'media', message: `The answer is larger than ${limit} bytes.` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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

function hasBody(request: HttpRequest): boolean {
  return [request.json, request.form, request.multipart, request.body].some(body => body !== undefined);
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|x-.*(token|key|auth).*)$/i.test(name)),
  );
}

function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  return headers['x-request-id'] ?? headers['x-fb-trace-id'] ?? headers['x-line-request-id'] ?? headers['twilio-request-id'] ?? headers['request-id'];
}

/** Errors that can only happen before any byte of the request left. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function failureFrom(error: unknown, request: HttpRequest, redact: (text: string) => string): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FailureError) return cause.failure;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const timedOut = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  const never = code !== undefined && beforeSending.has(code);
  const host = URL.parse(request.url)?.host ?? 'an address that is none';
  const words = timedOut
    ? `${host} did not answer in time.`
    : `No answer from ${host}: ${redact(error instanceof Error ? error.message : String(error))}`;
  const harmless = never || request.idempotent || (request.method ?? (hasBody(request) ? 'POST' : 'GET')) === 'GET';
  return {
    class: 'temporary',
    message: words,
    ...(code === undefined ? {} : { code }),
    ...(harmless ? {} : { unconfirmed: true }),
  };
}

/** Replaces every secret, also in its URL-encoded form, by "***". Secrets shorter than 6 characters are left alone. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const needles = [...new Set(secrets.flatMap(secret => [secret, encodeURIComponent(secret)]))].filter(
    s => s.length >= 6,
  );
  return text => needles.reduce((clean, needle) => clean.replaceAll(needle, '***'), text);
}
