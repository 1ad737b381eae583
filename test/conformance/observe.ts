import type { Failure } from '../../src/contract/failure.ts';
import type { Part, Quote, Sender } from '../../src/contract/message.ts';
import type { Pool } from '../../src/db/pool.ts';
import { isMedia, standIn } from '../../src/relay/render.ts';

export interface SeenMessage {
  id: string;
  conversationId: string;
  /** The conversation's address as the provider spells it now, and as it did before: it may change its mind. */
  addresses: readonly string[];
  senderId: string;
  senderName: string | undefined;
  /** The customer's own words. */
  text: string;
  /** Everything a reader would see, stand-ins included. */
  anyText: string;
  attachments: { type: string; mime: string | undefined; ref: string; name: string | undefined }[];
  location: { lat: number; lng: number; name?: string; address?: string } | undefined;
  replyTo: string | undefined;
  payload: string | undefined;
  timestamp: string;
  direction: string;
}

export interface SeenContact {
  externalId: string;
  phone: string | null;
}

export interface SeenDelivery {
  text: string | null;
  attachments: { type: string; name: string; mime: string }[];
}

export interface SeenFate {
  status: string;
  /** Classes of all tries, and of the end. */
  classes: string[];
  /** Whether a failed try was, or will be, followed by another. */
  retried: boolean;
  retryAfterSeconds: number | undefined;
}

interface Row {
  remote_id: string;
  conversation_id: string;
  address: string;
  sender: Sender;
  parts: Part[];
  reply_to: Quote | null;
  at: Date;
  direction: string;
}

/**
 * The messages of one direction, oldest first, without the stand-ins that tell of edits and reactions.
 * @param before what was seen earlier, for the addresses that conversations had then.
 */
export async function seenMessages(
  pool: Pool,
  directions: readonly string[],
  before: readonly SeenMessage[] = [],
): Promise<SeenMessage[]> {
  const former = new Map(before.map(({ conversationId, addresses }) => [conversationId, addresses]));
  const { rows } = await pool.query<Row>(
    `select m.remote_id, m.conversation_id, v.address, m.sender, m.parts, m.reply_to, m.at, m.direction
     from messages m join conversations v on v.workspace_id = m.workspace_id and v.id = m.conversation_id
     where m.direction = any($1) and m.remote_id not like 'event:%' order by m.created_at, m.id`,
    [directions],
  );
  return rows.map(row => {
    const choice = row.parts.find(part => part.kind === 'choice');
    const contactCards = row.parts.filter(part => part.kind === 'contact');
    return {
      id: row.remote_id,
      conversationId: row.conversation_id,
      addresses: [row.address, ...(former.get(row.conversation_id) ?? [])],
      senderId: row.sender.id,
      senderName: row.sender.name,
      text: row.parts
        .filter(part => part.kind === 'text' || part.kind === 'choice')
        .map(standIn)
        .join('\n'),
      anyText: row.parts
        .map(part => (part.kind === 'choice' ? `${part.label} ${part.payload ?? ''}` : standIn(part)))
        .join('\n'),
      attachments: [
        ...row.parts
          .filter(isMedia)
          .map(part => ({ type: part.kind, mime: part.mime, ref: part.ref, name: part.name })),
        ...contactCards.map(card => ({ type: 'contact', mime: undefined, ref: '', name: card.name })),
      ],
      location: row.parts.find(part => part.kind === 'location'),
      replyTo: row.reply_to?.id,
      payload: choice?.payload,
      timestamp: row.at.toISOString(),
      direction: row.direction === 'echo' ? 'outbound' : row.direction,
    };
  });
}

/** The people that the product knows. */
export async function seenContacts(pool: Pool): Promise<SeenContact[]> {
  const { rows } = await pool.query<SeenContact>('select external_id as "externalId", phone from contacts');
  return rows;
}

/** The events that webhooks since a moment were understood as, in the words of the case format; redeliveries do not count. */
export async function seenEvents(pool: Pool, since: Date): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<{ events: Record<string, unknown>[] }>(
    'select events from journal where received_at >= $1 order by received_at',
    [since],
  );
  return rows
    .flatMap(row => row.events)
    .filter(event => event.outcome === 'stored' || event.outcome === 'ignored: no such conversation')
    .map(event => ({
      ...event,
      type: event.type,
      message_id: event.id,
      payload: field(event.referral, 'payload'),
      text: Array.isArray(event.parts) ? event.parts.map(part => standIn(part)).join('\n') : undefined,
      timestamp: event.at,
    }));
}

/** What became of the newest message of a direction, or of the one sent under a provider id. */
export async function seenFate(
  pool: Pool,
  which: { direction: 'inbound' | 'outbound' } | { sentAs: string },
): Promise<SeenFate | undefined> {
  const { rows } = await pool.query<{ id: string; status: string; failure: Failure | null }>(
    'sentAs' in which
      ? `select m.id, m.status, m.failure from deliveries d
         join messages m on m.workspace_id = d.workspace_id and m.id = d.message_id
         where d.side = 'channel' and d.remote_id = $1`
      : `select id, status, failure from messages where direction = $1 order by created_at desc, id desc limit 1`,
    ['sentAs' in which ? which.sentAs : which.direction],
  );
  const message = rows[0];
  if (!message) return undefined;
  const attempts = await pool.query<{ failure: Failure | null; retry_at: Date | null; started_at: Date }>(
    'select failure, retry_at, started_at from message_attempts where message_id = $1 order by no',
    [message.id],
  );
  const failed = attempts.rows.filter(attempt => attempt.failure !== null);
  const first = failed[0];
  return {
    status: message.status,
    classes: [...failed.map(attempt => attempt.failure?.class), message.failure?.class].filter(c => c !== undefined),
    retried:
      failed.some(attempt => attempt.retry_at !== null) || ['delivered', 'sent', 'read'].includes(message.status),
    retryAfterSeconds: first?.failure?.retryAfter,
  };
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
