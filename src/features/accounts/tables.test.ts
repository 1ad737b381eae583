import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { createAuth } from './auth.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('our migrations make every table, column and index that the installed better-auth expects', async () => {
  const warnings: string[] = [];
  const auth = createAuth({
    pool: database.pool,
    secret: 'only-for-this-test-only-for-this-test',
    baseUrl: 'http://127.0.0.1',
    log: (_level, message) => warnings.push(message),
  });
  const { toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems } = await getMigrations(auth.options);
  expect({ toBeCreated, toBeAdded, toBeAddedIndexes, unsafeChanges, schemaProblems }).toEqual({
    toBeCreated: [],
    toBeAdded: [],
    toBeAddedIndexes: [],
    unsafeChanges: [],
    schemaProblems: [],
  });
  // Columns of a wrong type or nullability are only spoken of.
  expect(warnings.filter(warning => /table|column/i.test(warning))).toEqual([]);
});
