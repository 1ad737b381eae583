import { ConfigError } from '../config.ts';
import { EmbeddedDatabaseError } from '../db/embedded/error.ts';
import { NewerSchemaError } from '../db/migrate.ts';
import { KeyRingError, UnknownKeyError } from '../db/vault.ts';
import { SetUpError } from '../relay/setup.ts';

/** A mistake of whoever typed the command: the message is all they need. */
export class UsageError extends Error {}

/** Errors whose message says all; for any other the stack is needed. */
const plain = [
  UsageError,
  ConfigError,
  EmbeddedDatabaseError,
  NewerSchemaError,
  KeyRingError,
  UnknownKeyError,
  SetUpError,
];

/** Ends a command that did not succeed: the reason to standard error, exit code 1. */
export function fail(error: unknown): never {
  const isPlain = plain.some(kind => error instanceof kind);
  if (isPlain && error instanceof Error) console.error(error.message);
  else console.error(error);
  process.exit(1);
}

/** Prints rows under headings, columns aligned. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map(row => [...(row[i] ?? '')].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  console.log(line(headings));
  for (const row of rows) console.log(line(row));
}
