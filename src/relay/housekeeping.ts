import { type Pool, sqlState } from '../db/pool.ts';

/** Days for which a journal partition stands ready. */
const ahead = 3;

/** Rows deleted in one statement, so that no clean-up holds many locks or bloats one transaction. */
const batch = 5000;

const checkViolation = '23514';

/** Makes sure that the journal has a partition for today and the next days. Safe to repeat, by many processes. */
export async function prepareJournal(pool: Pool, today = new Date()): Promise<void> {
  for (let offset = 0; offset <= ahead; offset++) {
    const day = dayAfter(today, offset);
    const name = `journal_${day.replaceAll('-', '')}`;
    try {
      await pool.query(
        `create table if not exists ${name} partition of journal for values from ('${day}Z') to ('${dayAfter(today, offset + 1)}Z')`,
      );
    } catch (error) {
      // Rows of that day went to the default partition already; they stay there and are cleaned up with it.
      if (sqlState(error) !== checkViolation) throw error;
    }
  }
}

/** Forgets what nobody needs any more: old journal days, keys of events long past, finished lane items. */
export async function cleanUp(pool: Pool, keep: { journalDays: number }): Promise<void> {
  const oldest = dayAfter(new Date(), -keep.journalDays);
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'journal'::regclass and c.relname ~ '^journal_[0-9]{8}$' and c.relname < $1`,
    [`journal_${oldest.replaceAll('-', '')}`],
  );
  for (const { name } of rows) await pool.query(`drop table if exists ${name}`);
  await inBatches(
    pool,
    `delete from journal_default where (received_at, id) in
       (select received_at, id from journal_default where received_at < $1 limit ${batch})`,
    [oldest],
  );
  await inBatches(
    pool,
    `delete from seen_events where (source_id, key) in
       (select source_id, key from seen_events where at < $1 limit ${batch})`,
    [oldest],
  );
  await pool.query(`delete from send_turns where tat < now() - interval '1 hour'`);
  await inBatches(
    pool,
    `delete from lane_items where (workspace_id, conversation_id, seq) in
       (select i.workspace_id, i.conversation_id, i.seq from lane_items i
        join lanes l on l.workspace_id = i.workspace_id and l.conversation_id = i.conversation_id and i.seq <= l.done_seq
        limit ${batch})`,
    [],
  );
}

async function inBatches(pool: Pool, statement: string, values: unknown[]): Promise<void> {
  for (let deleted = batch; deleted === batch; ) {
    deleted = (await pool.query(statement, values)).rowCount ?? 0;
  }
}

function dayAfter(start: Date, days: number): string {
  return new Date(start.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}
