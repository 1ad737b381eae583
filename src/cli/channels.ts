import { withInstallation } from './installation.ts';
import { printTable, UsageError } from './output.ts';
import { localSetUp } from './setup.ts';

interface Row {
  id: string;
  kind: string;
  name: string;
  identity: string;
  status: string;
  reason: string | null;
}

/** `octopods channels`: workspaces and channels with their status. */
export async function listChannels(options: { json?: boolean }): Promise<void> {
  await withInstallation(async ({ pool }) => {
    const { rows } = await pool.query<Row>(
      `select * from (
         select id, id as workspace, platform as kind, name, identity, status, status_reason as reason, created_at
         from workspaces where archived_at is null
         union all
         select c.id, c.workspace_id, c.kind, coalesce(c.friendly_name, c.name), c.identity, c.status, c.status_reason, c.created_at
         from channels c join workspaces w on w.id = c.workspace_id and w.archived_at is null where c.removed_at is null
       ) all_of_them order by workspace, id <> workspace, created_at`,
    );
    if (options.json) console.log(JSON.stringify(rows, null, 2));
    else if (rows.length === 0)
      console.log('Nothing is connected yet. Connect a workspace through the API: see /docs.');
    else {
      const cells = rows.map(row => [row.id, row.kind, row.name, row.status, row.reason ?? '']);
      printTable(['ID', 'KIND', 'NAME', 'STATUS', 'WHY'], cells);
    }
  });
}

/** `octopods channels check`: asks the provider now. Exit code 1 unless it is connected. */
export async function checkConnection(id: string): Promise<void> {
  await withInstallation(async installation => {
    const { connections } = installation;
    const connection = (await connections.channel(id)) ?? (await connections.workspace(id));
    if (!connection)
      throw new UsageError(`Nothing is connected under the id ${id}. “octopods channels” lists the ids.`);
    const found = await localSetUp(installation).check(connection);
    console.log(`${connection.name}: ${found.status}${found.reason === undefined ? '' : ` – ${found.reason}`}`);
    if (found.advice !== undefined) console.log(found.advice);
    for (const [label, value] of Object.entries(found.facts ?? {})) console.log(`  ${label}: ${value}`);
    if (found.status !== 'connected') process.exitCode = 1;
  });
}
