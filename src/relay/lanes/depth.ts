import type { Queryable } from '../../db/pool.ts';
import type { LaneDepth } from '../../ops/metrics.ts';

/** What waits in all lanes: how much, and for how long the oldest of it. Lanes parked for a reconnect count too. */
export async function laneDepth(db: Queryable): Promise<LaneDepth> {
  const { rows } = await db.query<LaneDepth>(
    `select coalesce(sum(l.last_seq - l.done_seq), 0)::float8 as waiting,
            coalesce(extract(epoch from now() - min(i.created_at)), 0)::float8 as "oldestSeconds"
     from lanes l
     left join lane_items i on i.workspace_id = l.workspace_id and i.conversation_id = l.conversation_id
                           and i.seq = l.done_seq + 1
     where l.due < 'infinity' or l.parked_for is not null`,
  );
  return rows[0] ?? { waiting: 0, oldestSeconds: 0 };
}
