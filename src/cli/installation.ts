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

/**
 * The database to work on. With the embedded one and a server running, its database is joined; otherwise it is started for
 * the time of the command.
 */
export async function openDatabase(config: Config, logger: Logger): Promise<Database> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, close: async () => undefined };
  const dir = databaseFolder(config);
  try {
    const embedded = await startEmbedded({ dir, logger });
    return { url: embedded.url, close: () => embedded.stop() };
  } catch (error) {
    const url = error instanceof FolderInUseError ? await runningUrl(dir, logger) : undefined;
    if (url === undefined) throw error;
    return { url, close: async () => undefined };
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
  const database = await openDatabase(config, logger);
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
