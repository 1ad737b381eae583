import { sql } from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { Principal } from '../shared/access.ts';
import { Keyset } from '../shared/page.ts';
import { channelsOf } from './store.ts';

interface ChannelQuery {
  limit: number;
  cursor?: string | undefined;
  q?: string | undefined;
  workspaceId?: string | undefined;
  kind?: string | undefined;
  status?: 'pending' | 'connected' | 'offline' | 'disconnected' | undefined;
  sort: 'name' | 'status' | 'createdAt' | 'updatedAt';
  order: 'asc' | 'desc';
}

const sorts = {
  name: { by: sql`lower(coalesce(c.friendly_name, c.name))`, type: 'text' },
  status: { by: sql.ref('c.status'), type: 'text' },
  createdAt: { by: sql.ref('c.created_at'), type: 'timestamptz' },
  updatedAt: { by: sql.ref('c.updated_at'), type: 'timestamptz' },
} as const;

/** A page of the channels this caller can see. Those of archived workspaces are shown only when asked for by workspace. */
export async function listChannels(db: Database, principal: Principal, query: ChannelQuery) {
  const keyset = new Keyset(
    `channels ${query.sort}`,
    { ...sorts[query.sort], id: sql.ref('c.id'), direction: query.order },
    query,
  );
  let rows = channelsOf(db, principal);
  if (query.workspaceId === undefined) rows = rows.where('w.archived_at', 'is', null);
  else rows = rows.where('c.workspace_id', '=', query.workspaceId);
  if (query.kind !== undefined) rows = rows.where('c.kind', '=', query.kind);
  if (query.status !== undefined) rows = rows.where('c.status', '=', query.status);
  if (query.q !== undefined && query.q !== '') rows = rows.where(contains(query.q));
  return { keyset, rows: await keyset.apply(rows).execute() };
}

function contains(words: string) {
  return sql<boolean>`strpos(lower(concat_ws(' ', c.friendly_name, c.name, c.identity)), lower(${words})) > 0`;
}
