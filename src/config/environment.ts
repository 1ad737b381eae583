import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { factsOf, type Variable, variableNames } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The text of every variable that was given, in itself or in a file. */
export type Texts = Partial<Record<Variable, string>>;

/** Collects what was given, what could not be read, and which names beginning with OCTOPODS_ mean nothing. */
export function gather(env: Environment): { texts: Texts; problems: string[]; unknown: string[] } {
  const texts: Texts = {};
  const problems: string[] = [];
  const known = new Set<string>();
  for (const name of variableNames) {
    known.add(name);
    const text = env[name]?.trim() || undefined;
    if (text !== undefined) texts[name] = text;
    if (!factsOf(name).secret) continue;
    const fileName = `${name}_FILE`;
    known.add(fileName);
    const path = env[fileName]?.trim() || undefined;
    if (path === undefined) continue;
    if (text !== undefined) problems.push(`${name} and ${fileName} are both given; leave one out.`);
    else texts[name] = readSecret(path, fileName, problems);
  }
  const unknown = Object.keys(env).filter(name => name.startsWith('OCTOPODS_') && !known.has(name));
  return { texts, problems, unknown };
}

function readSecret(path: string, fileName: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push(`${fileName} names a file that cannot be read: ${reason}.`);
    return undefined;
  }
}

/** What is wrong with one variable, in a sentence; the value of a secret is left out. */
export function problemOf(issue: z.core.$ZodIssue, texts: Texts): string {
  const name = variableNames.find(candidate => candidate === issue.path[0]);
  if (name === undefined) return issue.message;
  const shown = factsOf(name).secret ? '' : `; it is "${texts[name]}"`;
  return `${name} must be ${issue.message.replace(/\.$/, '')}${shown}.`;
}

/** Variables that are needed because of another one: what stands first asks for what follows. */
const needs: readonly { because(texts: Texts): boolean; why: string; names: readonly Variable[] }[] = [
  {
    because: texts => texts.OCTOPODS_ROLE === 'http' || texts.OCTOPODS_ROLE === 'worker',
    why: 'when OCTOPODS_ROLE divides the work among processes, which must share it',
    names: ['DATABASE_URL', 'OCTOPODS_ENCRYPTION_KEYS', 'OCTOPODS_AUTH_SECRET'],
  },
  {
    because: texts => texts.OCTOPODS_MEDIA_DRIVER === 's3',
    why: 'when OCTOPODS_MEDIA_DRIVER is s3',
    names: ['OCTOPODS_S3_BUCKET', 'OCTOPODS_S3_REGION'],
  },
  together('OCTOPODS_S3_ACCESS_KEY_ID', 'OCTOPODS_S3_SECRET_ACCESS_KEY'),
  together('OCTOPODS_S3_SECRET_ACCESS_KEY', 'OCTOPODS_S3_ACCESS_KEY_ID'),
  together('OCTOPODS_SMTP_URL', 'OCTOPODS_MAIL_FROM'),
  together('OCTOPODS_INTERCOM_CLIENT_ID', 'OCTOPODS_INTERCOM_CLIENT_SECRET'),
  together('OCTOPODS_INTERCOM_CLIENT_SECRET', 'OCTOPODS_INTERCOM_CLIENT_ID'),
];

function together(given: Variable, needed: Variable): (typeof needs)[number] {
  return { because: texts => texts[given] !== undefined, why: `when ${given} is given`, names: [needed] };
}

/** A sentence for each variable that another one asks for and that was left out. */
export function missing(texts: Texts): string[] {
  return needs
    .filter(({ because }) => because(texts))
    .flatMap(({ names, why }) =>
      names.filter(name => texts[name] === undefined).map(name => `${name} is missing: it is needed ${why}.`),
    );
}
