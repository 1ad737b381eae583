import type { Event, ReceiptEvent } from '../../contract/event.ts';
import { newId } from '../../db/ids.ts';
import type { Client } from '../../db/pool.ts';
import { toJson, wellFormed } from '../../kit/json.ts';
import type { AnyConnection, ChannelConnection } from '../connections.ts';
import { recordConsent } from '../consent.ts';
import { migrateChat } from '../migrate.ts';
import { recordStatus } from '../status.ts';
import { mergeContacts, startedByTeammate } from './contacts.ts';
import { addressKey, findConversations, type Located } from './conversations.ts';
import { type Placed, storeInLanes } from './messages.ts';
import * as sql from './statements.ts';

/** One verified webhook: the raw request and what it means. */
export interface Intake {
  source: AnyConnection;
  receivedAt: Date;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  events: Event[];
}

/** An event with what became of it; the journal keeps both. */
interface Tracked {
  intake: Intake;
  event: Event;
  outcome: string;
}

/**
 * Stores a group of webhooks in the caller's transaction: journal, contacts, conversations, messages and lane items. When it
 * returns and the transaction commits, nothing of them can be lost. Returns those that were nothing but redeliveries.
 */
export async function commitIntakes(client: Client, intakes: readonly Intake[]): Promise<Set<Intake>> {
  const tracked = intakes.flatMap(intake =>
    intake.events.map((event): Tracked => ({ intake, event: wellFormed(event), outcome: 'stored' })),
  );
  const fresh = await dropRedeliveries(client, tracked);
  const located = await findConversations(
    client,
    fresh.map(({ intake, event }): Located => ({ source: intake.source, event })),
    await moveChats(client, fresh),
  );
  const placed: Placed[] = [];
  const waiting: object[] = [];

  for (const item of fresh) {
    const { event, intake } = item;
    const { source, receivedAt } = intake;
    const conversation = located(source, event) ?? (await startedByTeammate(client, source, event));
    if (event.type === 'unknown' || event.type === 'ignored') {
      item.outcome = `${event.type}: ${event.kind}`;
    } else if (conversation) {
      placed.push({ source, receivedAt, event, conversation });
    } else if (event.type === 'message' && source.side === 'workspace') {
      item.outcome = 'waiting: the thread is not linked to a conversation';
      waiting.push({ workspace_id: source.workspaceId, thread_id: event.conversation, id: newId(), event });
    } else {
      item.outcome = await applyAtOnce(client, source, event);
    }
  }

  await storeInLanes(client, placed);
  if (waiting.length > 0) await client.query(sql.insertWaiting, [toJson(waiting)]);
  await insertJournal(client, intakes, tracked);
  return new Set(intakes.filter(intake => intake.events.length > 0 && !fresh.some(item => item.intake === intake)));
}

async function dropRedeliveries(client: Client, tracked: Tracked[]): Promise<Tracked[]> {
  const known = tracked.filter(({ event }) => hasEffect(event));
  if (known.length === 0) return tracked;
  const keys = known.map(({ intake, event }) => ({ source_id: intake.source.id, key: event.key }));
  const { rows } = await client.query<{ source_id: string; key: string }>(sql.rememberKeys, [toJson(keys)]);
  const unseen = new Set(rows.map(row => `${row.source_id} ${row.key}`));
  return tracked.filter(item => {
    // Deleting makes the second of two equal keys in one group a redelivery of the first.
    const isNew = !hasEffect(item.event) || unseen.delete(`${item.intake.source.id} ${item.event.key}`);
    if (!isNew) item.outcome = 'duplicate';
    return isNew;
  });
}

/** What is not understood yet leaves no key behind, so that a later version can take it in from the journal. */
function hasEffect(event: Event): boolean {
  return event.type !== 'unknown' && event.type !== 'ignored';
}

/**
 * A chat's new address counts at once: the next message comes from there, and must find the conversation. Returns where
 * each moved chat's events belong, for those that still name the old address.
 */
async function moveChats(client: Client, fresh: readonly Tracked[]): Promise<Map<string, string>> {
  const moved = new Map<string, string>();
  for (const { event, intake } of fresh) {
    if (event.type !== 'chat_migrated' || intake.source.side !== 'channel') continue;
    await migrateChat(client, intake.source, event);
    moved.set(`${intake.source.id} ${addressKey(intake.source, event.from)}`, addressKey(intake.source, event.to));
  }
  return moved;
}

/** What needs no order within a conversation, or has none, takes effect with the commit. Returns the outcome. */
async function applyAtOnce(client: Client, source: AnyConnection, event: Event): Promise<string> {
  switch (event.type) {
    case 'receipt':
      if (source.side !== 'channel') return 'ignored: a platform does not give receipts';
      await rememberReceipt(client, source, event);
      return 'stored';
    case 'opted_in':
    case 'opted_out':
      if (source.side !== 'channel') return 'ignored: a platform does not know consent';
      await recordConsent(client, source, event.type, source.adapter.externalId(event.contact, source.config));
      return 'stored';
    case 'chat_migrated':
      return 'stored';
    case 'contact_merged':
      await mergeContacts(client, source.workspaceId, event.from, event.to);
      return 'stored';
    case 'contact_gone':
      await client.query(
        'update contacts set platform_contact_id = null where workspace_id = $1 and platform_contact_id = $2',
        [source.workspaceId, event.contact],
      );
      return 'stored';
    case 'thread_merged':
      await client.query('update conversations set thread_id = $3 where workspace_id = $1 and thread_id = $2', [
        source.workspaceId,
        event.from,
        event.to,
      ]);
      return 'stored';
    case 'channel_status':
      await recordStatus(client, source, event);
      return 'stored';
    default:
      return 'ignored: no such conversation';
  }
}

async function rememberReceipt(client: Client, channel: ChannelConnection, receipt: ReceiptEvent): Promise<void> {
  await client.query(
    `insert into receipts (workspace_id, channel_id, remote_id, status, at, failure)
     values ($1, $2, $3, $4, coalesce($5::timestamptz, now()), $6) on conflict do nothing`,
    [channel.workspaceId, channel.id, receipt.id, receipt.status, receipt.at ?? null, receipt.failure ?? null],
  );
}

async function insertJournal(client: Client, intakes: readonly Intake[], tracked: readonly Tracked[]): Promise<void> {
  const rows = intakes.map(intake => ({
    id: newId(),
    workspace_id: intake.source.workspaceId,
    source_id: intake.source.id,
    received_at: intake.receivedAt.toISOString(),
    method: intake.method,
    url: wellFormed(intake.url),
    headers: wellFormed(intake.headers),
    body: Buffer.from(intake.body).toString('base64'),
    events: tracked.filter(item => item.intake === intake).map(({ event, outcome }) => ({ ...event, outcome })),
  }));
  await client.query(sql.insertJournal, [toJson(rows)]);
}
