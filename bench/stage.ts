import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startScratch } from '../src/db/embedded/scratch.ts';
import { formatKeyRing, makeKey } from '../src/db/vault.ts';
import type { ArrivalReport } from './arrivals.ts';
import { type Role, startRole } from './role.ts';
import type { BareCommands } from './roles/bare.ts';
import type { LoadCommands, Volley, VolleyResult } from './roles/load.ts';
import type { OctopodsCommands } from './roles/octopods.ts';
import type { PgBossCommands } from './roles/pg-boss.ts';
import type { StubCommands } from './roles/stub.ts';

export interface Hook {
  url: string;
  headers: Record<string, string>;
}

export interface Database {
  url: string;
  query<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
  drop(): Promise<void>;
}

/** An installation under measurement: its processes, all on one database. */
export interface Installation {
  processes: Role<OctopodsCommands>[];
  channelId: string;
  hooks: Hook[];
  database: Database;
  stop(): Promise<void>;
}

/** What every measurement stands on: a PostgreSQL that syncs to disk, the vendors' stand-in, and the load's process. */
export interface Stage {
  stub: Role<StubCommands>;
  load: Role<LoadCommands>;
  postgresVersion: string;
  database(): Promise<Database>;
  octopods(options?: { processes?: number; env?: Record<string, string>; database?: Database }): Promise<Installation>;
  pgBoss(): Promise<{ hook: Hook; stop(): Promise<void> }>;
  bare(): Promise<{ hook: Hook; stop(): Promise<void> }>;
  fire(hooks: Hook[], volley: Omit<Volley, 'urls' | 'headers'>): Promise<VolleyResult>;
  /** Waits until the stub has taken so many different messages, or nothing new has come for 30 s. */
  arrived(count: number): Promise<ArrivalReport>;
  close(): Promise<void>;
}

/** On `DATABASE_URL`, whose role must be allowed to make databases, or else on an embedded server of our own. */
export async function setStage(): Promise<Stage> {
  const given = process.env.DATABASE_URL;
  const scratch = given === undefined ? await startScratch({ durable: true }) : undefined;
  const server = given ?? scratch?.url ?? '';
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  const fsync = await admin.query<{ fsync: string }>('show fsync');
  if (fsync.rows[0]?.fsync !== 'on')
    throw new Error('The database runs without fsync: its figures would be worth nothing.');
  const version = await admin.query<{ server_version: string }>('show server_version');
  const stub = await startRole<StubCommands>('stub');
  const load = await startRole<LoadCommands>('load');
  const stubUrl = await stub.ask('url');
  const keys = formatKeyRing([makeKey()]);
  let databases = 0;

  async function database(): Promise<Database> {
    const name = `octopods_bench_${process.pid}_${++databases}`;
    await admin.query(`create database ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return {
      url: url.href,
      query: async (text, values) => (await client.query(text, values)).rows,
      async drop() {
        await client.end();
        await admin.query(`drop database ${name} with (force)`);
      },
    };
  }

  return {
    stub,
    load,
    postgresVersion: version.rows[0]?.server_version ?? '',
    database,
    async octopods({ processes = 1, env = {}, database: existing } = {}) {
      const db = existing ?? (await database());
      const dataDir = await mkdtemp(join(tmpdir(), 'octopods-bench-'));
      const settings = {
        DATABASE_URL: db.url,
        BENCH_STUB_URL: stubUrl,
        OCTOPODS_DATA_DIR: dataDir,
        OCTOPODS_ENCRYPTION_KEYS: keys,
        OCTOPODS_AUTH_SECRET: 'not-a-real-secret-not-a-real-secret',
        ...env,
      };
      const roles: Role<OctopodsCommands>[] = [];
      for (let i = 0; i < processes; i++) roles.push(await startRole<OctopodsCommands>('octopods', settings));
      const channelId = (await roles[0]?.ask('connect')) ?? '';
      return {
        processes: roles,
        channelId,
        hooks: await Promise.all(roles.map(role => role.ask('hook', channelId))),
        database: db,
        async stop() {
          await Promise.all(roles.map(role => role.stop()));
          await rm(dataDir, { recursive: true, force: true });
          if (!existing) await db.drop();
        },
      };
    },
    async pgBoss() {
      const db = await database();
      const role = await startRole<PgBossCommands>('pg-boss', { BENCH_DATABASE_URL: db.url, BENCH_STUB_URL: stubUrl });
      return {
        hook: await role.ask('hook'),
        async stop() {
          await role.stop();
          await db.drop();
        },
      };
    },
    async bare() {
      const role = await startRole<BareCommands>('bare');
      return { hook: await role.ask('hook'), stop: () => role.stop() };
    },
    fire: (hooks, volley) =>
      load.ask('fire', { ...volley, urls: hooks.map(hook => hook.url), headers: hooks[0]?.headers ?? {} }),
    async arrived(count) {
      let taken = await stub.ask('taken');
      for (let quietFor = 0; taken < count && quietFor < 30_000; ) {
        await delay(100);
        const before = taken;
        taken = await stub.ask('taken');
        quietFor = taken === before ? quietFor + 100 : 0;
      }
      return stub.ask('report');
    },
    async close() {
      await Promise.all([stub.stop(), load.stop()]);
      await admin.end();
      await scratch?.stop();
    },
  };
}
