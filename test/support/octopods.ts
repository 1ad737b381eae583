import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino, { type Logger } from 'pino';
import { loadOrMakeSecrets } from '../../src/config/secrets.ts';
import { readConfig } from '../../src/config.ts';
import type { Pool } from '../../src/db/pool.ts';
import { type Octopods, startOctopods } from '../../src/main.ts';

export interface StartOptions {
  databaseUrl: string;
  /** Where the vendors' doubles listen. */
  sandboxUrl: string;
  logger?: Logger;
  /** Further settings, by the names of the environment. */
  env?: Record<string, string>;
  /** A folder that several processes of one installation share: its secrets. */
  dataDir?: string;
}

/** An Octopods for one test: a port of its own, quick retries, a folder that goes with it. */
export async function startForTest(options: StartOptions): Promise<Octopods & { dataDir: string }> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'octopods-test-')));
  const config = readConfig({ PORT: '0', OCTOPODS_DATA_DIR: dataDir, OCTOPODS_RETRY_BASE_MS: '15', ...options.env });
  const octopods = await startOctopods({
    config,
    databaseUrl: options.databaseUrl,
    secrets: await loadOrMakeSecrets(dataDir, config),
    logger: options.logger ?? pino({ level: 'silent' }),
    sandboxUrl: options.sandboxUrl,
  });
  return {
    ...octopods,
    dataDir,
    async stop() {
      await octopods.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Resolves when no lane is worked on or due within the next seconds: everything is delivered, ended, parked, or waits for a
 * time that a vendor named.
 */
export async function lanesAreQuiet(pool: Pool, timeout = 30_000): Promise<void> {
  const until = Date.now() + timeout;
  for (;;) {
    const { rows } = await pool.query<{ busy: number }>(
      `select count(*) as busy from lanes where token is not null or due < now() + interval '3 seconds'`,
    );
    if (rows[0]?.busy === 0) return;
    if (Date.now() > until) throw new Error(`${rows[0]?.busy} lanes are still busy after ${timeout} ms.`);
    await delay(10);
  }
}
