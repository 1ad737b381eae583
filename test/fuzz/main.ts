import { parseArgs } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import pino from 'pino';
import { Pool } from 'undici';
import { channels } from '../../src/channels/registry.ts';
import { startScratch } from '../../src/db/embedded/scratch.ts';
import { formatKeyRing, makeKey } from '../../src/db/vault.ts';
import type { Octopods } from '../../src/main.ts';
import { platforms } from '../../src/platforms/registry.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startForTest } from '../support/octopods.ts';
import { examplesOf } from './examples.ts';
import { type Input, inputs } from './inputs.ts';
import { adopt, clientSecret, connect, type Target } from './target.ts';

// `npm run fuzz`: posts anything, with a valid proof, to the webhook of every adapter. No answer may be a fault of ours, and
// the server must go on.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    channel: { type: 'string', default: [...channels.keys(), ...platforms.keys()].join(',') },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const together = 64;

console.log(`Seed ${seed}; ${runs.toLocaleString('en')} inputs each.`);
const scratch = await startScratch();
let failed = false;
try {
  for (const id of values.channel.split(',')) failed = !(await fuzz(id)) || failed;
} finally {
  await scratch.stop();
}
process.exit(failed ? 1 : 0);

async function fuzz(id: string): Promise<boolean> {
  const examples = await examplesOf(id, adopt);
  const sandbox = await startSandbox();
  const octopods = await startServer(id, sandbox.url);
  const client = new Pool(octopods.url, { connections: together, headersTimeout: 30_000 });
  try {
    const target = await connect(octopods, sandbox, id);
    const answers = new Map<number, number>();
    const began = performance.now();
    const property = fc.asyncProperty(
      fc.array(inputs(id, examples), { minLength: together, maxLength: together }),
      async batch => {
        const statuses = await Promise.all(batch.map((input, i) => post(client, target, input, i)));
        for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
        const alive = await client.request({ path: '/livez', method: 'GET' });
        await alive.body.dump();
        if (alive.statusCode !== 200) throw new Error(`/livez answers ${alive.statusCode}.`);
      },
    );
    const result = await fc.check(property, { seed, numRuns: Math.ceil(runs / together), endOnFailure: true });
    const seconds = (performance.now() - began) / 1000;
    const counts = [...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
    const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${result.failed ? '✗' : '✓'} ${id}: ${total} inputs from ${examples.length} examples in ${seconds.toFixed(0)} s` +
        ` (${Math.round(total / seconds)}/s): ${counts.join(', ')}`,
    );
    if (result.failed) console.error(result.errorInstance);
    return !result.failed;
  } finally {
    await client.destroy();
    await octopods.stop();
    await sandbox.close();
  }
}

/** Its status; throws when it is a fault of ours, or when no answer comes. */
async function post(client: Pool, target: Target, input: Input, turn: number): Promise<number> {
  const path = target.pathFor(input, target.paths[turn % target.paths.length] ?? '');
  try {
    const answer = await client.request({
      path,
      method: 'POST',
      headers: target.headers(input, path),
      body: input.body,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 500) throw new Error(`${answer.statusCode} ${text}`);
    return answer.statusCode;
  } catch (cause) {
    const shown = Buffer.from(input.body).toString('base64');
    throw new Error(`A body of type “${input.type}” broke it, in base64: ${shown.slice(0, 4000)}`, { cause });
  }
}

/** Receives only: what becomes of the messages is the business of other tests. */
async function startServer(id: string, sandboxUrl: string): Promise<Octopods> {
  const name = `fuzz_${id.replace(/\W/g, '_')}`;
  const admin = new pg.Client({ connectionString: scratch.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(scratch.url);
  url.pathname = `/${name}`;
  return startForTest({
    databaseUrl: url.href,
    sandboxUrl,
    logger: pino({ level: 'error' }),
    env: {
      OCTOPODS_ROLE: 'http',
      DATABASE_URL: url.href,
      OCTOPODS_AUTH_SECRET: 'fuzz-auth-secret-of-32-characters',
      OCTOPODS_ENCRYPTION_KEYS: formatKeyRing([makeKey()]),
      OCTOPODS_INTERCOM_CLIENT_ID: 'fuzz-client',
      OCTOPODS_INTERCOM_CLIENT_SECRET: clientSecret,
    },
  });
}
