import { readdir, readFile } from 'node:fs/promises';
import { type Pool, transaction } from './pool.ts';

const folder = new URL('./migrations/', import.meta.url);

/** Any number will do, as long as every process uses the same one. */
const migrationLock = 0x0c70;

/** The database was migrated by a later version of this program. */
export class NewerSchemaError extends Error {
  constructor(versions: string[]) {
    super(
      `The database has migrations this version does not know (${versions.join(', ')}). Start the version that made them, or a later one.`,
    );
    this.name = 'NewerSchemaError';
  }
}

/**
 * Brings the schema up to date: numbered SQL files, each in a transaction, under a lock so that many processes can start at
 * once. Returns the names applied.
 * @throws NewerSchemaError when the database is ahead of this program.
 */
export async function migrate(pool: Pool): Promise<string[]> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort();
  return transaction(pool, async client => {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ name: string }>('select name from migrations');
    const applied = new Set(rows.map(row => row.name));
    const unknown = [...applied].filter(name => !files.includes(name));
    if (unknown.length > 0) throw new NewerSchemaError(unknown);
    const missing = files.filter(name => !applied.has(name));
    for (const name of missing) {
      await client.query(await readFile(new URL(name, folder), 'utf8'));
      await client.query('insert into migrations (name) values ($1)', [name]);
    }
    return missing;
  });
}
