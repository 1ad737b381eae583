import type { Health } from '../contract/adapter.ts';
import type { Queryable } from '../db/pool.ts';
import type { AnyConnection } from './connections.ts';

type Subject = Pick<AnyConnection, 'id' | 'workspaceId' | 'side'>;

/** Writes what is known of a channel or workspace; a change of status goes into its history. */
export async function recordStatus(db: Queryable, subject: Subject, found: Health): Promise<void> {
  const table = subject.side === 'channel' ? 'channels' : 'workspaces';
  await db.query(
    `with old as (select status from ${table} where id = $1 for update),
     changed as (
       update ${table} t
       set status = $3, status_reason = $4, status_advice = $5, facts = coalesce($6, t.facts), updated_at = now(),
           status_since = case when t.status = $3 then t.status_since else now() end
       from old where t.id = $1
       returning old.status is distinct from $3 as differs)
     insert into status_history (workspace_id, subject_id, status, reason)
     select $2, $1, $3, $4 from changed where differs`,
    [subject.id, subject.workspaceId, found.status, found.reason ?? null, found.advice ?? null, found.facts ?? null],
  );
}
