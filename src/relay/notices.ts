import type { Queryable } from '../db/pool.ts';

/** PostgreSQL notification channels that wake other processes. */
export const lanesNotice = 'octopods_lanes';
export const connectionsNotice = 'octopods_connections';

/** Tells every process that a channel or workspace changed. */
export async function announceConnections(db: Queryable): Promise<void> {
  await db.query(`notify ${connectionsNotice}`);
}

/** Tells every worker that a lane has become due. Sent on commit when `db` is a transaction. */
export async function announceLanes(db: Queryable): Promise<void> {
  await db.query(`notify ${lanesNotice}`);
}
