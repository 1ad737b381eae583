import { loadOrMakeSecrets } from '../config/secrets.ts';
import { type Config, readConfig } from '../config.ts';
import { hasOwner } from '../features/accounts/setup.routes.ts';
import { startOctopods } from '../main.ts';
import { createLogger } from '../ops/logging.ts';
import { createShutdown } from '../ops/shutdown.ts';
import { openDatabase } from './installation.ts';
import { UsageError } from './output.ts';

/** `octopods start`: everything this process is to do, until a signal ends it. */
export async function start(options: { role?: string }): Promise<void> {
  const config = readConfig({ ...process.env, ...(options.role === undefined ? {} : { OCTOPODS_ROLE: options.role }) });
  const logger = createLogger({ level: config.logLevel, secrets: secretsOf(config) });
  for (const warning of config.warnings) logger.warn(warning);
  const shutdown = createShutdown({ logger });
  const secrets = await loadOrMakeSecrets(config.dataDir, config);
  const database = await openDatabase(config, logger);
  shutdown.add('database', () => database.close());
  const octopods = await startOctopods({ config, databaseUrl: database.url, secrets, logger }).catch(async error => {
    await database.close();
    throw portTaken(error, config.port) ?? error;
  });
  shutdown.add('octopods', () => octopods.stop());
  if (octopods.url !== '') console.log(welcome(octopods.url, config.publicUrl, !(await hasOwner(octopods.pool))));
}

/** What a person who has just started it needs to know. */
function welcome(url: string, publicUrl: string | undefined, needsOwner: boolean): string {
  const lines = ['', `  Octopods runs at ${url}`, ''];
  if (needsOwner) {
    lines.push('  Next: open it and follow the three steps there, beginning with the owner of this installation.');
  } else lines.push(`  The API and how to use it: ${url}/docs`);
  if (publicUrl === undefined) {
    lines.push(
      '  PUBLIC_URL is not set, so providers cannot reach this server yet: channels stay pending until it is.',
    );
  }
  lines.push('  To see a message travel without any account: npm run try', '  Ctrl-C stops it; nothing is lost.', '');
  return lines.join('\n');
}

function portTaken(error: unknown, port: number): UsageError | undefined {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken
    ? new UsageError(`Port ${port} is taken by another program. Stop that one, or set PORT to another port.`)
    : undefined;
}

/** What no log line may show, wherever it turns up. */
function secretsOf({ databaseUrl, authSecret, smtp, metricsToken, apps }: Config): string[] {
  const password = databaseUrl === undefined ? undefined : decodeURIComponent(new URL(databaseUrl).password);
  const appSecrets = Object.values(apps).flatMap(app => Object.values(app ?? {}));
  return [password, authSecret, smtp?.url, metricsToken, ...appSecrets].filter(value => value !== undefined);
}
