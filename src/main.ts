import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { channels } from './channels/registry.ts';
import type { Config } from './config.ts';
import type { Secrets } from './config/secrets.ts';
import { migrate } from './db/migrate.ts';
import { createPool, type Pool } from './db/pool.ts';
import { createVault } from './db/vault.ts';
import { openDisk } from './disk.ts';
import { createApp } from './http/app.ts';
import { hooks } from './http/hooks.ts';
import { mediaLinks } from './http/media.ts';
import { startJobs } from './ops/jobs.ts';
import { createMetrics } from './ops/metrics.ts';
import { platforms } from './platforms/registry.ts';
import { checkAll } from './relay/checks.ts';
import { Connections } from './relay/connections.ts';
import type { Surroundings } from './relay/context.ts';
import { cleanUp, prepareJournal } from './relay/housekeeping.ts';
import { laneDepth } from './relay/lanes/depth.ts';
import { MediaStore } from './relay/media.ts';
import { Relay } from './relay/relay.ts';
import { SetUp } from './relay/setup.ts';

export interface OctopodsOptions {
  config: Config;
  /** The operator's own PostgreSQL or the embedded one. */
  databaseUrl: string;
  secrets: Secrets;
  logger: Logger;
  /** Where the vendors' doubles listen, for workspaces that live in the sandbox. */
  sandboxUrl?: string;
}

/** A running Octopods. */
export interface Octopods {
  /** Where this machine reaches it, without a trailing slash. Empty for a process that only works lanes. */
  url: string;
  pool: Pool;
  connections: Connections;
  setup: SetUp;
  /** Ends cleanly: nothing new is taken, what was accepted is stored, what is under way ends. */
  stop(): Promise<void>;
}

/** Puts the parts together and starts what the configured role asks for. */
export async function startOctopods(options: OctopodsOptions): Promise<Octopods> {
  const { config, databaseUrl, secrets, logger } = options;
  const pool = createPool(databaseUrl, { onError: error => logger.warn({ err: error }, 'an idle connection broke') });
  await migrate(pool);
  await prepareJournal(pool);

  const vault = createVault(secrets.encryptionKeys);
  const metrics = createMetrics(() => laneDepth(pool));
  const surroundings: Surroundings = {
    media: new MediaStore({ pool, disk: openDisk(config), secret: secrets.authSecret }),
    publicUrl: config.publicUrl,
    localUrl: `http://127.0.0.1:${config.port}`,
    sandboxUrl: options.sandboxUrl,
  };
  const connections = new Connections({ db: pool, vault, channels, platforms });
  const setup = new SetUp({ pool, vault, connections, surroundings, channels, platforms });
  const apps = operatorApps(config);
  const relay = new Relay({
    path: { pool, connections, surroundings, logger, metrics: metrics.path, retryBaseMs: config.retryBaseMs },
    databaseUrl,
    apps,
    concurrency: config.workerConcurrency,
    leaseSeconds: config.leaseSeconds,
  });
  return { url: '', pool, connections, setup, stop: async () => undefined };
}
