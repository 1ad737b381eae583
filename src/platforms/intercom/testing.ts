import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import Fastify from 'fastify';
import type { Context, RawRequest, SetUpContext } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import type { MediaPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { createHttp } from '../../kit/http.ts';
import { rawRequest } from '../../kit/request.ts';
import type { IntercomConfig } from './manifest.ts';

// What the tests of this adapter share: the vendor's published contract, and a small server that answers as a test says.

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));

/** False where the vendor contracts are not at hand; tests that need them are skipped then. */
export const hasShared = existsSync(shared);
if (!hasShared && process.env.OCTOPODS_REQUIRE_SHARED === '1') {
  throw new Error(`The vendor contracts are missing: there is no folder ${shared}.`);
}

/** A JSON file of the Intercom contract; undefined where the contracts are missing. */
export function contract<T>(name: string): T | undefined {
  return hasShared ? (JSON.parse(readFileSync(`${shared}contracts/intercom/${name}`, 'utf8')) as T) : undefined;
}

/** The public conformance cases for Intercom. */
export function conformanceCases<T>(): T[] {
  if (!hasShared) return [];
  const folder = `${shared}conformance/cases/`;
  return readdirSync(folder)
    .filter(name => name.startsWith('intercom-'))
    .map(name => JSON.parse(readFileSync(folder + name, 'utf8')) as T);
}

/** A webhook as it comes in. */
export function webhook(body: unknown, headers: Record<string, string> = {}): RawRequest {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return rawRequest({ method: 'POST', url: 'https://octopods.example/hooks/abc', headers, body: bytes });
}

/** What the customer would read, images and files as their names. */
export function said(events: Event[]): string[] {
  return events.flatMap(event =>
    event.type === 'message'
      ? event.parts.map(part => ('text' in part ? part.text : 'name' in part ? String(part.name) : part.kind))
      : [],
  );
}

export const typesOf = (events: Event[]) => events.map(event => event.type);

interface Seen {
  method: string;
  host: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  json: unknown;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  bytes?: Uint8Array;
}

/** What the server answers: by "METHOD /path", either always the same or from what was asked. */
export type Answers = Record<string, Reply | ((request: Seen) => Reply)>;

export interface Vendor {
  /** Every request so far, in order. */
  seen: Seen[];
  /** The same as "METHOD host/path", the shortest form in which a test can say what must have been called. */
  calls(): string[];
  /** Requests that the vendor's own description does not allow. */
  violations: string[];
  /** Changes or adds answers. */
  answer(answers: Answers): void;
  context(config?: Partial<IntercomConfig>, now?: Date): SetUpContext<IntercomConfig>;
  close(): Promise<void>;
}

export const config: IntercomConfig = {
  accessToken: 'token-for-tests-only',
  clientSecret: 'client-secret-for-tests-only',
  region: 'US',
  appId: 'fake0001',
  adminId: '9000001',
};

const now = new Date('2026-11-25T12:00:00Z');

/** Starts a stand-in for Intercom. What a test does not mention answers 404, as Intercom does. */
export async function startVendor(answers: Answers = {}): Promise<Vendor> {
  const current: Answers = { ...answers };
  const seen: Seen[] = [];
  const violations: string[] = [];
  const server = Fastify({ bodyLimit: 128 * 1024 * 1024, forceCloseConnections: true });
  server.all('*', async (request, reply) => {
    const [, host = '', ...rest] = request.url.split('/');
    const path = `/${rest.join('/')}`;
    const { method, headers, body } = request;
    const asked: Seen = { method, host, path, headers, json: body };
    seen.push(asked);
    violations.push(...violationsOf(asked));
    const found = current[`${method} ${path}`] ?? current[`${method} ${host}${path}`];
    const answer =
      typeof found === 'function' ? found(asked) : (found ?? error(404, 'not_found', 'Resource Not Found'));
    reply.code(answer.status ?? 200).headers(answer.headers ?? {});
    return answer.bytes === undefined ? reply.send(answer.json) : reply.send(Buffer.from(answer.bytes));
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const http = createHttp({ reroute: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` });
  return {
    seen,
    violations,
    calls: () => seen.map(({ method, host, path }) => `${method} ${host}${path}`),
    answer: more => {
      Object.assign(current, more);
    },
    context: (changes = {}, at = now) => ({
      config: { ...config, ...changes },
      http,
      media: media({}),
      now: at,
      webhookUrl: 'https://octopods.example/hooks/abc',
      randomToken: () => 'fakefakefakefake',
    }),
    close: () => server.close(),
  };
}

/** The vendor's form of an error. */
export function error(status: number, code: string, message: string, headers: Record<string, string> = {}): Reply {
  const json = { type: 'error.list', request_id: 'fake-request', errors: [{ code, message }] };
  return { status, headers, json };
}

/** A media store with these files by `ref`; all others are gone. */
export function media(
  files: Record<string, { bytes: Uint8Array; mime: string; name: string }>,
): Context<unknown>['media'] {
  return {
    async read(part: MediaPart) {
      const file = files[part.ref];
      if (!file) throw new FailureError({ class: 'media', message: 'The attachment is gone.' });
      return file;
    },
    link: part => `https://octopods.example/media/${part.ref}`,
  };
}

interface Description {
  paths: Record<string, Record<string, { requestBody?: unknown } | undefined>>;
}

const description = contract<Description>('intercom-openapi-2.14.trimmed.json');
// Formats are left out: the description calls 24 hex digits a UUID, and Unix seconds a date-time.
const ajv = new Ajv({ strict: false, validateFormats: false });
if (description) ajv.addSchema({ $id: 'intercom', ...withoutLooseNullables(description) });
const compiled = new Map<string, ValidateFunction>();

function violationsOf({ method, host, path, json }: Seen): string[] {
  if (!description || !/^api\.((eu|au)\.)?intercom\.io$/.test(host) || path.startsWith('/auth/')) return [];
  const call = `${method} ${path}`;
  const found = operation(description, method.toLowerCase(), path);
  if (found === undefined) return [`${call}: there is no such operation`];
  if (!found.hasBody) return json === undefined || json === null ? [] : [`${call}: takes no body`];
  const validate = compiled.get(found.pointer) ?? ajv.compile({ $ref: `intercom#${found.pointer}` });
  compiled.set(found.pointer, validate);
  return validate(json) ? [] : [`${call}: ${ajv.errorsText(validate.errors)}`];
}

function operation(from: Description, method: string, path: string): { pointer: string; hasBody: boolean } | undefined {
  const steps = path.replace(/\?.*$/, '').split('/');
  const matches = Object.keys(from.paths).filter(template => {
    const places = template.split('/');
    return (
      from.paths[template]?.[method] !== undefined &&
      places.length === steps.length &&
      places.every((place, index) => place === steps[index] || place.startsWith('{'))
    );
  });
  // "/contacts/search" is no contact called "search".
  const best = matches.sort((a, b) => a.split('{').length - b.split('{').length)[0];
  if (best === undefined) return undefined;
  const escaped = best.replaceAll('~', '~0').replaceAll('/', '~1');
  return {
    pointer: `/paths/${encodeURIComponent(escaped)}/${method}/requestBody/content/application~1json/schema`,
    hasBody: from.paths[best]?.[method]?.requestBody !== undefined,
  };
}

/** OpenAPI 3.0 writes `nullable` beside a reference too, which JSON Schema does not know. */
function withoutLooseNullables<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(withoutLooseNullables) as T;
  if (schema === null || typeof schema !== 'object') return schema;
  const entries = Object.entries(schema).filter(([key]) => key !== 'nullable' || 'type' in schema);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutLooseNullables(value)])) as T;
}
