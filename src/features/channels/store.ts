import { z } from 'zod';
import type { Database, Row } from '../../db/schema.ts';
import type { ChannelConnection } from '../../relay/connections.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Principal } from '../shared/access.ts';
import { addressFor, showConfig, shownConfig } from '../shared/connection-view.ts';
import { notFound, Problem } from '../shared/problem.ts';
import { connectionStatus, id, iso, isoOrNull, time } from '../shared/schemas.ts';
import { ownRows } from '../shared/scope.ts';

export const channel = z
  .object({
    id,
    workspaceId: id,
    kind: z.string(),
    name: z.string().meta({ description: 'The technical name: a bot’s user name, a number.' }),
    friendlyName: z.string().nullable(),
    identity: z.string(),
    status: connectionStatus,
    statusReason: z.string().nullable(),
    statusAdvice: z.string().nullable(),
    statusSince: time,
    facts: z.record(z.string(), z.string()),
    switchedOff: z.boolean().meta({ description: 'By a person; only a person brings it back.' }),
    pausedUntil: time.nullable().meta({ description: 'The provider asked us to wait until then.' }),
    lastWebhookAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Channel' });

export const channelDetail = channel
  .extend({
    config: shownConfig,
    webhookUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the provider is to post. Null for members, and while there is no public address.' }),
  })
  .meta({ id: 'ChannelDetail' });

/** The channels of live workspaces that this caller can see at all. */
export function channelsOf(db: Database, principal: Principal) {
  return db
    .selectFrom('channels as c')
    .innerJoin('workspaces as w', 'w.id', 'c.workspace_id')
    .selectAll('c')
    .select(['w.archived_at', 'w.sandbox'])
    .where('c.removed_at', 'is', null)
    .where(ownRows('c', principal));
}

type ChannelRow = Row<'channels'> & { archived_at: Date | null; sandbox: boolean };

/** @throws Problem when there is none, it was removed, or another account has it. */
export async function findChannel(db: Database, principal: Principal, channelId: string): Promise<ChannelRow> {
  const row = await channelsOf(db, principal).where('c.id', '=', channelId).executeTakeFirst();
  if (!row) throw notFound('channel');
  return row;
}

/** The channel with its adapter and opened credentials. @throws Problem when its workspace is archived or it is not the caller's. */
export async function connectedChannel(
  { db, connections }: Dependencies,
  principal: Principal,
  channelId: string,
): Promise<ChannelConnection> {
  const row = await findChannel(db, principal, channelId);
  if (row.archived_at) throw new Problem('WORKSPACE_ARCHIVED');
  const found = await connections.channel(channelId);
  if (!found) throw notFound('channel');
  return found;
}

export function presentChannel(row: Row<'channels'>): z.infer<typeof channel> {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    kind: row.kind,
    name: row.name,
    friendlyName: row.friendly_name,
    identity: row.identity,
    status: row.status,
    statusReason: row.status_reason,
    statusAdvice: row.status_advice,
    statusSince: iso(row.status_since),
    facts: row.facts,
    switchedOff: row.switched_off,
    pausedUntil: isoOrNull(row.paused_until),
    lastWebhookAt: isoOrNull(row.last_webhook_at),
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  };
}

export async function channelInDetail(
  dependencies: Dependencies,
  principal: Principal,
  channelId: string,
): Promise<z.infer<typeof channelDetail>> {
  const { db, connections, channels, surroundings } = dependencies;
  const row = await findChannel(db, principal, channelId);
  const connected = await connections.channel(channelId);
  const schema = channels.get(row.kind)?.manifest.config;
  // The credentials of an archived workspace's channel stay closed: it is only known that there are some.
  const isSet = (field: string) => (connected ? connected.config[field] !== undefined : row.secrets !== '');
  return {
    ...presentChannel(row),
    config: schema ? showConfig(schema, row.config, isSet) : {},
    webhookUrl: addressFor(principal, row, surroundings),
  };
}
