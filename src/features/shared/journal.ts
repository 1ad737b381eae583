import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { Keyset, pageOf, type pageQuery } from './page.ts';
import { id, iso, time } from './schemas.ts';

const webhook = z
  .object({
    id,
    receivedAt: time,
    method: z.string(),
    bytes: z.int(),
    events: z.array(
      z.looseObject({
        type: z.string(),
        key: z.string(),
        outcome: z.string().meta({ description: '`stored`, `duplicate`, `waiting`, or why it was ignored.' }),
      }),
    ),
  })
  .meta({ id: 'Webhook', description: 'A webhook as it was understood. Raw bodies are kept, and not shown here.' });

export const journalPage = pageOf(webhook);

/** What a provider or platform posted lately and what became of it, the latest first. */
export async function listJournal(
  db: Database,
  sourceId: string,
  query: z.infer<typeof pageQuery>,
): Promise<z.infer<typeof journalPage>> {
  const keyset = new Keyset(
    'journal',
    { by: sql.ref('received_at'), type: 'timestamptz', id: sql.ref('id'), direction: 'desc' },
    query,
  );
  const rows = await keyset
    .apply(
      db
        .selectFrom('journal')
        .select(['id', 'received_at', 'method', 'events'])
        .select(sql<number>`length(body)`.as('bytes'))
        .where('source_id', '=', sourceId),
    )
    .execute();
  return keyset.page(rows, row => ({
    id: row.id,
    receivedAt: iso(row.received_at),
    method: row.method,
    bytes: row.bytes,
    events: z.array(z.looseObject({ type: z.string(), key: z.string(), outcome: z.string() })).parse(row.events),
  }));
}
