import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { EmbeddedDatabaseError } from './error.ts';

/** Both the role that Octopods works as and the database it owns. */
export const applicationRole = 'octopods';

/**
 * What a server that is not ready yet answers with: nothing listens, the connection broke while the server ended, or SQLSTATE
 * "cannot connect now" (postgresql.org/docs/current/errcodes-appendix.html).
 */
const notYet = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P03']);

/** Milliseconds of silence after which a recovery is spoken of. */
const longRecovery = 5_000;

/**
 * Waits until the server takes connections; false where `exit` comes first. Throws an {@link EmbeddedDatabaseError} where it
 * refuses us for another reason than not being ready.
 */
export async function connectsBefore(exit: Promise<void>, url: string, logger: Logger): Promise<boolean> {
  let exited = false;
  const ended = exit.then(() => {
    exited = true;
  });
  const speakAt = performance.now() + longRecovery;
  let spoken = false;
  for (let wait = 20; !exited; wait = Math.min(wait * 1.5, 500)) {
    try {
      await withSession(url, async () => undefined);
      return true;
    } catch (error) {
      if (!exited) throwIfRefused(error);
    }
    if (!spoken && performance.now() > speakAt) {
      spoken = true;
      logger.info('PostgreSQL is recovering from a crash; that may take a while');
    }
    await Promise.race([ended, delay(wait)]);
  }
  return false;
}

/** `pg` reports a connection that broke or took too long without a code. */
function throwIfRefused(error: unknown): void {
  if (!(error instanceof Error)) throw error;
  if (!('code' in error) || notYet.has(String(error.code))) return;
  throw new EmbeddedDatabaseError(
    `PostgreSQL runs but does not let its own supervisor in: ${error.message}. If the file "password" beside the data was ` +
      'changed, bring the old one back.',
    { cause: error },
  );
}

/** Makes the role that Octopods works as, who is no superuser, and its database, where they are missing. */
export async function prepareDatabase(url: string, password: string): Promise<void> {
  await withSession(url, async client => {
    const missing = async (catalogue: string) => (await client.query(catalogue, [applicationRole])).rowCount === 0;
    if (await missing('SELECT FROM pg_roles WHERE rolname = $1')) {
      await client.query(`CREATE ROLE ${applicationRole} LOGIN CREATEDB PASSWORD ${client.escapeLiteral(password)}`);
    }
    if (await missing('SELECT FROM pg_database WHERE datname = $1')) {
      await client.query(`CREATE DATABASE ${applicationRole} OWNER ${applicationRole}`);
    }
  });
}

async function withSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks rejects what runs on it; without a listener the event would end our process as well.
  const broken = new Promise<never>((_, reject) => client.on('error', reject));
  const done = (async () => {
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  })();
  return Promise.race([done, broken]);
}
