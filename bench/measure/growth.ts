import { createPool } from '../../src/db/pool.ts';
import { createDatabase } from '../../src/db/schema.ts';
import { listConversations } from '../../src/features/conversations/store.ts';
import { listMessages } from '../../src/features/messages/list.ts';
import type { Database, Stage } from '../stage.ts';
import { fill } from './fill.ts';
import { drive, type RelaySize } from './relay.ts';

export interface GrowthFigures {
  ratio: number;
  sizes: {
    stored: number;
    deliveredPerSecond: number;
    /** Milliseconds for the console's first page. */
    messagesMs: number;
    conversationsMs: number;
    /** Tables that were read from end to end during the run, among those that grow. */
    scanned: string[];
  }[];
}

/** Tables that grow with the messages: a sequential scan of one is a fault. */
const growing = [
  'messages',
  'conversations',
  'contacts',
  'lanes',
  'lane_items',
  'deliveries',
  'seen_events',
  'message_attempts',
];

/** The path's speed, and the console's, with more and more messages stored. The ratio is that of the fullest to the empty. */
export async function measureGrowth(stage: Stage, options: RelaySize & { stored: number[] }): Promise<GrowthFigures> {
  const sizes: GrowthFigures['sizes'] = [];
  const octopods = await stage.octopods();
  await drive(stage, octopods.hooks, { messages: 1000, conversations: 500 }, { failEvery: null });
  let filled = 0;
  for (const [i, stored] of [0, ...options.stored].entries()) {
    if (i > 0) await fill(octopods.database, octopods.channelId, stored - filled, filled);
    filled = stored;
    const before = await scans(octopods.database);
    const run = await drive(stage, octopods.hooks, options, { failEvery: null, firstConversation: 100_000 * (i + 1) });
    const after = await scans(octopods.database);
    sizes.push({
      stored,
      deliveredPerSecond: run.deliveredPerSecond,
      ...(await lists(octopods.database)),
      // While a table is small, reading all of it is the quickest way.
      scanned: i === 0 ? [] : growing.filter(name => after.get(name) !== before.get(name)),
    });
  }
  await octopods.stop();
  const [empty] = sizes;
  const fullest = sizes.at(-1);
  return { ratio: (fullest?.deliveredPerSecond ?? 0) / (empty?.deliveredPerSecond ?? 0), sizes };
}

async function scans(database: Database): Promise<Map<string, number>> {
  const rows = await database.query<{ relname: string; seq_scan: number }>(
    'select relname, seq_scan from pg_stat_user_tables where relname = any($1)',
    [growing],
  );
  return new Map(rows.map(row => [row.relname, row.seq_scan]));
}

async function lists(database: Database): Promise<{ messagesMs: number; conversationsMs: number }> {
  const [workspace] = await database.query<{ account_id: string }>('select account_id from workspaces');
  const pool = createPool(database.url, { max: 1 });
  const db = createDatabase(pool);
  const principal = { kind: 'key' as const, keyId: 'bench', accountId: workspace?.account_id ?? '' };
  const messagesMs = await timed(() => listMessages(db, principal, { limit: 50, order: 'desc' }));
  const conversationsMs = await timed(() => listConversations(db, principal, { limit: 50 }));
  await pool.end();
  return { messagesMs, conversationsMs };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 11; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[5] ?? Number.NaN;
}
