import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import pino from 'pino';
import { channels } from '../../src/channels/registry.ts';
import { startScratch } from '../../src/db/embedded/scratch.ts';
import { platforms } from '../../src/platforms/registry.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startForTest } from '../support/octopods.ts';
import { contractsDir } from '../support/shared.ts';
import type { Case } from './case.ts';
import { runCase } from './run-case.ts';
import type { PlayedChannel, Player } from './vendors/player.ts';
import { telegram } from './vendors/telegram.ts';
import { twilioSms } from './vendors/twilio-sms.ts';
import { whatsapp } from './vendors/whatsapp.ts';

/** Who plays the vendor of each kind of channel. */
const players: Readonly<Record<string, Player>> = { telegram, 'twilio-sms': twilioSms, whatsapp };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    channel: { type: 'string' },
    json: { type: 'boolean' },
    verbose: { type: 'boolean' },
    'if-present': { type: 'boolean' },
  },
});

const [dir] = positionals;
if (dir === undefined) {
  console.error('Usage: npm run conformance -- DIR [--channel telegram,intercom] [--json] [--verbose]');
  process.exit(2);
}

if (values['if-present'] && !existsSync(dir) && process.env.OCTOPODS_REQUIRE_SHARED !== '1') {
  console.log(`${dir} is absent, so the conformance cases are skipped.`);
  process.exit(0);
}

interface Result {
  id: string;
  channel: string;
  ok: boolean;
  findings: string[];
}

/** Where they are at hand, every call of ours is held against the vendors' contracts as well. */
const contracts = contractsDir();
const cases = await readCases(resolve(dir), values.channel?.split(','));
const results: Result[] = [];
const skipped: string[] = [];
const scratch = await startScratch();
try {
  for (const spec of cases) {
    const kind = kindFor(spec);
    const player = players[kind];
    if (!player || !channels.has(kind)) {
      skipped.push(spec.id);
      continue;
    }
    const result = { id: spec.id, channel: spec.channel, ...(await play(spec, { kind, player })) };
    results.push(result);
    if (values.json) continue;
    console.log(`${result.ok ? '✓' : '✗'} ${spec.id}  ${spec.why}`);
    for (const finding of result.findings) console.log(`    ${finding}`);
  }
} finally {
  await scratch.stop();
}

const passed = results.filter(result => result.ok).length;
const failed = results.length - passed;
if (values.json) console.log(JSON.stringify({ passed, failed, skipped, cases: results }, null, 2));
else {
  if (skipped.length > 0) console.log(`${skipped.length} cases of channels that are not built yet were left out.`);
  console.log(`${passed} passed, ${failed} failed`);
}
process.exit(failed > 0 || results.length === 0 ? 1 : 0);

/**
 * The kind of channel that a case runs over. Cases of a platform name one in their links; where that is not built, and where
 * they name none, it is Telegram, for to the platform it makes no difference.
 */
function kindFor(spec: Case): string {
  if (!platforms.has(spec.channel)) return spec.channel;
  const linked = spec.given?.links?.[0]?.channel ?? '';
  return linked in players && channels.has(linked) ? linked : 'telegram';
}

/** Every case has a database, a server and vendors of its own, so that none can lean on another. */
async function play(spec: Case, channel: PlayedChannel): Promise<{ ok: boolean; findings: string[] }> {
  const name = `case_${spec.id.replace(/\W/g, '_')}`;
  await onServer(`create database ${name}`);
  const url = new URL(scratch.url);
  url.pathname = `/${name}`;
  // Cases of a platform give contacts short ids, which its contract would not admit.
  const checked = contracts !== undefined && !platforms.has(spec.channel);
  const sandbox = await startSandbox(checked ? { contractsDir: contracts } : {});
  try {
    const octopods = await startForTest({
      databaseUrl: url.href,
      sandboxUrl: sandbox.url,
      logger: pino({ level: values.verbose ? 'debug' : 'silent' }),
    });
    try {
      const findings = await runCase(octopods, sandbox, spec, channel);
      for (const { vendor, operation, message } of sandbox.violations) {
        findings.push(`a call of ours breaks ${vendor}'s contract: ${operation}: ${message}`);
      }
      return { ok: findings.length === 0, findings };
    } finally {
      await octopods.stop();
    }
  } catch (error) {
    return { ok: false, findings: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  } finally {
    await sandbox.close();
    await onServer(`drop database ${name} with (force)`);
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: scratch.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function readCases(folder: string, only: readonly string[] | undefined): Promise<Case[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.json')).sort();
  const all = await Promise.all(
    names.map(async name => JSON.parse(await readFile(join(folder, name), 'utf8')) as Case),
  );
  return all.filter(spec => only === undefined || only.includes(spec.channel));
}
