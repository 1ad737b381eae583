import { join } from 'node:path';
import type { Logger } from 'pino';
import { channels } from '../channels/registry.ts';
import { loadOrMakeSecrets, type Secrets } from '../config/secrets.ts';
import { type Config, readConfig } from '../config.ts';
import { FolderInUseError } from '../db/embedded/lock.ts';
import { runningUrl } from '../db/embedded/running.ts';
import { startEmbedded } from '../db/embedded.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { createVault, type Vault } from '../db/vault.ts';
import { createLogger } from '../ops/logging.ts';
import { platforms } from '../platforms/registry.ts';
import { Connections } from '../relay/connections.ts';

/** The database of this installation, the operator's own or the embedded one. */
export interface Database {
  url: string;
  /** Stops it if this process started it. */
  close(): Promise<void>;
}

const databaseFolder = (config: Config): string => join(config.dataDir, 'postgres');

/** The database for a server: the operator's own, or the embedded one, which serves one server at a time. */
export async function openDatabase(config: Config, logger: Logger): Promise<Database> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, close: async () => undefined };
  const embedded = await startEmbedded({ dir: databaseFolder(config), logger });
  return { url: embedded.url, close: () => embedded.stop() };
}

/** The database for a command: beside a running server its embedded database is joined, otherwise started for the while. */
async function joinDatabase(config: Config, logger: Logger): Promise<Database> {
  try {
    return await openDatabase(config, logger);
  } catch (error) {
    const running = error instanceof FolderInUseError ? await runningUrl(databaseFolder(config), logger) : undefined;
    if (running === undefined) throw error;
    return { url: running, close: async () => undefined };
  }
}

/** Everything a command needs that looks into an installation. */
export interface Installation {
  config: Config;
  secrets: Secrets;
  logger: Logger;
  pool: Pool;
  databaseUrl: string;
  vault: Vault;
  connections: Connections;
}

/** Opens the installation for one command and closes it again, whatever happens. */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const logger = createLogger({ level: 'warn' });
  const secrets = await loadOrMakeSecrets(config.dataDir, config);
  const database = await joinDatabase(config, logger);
  const pool = createPool(database.url, { max: 4 });
  try {
    const vault = createVault(secrets.encryptionKeys);
    const connections = new Connections({ db: pool, vault, channels, platforms });
    return await work({ config, secrets, logger, pool, databaseUrl: database.url, vault, connections });
  } finally {
    await pool.end();
    await database.close();
  }
}
