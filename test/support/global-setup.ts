import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startScratch } from '../../src/db/embedded/scratch.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { templateName } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: string;
  }
}

/**
 * One PostgreSQL for the whole run (our embedded one, or OCTOPODS_TEST_DATABASE_URL) with one migrated template, from which
 * each test file gets a copy of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.OCTOPODS_TEST_DATABASE_URL;
  const scratch = given === undefined ? await startScratch() : undefined;
  const server = given ?? scratch?.url ?? '';
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`drop database if exists ${templateName} with (force)`);
  await admin.query(`create database ${templateName}`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${templateName}`;
  const pool = createPool(url.href);
  await migrate(pool);
  await pool.end();
  project.provide('databaseServer', server);
  return async () => scratch?.stop();
}
