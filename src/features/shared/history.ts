import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { Keyset, pageOf, type pageQuery } from './page.ts';
import { connectionStatus, iso, time } from './schemas.ts';

const statusChange = z
  .object({ at: time, status: connectionStatus, reason: z.string().nullable() })
  .meta({ id: 'StatusChange' });

export const historyPage = pageOf(statusChange);

/** What became of a channel or workspace over time, the latest first. */
export async function listHistory(
  db: Database,
  subject: { id: string; workspaceId: string },
  query: z.infer<typeof pageQuery>,
): Promise<z.infer<typeof historyPage>> {
  const keyset = new Keyset(
    'history',
    { by: sql.ref('at'), type: 'timestamptz', id: sql.ref('subject_id'), direction: 'desc' },
    query,
  );
  const rows = await keyset
    .apply(
      db
        .selectFrom('status_history')
        .select(['subject_id as id', 'at', 'status', 'reason'])
        .where('workspace_id', '=', subject.workspaceId)
        .where('subject_id', '=', subject.id),
    )
    .execute();
  return keyset.page(rows, row => ({ at: iso(row.at), status: row.status, reason: row.reason }));
}
