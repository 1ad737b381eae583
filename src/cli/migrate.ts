import { migrate } from '../db/migrate.ts';
import { withInstallation } from './installation.ts';

/** `octopods migrate`: the schema is brought up to date; safe to repeat and to run beside others. */
export async function migrateDatabase(): Promise<void> {
  await withInstallation(async ({ pool }) => {
    const applied = await migrate(pool);
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
  });
}
