import type { Logger } from 'pino';
import type { Pool } from '../db/pool.ts';
import type { Connections } from './connections.ts';
import type { SetUp } from './setup.ts';

/**
 * Asks every provider and platform how things are: a revoked token or a webhook that another system took away is noticed
 * before a message is lost to it. What a person switched off is left alone.
 */
export async function checkAll(pool: Pool, connections: Connections, setUp: SetUp, logger: Logger): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from workspaces where archived_at is null and not sandbox
     union all
     select c.id from channels c join workspaces w on w.id = c.workspace_id
     where c.removed_at is null and w.archived_at is null and not w.sandbox and not c.switched_off`,
  );
  for (const { id } of rows) {
    const connection = (await connections.channel(id)) ?? (await connections.workspace(id));
    if (!connection) continue;
    const found = await setUp.check(connection);
    if (found.status !== connection.status) {
      logger.info({ identity: connection.identity, was: connection.status, is: found.status }, 'a status changed');
    }
  }
}
