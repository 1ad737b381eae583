import pino from 'pino';
import { loadOrMakeSecrets } from '../../src/config/secrets.ts';
import { readConfig } from '../../src/config.ts';
import { startOctopods } from '../../src/main.ts';
import { createShutdown } from '../../src/ops/shutdown.ts';

// An Octopods in a process of its own, for tests that end one with a signal. Its address goes to the parent.
const config = readConfig(process.env);
const logger = pino({ level: 'silent' });
const shutdown = createShutdown({ logger });
const octopods = await startOctopods({
  config,
  databaseUrl: config.databaseUrl ?? '',
  secrets: await loadOrMakeSecrets(config.dataDir),
  logger,
  sandboxUrl: process.env.TEST_SANDBOX_URL ?? '',
});
shutdown.add('octopods', () => octopods.stop());
process.send?.(octopods.url);
