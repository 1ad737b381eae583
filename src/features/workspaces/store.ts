import { sql } from 'kysely';
import { z } from 'zod';
import type { Database, Row } from '../../db/schema.ts';
import type { WorkspaceConnection } from '../../relay/connections.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Principal } from '../shared/access.ts';
import { addressFor, showConfig, shownConfig } from '../shared/connection-view.ts';
import { notFound, Problem } from '../shared/problem.ts';
import { connectionStatus, id, iso, isoOrNull, time } from '../shared/schemas.ts';
import { ownRows } from '../shared/scope.ts';

export const workspace = z
  .object({
    id,
    platform: z.string(),
    name: z.string().meta({ description: 'As the platform calls it; follows the platform.' }),
    identity: z.string(),
    sandbox: z.boolean(),
    status: connectionStatus,
    statusReason: z.string().nullable(),
    statusAdvice: z.string().nullable(),
    statusSince: time,
    facts: z.record(z.string(), z.string()),
    channels: z.int().meta({ description: 'How many channels it has.' }),
    connectedBy: z.string().nullable(),
    lastWebhookAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
    archivedAt: time.nullable(),
  })
  .meta({ id: 'Workspace' });

export const workspaceDetail = workspace
  .extend({
    config: shownConfig,
    webhookUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the platform is to post. Null for members, and while there is no public address.' }),
  })
  .meta({ id: 'WorkspaceDetail' });

/** The workspaces that this caller can see at all. */
export function workspacesOf(db: Database, principal: Principal) {
  return db
    .selectFrom('workspaces as w')
    .selectAll('w')
    .select(
      sql<number>`(select count(*) from channels c where c.workspace_id = w.id and c.removed_at is null)`.as(
        'channels',
      ),
    )
    .where(ownRows('w', principal, 'id'));
}

export type WorkspaceRow = Row<'workspaces'> & { channels: number };

/** @throws Problem when there is none, or another account has it. */
export async function findWorkspace(db: Database, principal: Principal, workspaceId: string): Promise<WorkspaceRow> {
  const row = await workspacesOf(db, principal).where('w.id', '=', workspaceId).executeTakeFirst();
  if (!row) throw notFound('workspace');
  return row;
}

/** The workspace with its adapter and opened credentials. @throws Problem when it is archived or not the caller's. */
export async function connectedWorkspace(
  { db, connections }: Dependencies,
  principal: Principal,
  workspaceId: string,
): Promise<WorkspaceConnection> {
  const row = await findWorkspace(db, principal, workspaceId);
  if (row.archived_at) throw new Problem('WORKSPACE_ARCHIVED');
  const found = await connections.workspace(workspaceId);
  if (!found) throw notFound('workspace');
  return found;
}

export function presentWorkspace(row: WorkspaceRow): z.infer<typeof workspace> {
  return {
    id: row.id,
    platform: row.platform,
    name: row.name,
    identity: row.identity,
    sandbox: row.sandbox,
    status: row.status,
    statusReason: row.status_reason,
    statusAdvice: row.status_advice,
    statusSince: iso(row.status_since),
    facts: row.facts,
    channels: row.channels,
    connectedBy: row.connected_by,
    lastWebhookAt: isoOrNull(row.last_webhook_at),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    archivedAt: isoOrNull(row.archived_at),
  };
}

export async function workspaceInDetail(
  dependencies: Dependencies,
  principal: Principal,
  workspaceId: string,
): Promise<z.infer<typeof workspaceDetail>> {
  const { db, connections, platforms, surroundings } = dependencies;
  const row = await findWorkspace(db, principal, workspaceId);
  const connected = await connections.workspace(workspaceId);
  const schema = platforms.get(row.platform)?.manifest.config;
  // The credentials of an archived workspace stay closed: it is only known that there are some.
  const isSet = (field: string) => (connected ? connected.config[field] !== undefined : row.secrets !== '');
  return {
    ...presentWorkspace(row),
    config: schema ? showConfig(schema, row.config, isSet) : {},
    webhookUrl: addressFor(principal, row, surroundings),
  };
}
