import type { Queryable } from '../../db/pool.ts';
import { announceLanes } from '../notices.ts';
import { findForgotten } from './statements.ts';

/** Lets the lanes go on that waited for this channel or workspace to be reconnected. Returns how many. */
export async function unpark(db: Queryable, subjectId: string): Promise<number> {
  const { rowCount } = await db.query(
    `update lanes l set parked_for = null, attempts = 0, failing_since = null,
       due = case when last_seq > done_seq then now() else 'infinity' end
     from (select workspace_id, conversation_id from lanes where parked_for = $1
           order by workspace_id, conversation_id for update) parked
     where l.workspace_id = parked.workspace_id and l.conversation_id = parked.conversation_id`,
    [subjectId],
  );
  await announceLanes(db);
  return rowCount ?? 0;
}

/** Catches up on lanes that were parked while their reconnect was being written. */
export async function sweepParked(db: Queryable): Promise<void> {
  const { rows } = await db.query<{ parked_for: string }>(findForgotten);
  for (const row of rows) await unpark(db, row.parked_for);
}
