import { readFile } from 'node:fs/promises';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('the table types say what the migrations made', async () => {
  const written = await writtenTables();
  const { rows } = await database.pool.query<{ table: string; columns: string[] }>(
    `select table_name as table,
            array_agg(column_name || case is_nullable when 'YES' then '?' else '' end order by column_name) as columns
     from information_schema.columns where table_schema = 'public' and table_name = any($1) group by table_name`,
    [Object.keys(written)],
  );
  expect(written).toEqual(Object.fromEntries(rows.map(({ table, columns }) => [table, columns.sort()])));
});

/** Reads the interfaces of schema.ts: table → its columns, a nullable one with a question mark. */
async function writtenTables(): Promise<Record<string, string[]>> {
  const text = await readFile(new URL('./schema.ts', import.meta.url), 'utf8');
  const source = ts.createSourceFile('schema.ts', text, ts.ScriptTarget.Latest, true);
  const interfaces = new Map(
    source.statements.filter(ts.isInterfaceDeclaration).map(node => [node.name.text, properties(node)]),
  );
  const tables = interfaces.get('Tables') ?? [];
  return Object.fromEntries(
    tables.map(({ name, type }) => [
      name,
      (interfaces.get(type) ?? []).map(column => column.name + (/\| null$/.test(column.type) ? '?' : '')).sort(),
    ]),
  );
}

function properties(node: ts.InterfaceDeclaration): { name: string; type: string }[] {
  return node.members
    .filter(ts.isPropertySignature)
    .map(member => ({ name: member.name.getText(), type: member.type?.getText() ?? '' }));
}
