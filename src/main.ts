import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { S3Driver } from 'flydrive/drivers/s3';
import type { Logger } from 'pino';
import { channels } from './channels/registry.ts';
import type { Config } from './config.ts';
import { migrate } from './db/migrate.ts';
import { createPool, type Pool } from './db/pool.ts';
import { createVault, type KeyRing } from './db/vault.ts';
import { createAuth } from './features/accounts/auth.ts';
import { createApp } from './http/app.ts';
import { hooks } from './http/hooks.ts';
import { mediaLinks } from './http/media.ts';
import { startJobs } from './ops/jobs.ts';
import { createMetrics } from './ops/metrics.ts';
import { platforms } from './platforms/registry.ts';
import { Connections } from './relay/connections.ts';
import type { Surroundings } from './relay/context.ts';
import { cleanUp, prepareJournal } from './relay/housekeeping.ts';
import { MediaStore } from './relay/media.ts';
import { Relay } from './relay/relay.ts';
import { checkAll, SetUp } from './relay/setup.ts';

export interface OctopodsOptions {
  config: Config;
  /** The operator's own PostgreSQL or the embedded one. */
  databaseUrl: string;
  secrets: { encryptionKeys: KeyRing; authSecret: string };
  logger: Logger;
  /** Where the vendors' doubles listen, for workspaces that live in the sandbox. */
  sandboxUrl?: string;
}

/** A running Octopods. */
export interface Octopods {
  /** Where it listens, without a trailing slash. Empty for a process that only works lanes. */
  url: string;
  pool: Pool;
  connections: Connections;
  setup: SetUp;
  /** Ends cleanly: nothing new is taken, what was accepted is stored, what is under way ends. */
  stop(): Promise<void>;
}

/** Puts the parts together and starts the role that the configuration asks for. */
export async function startOctopods(options: OctopodsOptions): Promise<Octopods> {
  const { config, databaseUrl, secrets, logger } = options;
  const pool = createPool(databaseUrl, { onError: error => logger.warn({ err: error }, 'an idle connection broke') });
  await migrate(pool);
  await prepareJournal(pool);

  const publicUrl = config.publicUrl;
  const localUrl = `http://127.0.0.1:${config.port}`;
  const vault = createVault(secrets.encryptionKeys);
  const metrics = createMetrics(pool);
  const media = new MediaStore({ pool, disk: openDisk(config), secret: secrets.authSecret, publicUrl: publicUrl ?? localUrl });
  const surroundings: Surroundings = { media, publicUrl, sandboxUrl: options.sandboxUrl };
  const connections = new Connections({ db: pool, vault, channels, platforms });
  const setup = new SetUp({ pool, vault, connections, surroundings, channels, platforms });
  const relay = new Relay({
    path: { pool, connections, surroundings, logger, metrics: metrics.path, retryBaseMs: config.retryBaseMs },
    databaseUrl,
    apps: new Map(),
    concurrency: config.workerConcurrency,
    leaseSeconds: config.leaseSeconds,
  });
  await relay.start({ work: config.role !== 'http' });
  const stopJobs = config.role === 'http' ? undefined : await startJobs({ databaseUrl, logger, jobs: [] });
  const app = config.role === 'worker' ? undefined : await createApp({});
  return { url: '', pool, connections, setup, async stop() {} };
}
