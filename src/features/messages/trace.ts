import { sql } from 'kysely';
import { z } from 'zod';
import type { Database, Row } from '../../db/schema.ts';
import { shownFailure } from '../shared/problem-of.ts';
import { iso, isoOrNull } from '../shared/schemas.ts';
import type { messageDetail } from './schemas.ts';

type Message = Row<'messages'>;
type Trace = z.infer<typeof messageDetail>['trace'];

const exchanges = z.array(
  z.object({
    method: z.string(),
    url: z.string(),
    status: z.int().optional(),
    requestId: z.string().optional(),
    startedAt: z.string(),
    milliseconds: z.number(),
    error: z.string().optional(),
  }),
);

/** All that is known of a message's way. */
export async function traceOf(db: Database, message: Message): Promise<Trace> {
  const [attempts, deliveries, receipts, webhooks] = await Promise.all([
    attemptsOf(db, message),
    deliveriesOf(db, message),
    receiptsOf(db, message),
    webhooksOf(db, message),
  ]);
  return { attempts, deliveries, receipts, webhooks };
}

async function attemptsOf(db: Database, message: Message): Promise<Trace['attempts']> {
  const rows = await db
    .selectFrom('message_attempts')
    .selectAll()
    .where('workspace_id', '=', message.workspace_id)
    .where('message_id', '=', message.id)
    .orderBy('no')
    .execute();
  return rows.map(row => ({
    no: row.no,
    startedAt: iso(row.started_at),
    milliseconds: row.milliseconds,
    ok: row.ok,
    failure: row.failure && shownFailure(row.failure),
    retryAt: isoOrNull(row.retry_at),
    exchanges: exchanges.parse(row.exchanges),
  }));
}

async function deliveriesOf(db: Database, message: Message): Promise<Trace['deliveries']> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['side', 'remote_id', 'piece', 'at'])
    .where('workspace_id', '=', message.workspace_id)
    .where('message_id', '=', message.id)
    .orderBy('piece')
    .orderBy('at')
    .execute();
  return rows.map(row => ({ side: row.side, remoteId: row.remote_id, piece: row.piece, at: iso(row.at) }));
}

async function receiptsOf(db: Database, message: Message): Promise<Trace['receipts']> {
  const rows = await db
    .selectFrom('receipts as r')
    .innerJoin('deliveries as d', join =>
      join
        .onRef('d.channel_id', '=', 'r.channel_id')
        .onRef('d.remote_id', '=', 'r.remote_id')
        .on('d.side', '=', 'channel'),
    )
    .select(['r.remote_id', 'r.status', 'r.at', 'r.failure'])
    .where('r.workspace_id', '=', message.workspace_id)
    .where('d.workspace_id', '=', message.workspace_id)
    .where('d.message_id', '=', message.id)
    .orderBy('r.at')
    .execute();
  return rows.map(row => ({
    remoteId: row.remote_id,
    status: row.status,
    at: iso(row.at),
    failure: row.failure && shownFailure(row.failure),
  }));
}

/** A webhook is committed together with its messages, so its entry is never far from them in time. */
async function webhooksOf(db: Database, message: Message): Promise<string[]> {
  const rows = await db
    .selectFrom('journal')
    .select('id')
    .where('source_id', 'in', [message.channel_id, message.workspace_id])
    .where('received_at', '>', sql<Date>`${message.created_at}::timestamptz - interval '10 minutes'`)
    .where('received_at', '<', sql<Date>`${message.created_at}::timestamptz + interval '1 minute'`)
    .where(sql<boolean>`events @> ${JSON.stringify([{ id: message.remote_id }])}::jsonb`)
    .orderBy('received_at')
    .execute();
  return rows.map(row => row.id);
}
