import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import pino from 'pino';
import type { Pool } from '../db/pool.ts';
import { createDatabase, type Database } from '../db/schema.ts';
import { createVault, makeKey } from '../db/vault.ts';
import { createAuth } from '../features/accounts/auth.ts';
import { createAccount, createPerson } from '../features/accounts/people.ts';
import { createFeatures } from '../features/index.ts';
import type { Role } from '../features/shared/access.ts';
import { Connections } from '../relay/connections.ts';
import { MediaStore } from '../relay/media.ts';
import { SetUp } from '../relay/setup.ts';
import { createApp } from './app.ts';
import type { RateLimits } from './rate-limit.ts';
import { testChannels, testPlatforms } from './testing-adapters.ts';

/** One answer, its JSON read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

export interface Call {
  method?: string;
  path: string;
  /** A cookie or an API key, as headers. */
  as?: Record<string, string>;
  json?: unknown;
  headers?: Record<string, string>;
  /** Sent as it is. */
  raw?: { type: string; body: string | Uint8Array<ArrayBuffer> };
}

export interface Member {
  accountId: string;
  userId: string;
  email: string;
  headers: Record<string, string>;
}

export interface TestServer {
  url: string;
  pool: Pool;
  db: Database;
  setUp: SetUp;
  connections: Connections;
  openapi(): OpenApi;
  call(call: Call): Promise<Answer>;
  /** Makes an account with its owner, who is signed in. */
  account(name: string): Promise<Member>;
  /** Puts a new person on an account's team, signed in. */
  member(accountId: string, role: Role): Promise<Member>;
  stop(): Promise<void>;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

export const password = 'correct horse battery';

/** The whole HTTP side on a real port, over a database of its own that goes with it. */
export async function startTestServer(
  database: { pool: Pool; drop(): Promise<void> },
  options: { rateLimits?: RateLimits; metricsToken?: string; publicUrl?: string } = {},
): Promise<TestServer> {
  const { pool } = database;
  const db = createDatabase(pool);
  const folder = await mkdtemp(join(tmpdir(), 'octopods-media-'));
  const vault = createVault([makeKey()]);
  const secret = randomUUID() + randomUUID();
  const publicUrl = options.publicUrl ?? 'https://octopods.example';
  const media = new MediaStore({
    pool,
    disk: new Disk(new FSDriver({ location: folder, visibility: 'private' })),
    secret,
  });
  const surroundings = { media, publicUrl, localUrl: 'http://127.0.0.1:9', sandboxUrl: undefined };
  const adapters = { channels: testChannels, platforms: testPlatforms };
  const connections = new Connections({ db: pool, vault, ...adapters });
  const setUp = new SetUp({ pool, vault, connections, surroundings, ...adapters });
  const auth = createAuth({ pool, secret, baseUrl: 'http://127.0.0.1', log: () => undefined });
  const features = createFeatures({
    pool,
    db,
    auth,
    setUp,
    connections,
    surroundings,
    ...adapters,
    apps: new Map([['tower', { config: { id: 'app-1' } }]]),
  });
  const app = await createApp({
    config: {
      publicUrl,
      metricsToken: options.metricsToken,
      rateLimits: options.rateLimits ?? { principal: 100_000, stranger: 100_000 },
    },
    pool,
    db,
    vault,
    auth,
    logger: pino({ level: 'silent' }),
    metrics: { scrape: async () => ({ body: 'octopods_up 1\n', contentType: 'text/plain' }) },
    features,
    hooks: async () => undefined,
    media: async () => undefined,
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });

  /** Without the route: its limits belong to the tests that are about it. */
  async function session(email: string): Promise<Record<string, string>> {
    const { headers } = await auth.api.signInEmail({
      body: { email, password },
      headers: new Headers(),
      returnHeaders: true,
    });
    return {
      cookie: headers
        .getSetCookie()
        .map(cookie => cookie.split(';', 1)[0])
        .join('; '),
    };
  }

  return {
    url,
    pool,
    db,
    setUp,
    connections,
    openapi: () => JSON.parse(JSON.stringify(app.swagger())),
    call: call => fetchFrom(url, call),
    async account(name) {
      const email = `owner-${randomUUID()}@company.example`;
      const made = await createAccount(auth, { name: `Owner of ${name}`, email, password }, name);
      return { ...made, email, headers: await session(email) };
    },
    async member(accountId, role) {
      const email = `${role}-${randomUUID()}@company.example`;
      const userId = await createPerson(auth, { name: `A ${role}`, email, password });
      await db
        .insertInto('members')
        .values({ account_id: accountId, user_id: userId, role, created_at: new Date() })
        .execute();
      return { accountId, userId, email, headers: await session(email) };
    },
    async stop() {
      await app.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fetchFrom(url: string, call: Call): Promise<Answer> {
  const json = call.json === undefined ? undefined : JSON.stringify(call.json);
  const body = call.raw?.body ?? json;
  const type = call.raw?.type ?? (json === undefined ? undefined : 'application/json');
  const response = await fetch(url + call.path, {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...call.as, ...call.headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
