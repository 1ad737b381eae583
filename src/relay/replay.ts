import type { Event } from '../contract/event.ts';
import { type Pool, transaction } from '../db/pool.ts';
import { rawRequest } from '../kit/request.ts';
import type { Connections } from './connections.ts';
import { commitIntakes } from './store/commit.ts';

interface Row {
  source_id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Takes a webhook from the journal in once more, with the adapter as it is now: what was stored before stays as it is, what
 * was not understood then gets its chance. Returns the events, or undefined when there is no such entry or its channel is
 * gone. Its signature was checked when it came in and is not kept.
 */
export async function replay(pool: Pool, connections: Connections, journalId: string): Promise<Event[] | undefined> {
  const { rows } = await pool.query<Row>('select source_id, method, url, headers, body from journal where id = $1', [
    journalId,
  ]);
  const row = rows[0];
  const source = row && ((await connections.channel(row.source_id)) ?? (await connections.workspace(row.source_id)));
  if (!row || !source) return undefined;
  const request = rawRequest({ ...row, url: new URL(row.url, 'http://replay.invalid').href });
  const events = source.adapter.normalise(request, source.config);
  const intake = {
    source,
    receivedAt: new Date(),
    method: row.method,
    url: row.url,
    headers: row.headers,
    body: row.body,
    events,
  };
  await transaction(pool, client => commitIntakes(client, [intake]));
  return events;
}
