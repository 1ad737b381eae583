import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { channels } from './channels/registry.ts';
import type { Secrets } from './config/secrets.ts';
import type { Config } from './config.ts';
import type { AppWebhook } from './contract/adapter.ts';
import { migrate } from './db/migrate.ts';
import { createPool, type Pool } from './db/pool.ts';
import { createDatabase } from './db/schema.ts';
import { createVault } from './db/vault.ts';
import { openDisk } from './disk.ts';
import { createAuth } from './features/accounts/auth.ts';
import { createFeatures } from './features/index.ts';
import { createApp } from './http/app.ts';
import { consolePages } from './http/console.ts';
import { hooks } from './http/hooks.ts';
import { forgetAnswers } from './http/idempotency.ts';
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

/** Where `npm run build` puts the web console. */
const builtConsole = fileURLToPath(new URL('../dist/web/', import.meta.url));

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

  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const localUrl = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`;
  const { publicUrl } = config;
  const vault = createVault(secrets.encryptionKeys);
  const metrics = createMetrics(() => laneDepth(pool));
  const media = new MediaStore({ pool, disk: openDisk(config), secret: secrets.authSecret });
  const surroundings: Surroundings = { media, publicUrl, localUrl, sandboxUrl: options.sandboxUrl };
  const db = createDatabase(pool);
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

  const works = config.role !== 'http';
  await relay.start({ work: works });
  const stopJobs = works
    ? await startJobs({
        databaseUrl,
        logger,
        jobs: [
          { name: 'check-connections', cron: '*/15 * * * *', run: () => checkAll(pool, connections, setup, logger) },
          { name: 'prepare-journal', cron: '5 * * * *', run: () => prepareJournal(pool) },
          { name: 'clean-up', cron: '20 * * * *', run: () => cleanUp(pool, config) },
          { name: 'forget-answers', cron: '35 * * * *', run: async () => void (await forgetAnswers(db)) },
        ],
      })
    : undefined;

  const stopWork = async () => {
    await stopJobs?.();
    await relay.stop();
    await pool.end();
  };
  const app =
    config.role === 'worker' ? undefined : await serve().catch(error => stopWork().then(() => Promise.reject(error)));
  return {
    url: app ? localUrl : '',
    pool,
    connections,
    setup,
    async stop() {
      await app?.close();
      await stopWork();
    },
  };

  async function serve(): Promise<FastifyInstance> {
    const auth = createAuth({
      pool,
      secret: secrets.authSecret,
      baseUrl: publicUrl ?? localUrl,
      log: (level, message) => logger[level](message),
    });
    const features = createFeatures({
      pool,
      db,
      auth,
      setUp: setup,
      connections,
      surroundings,
      channels,
      platforms,
      apps,
    });
    const server = await createApp({
      config,
      pool,
      db,
      vault,
      auth,
      logger,
      metrics,
      features,
      console: existsSync(join(builtConsole, 'index.html')) ? consolePages({ dir: builtConsole }) : undefined,
      hooks: hooks(relay),
      media: mediaLinks(media),
    });
    await server.listen({ host: config.host, port });
    return server;
  }
}

/** The operator's own apps at the vendors, for those adapters that have a use for one and whose settings are given. */
function operatorApps(config: Config): Map<string, { app: AppWebhook<unknown>; config: unknown }> {
  const apps = new Map<string, { app: AppWebhook<unknown>; config: unknown }>();
  for (const [id, adapter] of [...channels, ...platforms]) {
    const given = config.apps[id];
    if (adapter.app && given !== undefined) apps.set(id, { app: adapter.app, config: adapter.app.config.parse(given) });
  }
  return apps;
}

/** A port that is free now; the vendors are told our address before we listen on it. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  probe.listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
