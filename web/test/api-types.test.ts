import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apiTypes, schemaFile } from '../scripts/openapi.ts';

test('the console’s types are those of the API as it is', async () => {
  expect(await readFile(schemaFile, 'utf8'), 'run: node web/scripts/api-types.ts').toBe(await apiTypes());
});
