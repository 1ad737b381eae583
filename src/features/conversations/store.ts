import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import type { Principal } from '../shared/access.ts';
import { Keyset } from '../shared/page.ts';
import { notFound } from '../shared/problem.ts';
import { id, iso, isoOrNull, time } from '../shared/schemas.ts';
import { ownRows } from '../shared/scope.ts';

export const conversation = z
  .object({
    id,
    workspaceId: id,
    channelId: id,
    contact: z.object({
      id,
      externalId: z.string().meta({ description: 'How the platform knows this person.' }),
      name: z.string().nullable(),
      username: z.string().nullable(),
      phone: z.string().nullable(),
      platformContactId: z.string().nullable(),
    }),
    address: z.string().meta({ description: 'Where one answers: a chat id, a phone number.' }),
    threadId: z.string().nullable().meta({ description: 'The platform’s conversation, once there is one.' }),
    group: z.boolean(),
    state: z.string(),
    lastMessageAt: time,
    createdAt: time,
    lane: z
      .object({
        waiting: z.int().meta({ description: 'How much is still to be done, in order.' }),
        attempts: z.int().meta({ description: 'How often its head has been tried in vain.' }),
        failingSince: time.nullable(),
        nextTryAt: time.nullable(),
        parkedFor: id.nullable().meta({ description: 'Waits for a reconnect of this channel or workspace.' }),
      })
      .meta({ description: 'The conversation’s ordered queue.' }),
  })
  .meta({ id: 'Conversation' });

export interface ConversationQuery {
  limit: number;
  cursor?: string | undefined;
  q?: string | undefined;
  workspaceId?: string | undefined;
  channelId?: string | undefined;
  state?: string | undefined;
}

/** A page of conversations, the one with the latest message first. Read workspace by workspace, each along its own index. */
export async function listConversations(db: Database, principal: Principal, query: ConversationQuery) {
  const keyset = new Keyset(
    'conversations',
    { by: sql.ref('v.last_message_at'), type: 'timestamptz', id: sql.ref('v.id'), direction: 'desc' },
    query,
  );
  let workspaces = db.selectFrom('workspaces as w').where(ownRows('w', principal, 'id'));
  if (query.workspaceId !== undefined) workspaces = workspaces.where('w.id', '=', query.workspaceId);
  const rows = workspaces
    .innerJoinLateral(
      () => {
        let own = withContact(db).where(sql<boolean>`v.workspace_id = w.id`);
        if (query.channelId !== undefined) own = own.where('v.channel_id', '=', query.channelId);
        if (query.state !== undefined) own = own.where('v.state', '=', query.state);
        if (query.q !== undefined && query.q !== '') own = own.where(contains(query.q));
        return keyset.apply(own).as('v');
      },
      join => join.onTrue(),
    )
    .selectAll('v');
  return { keyset, rows: await keyset.sort(rows).execute() };
}

/** @throws Problem when there is none, or another account has it. */
export async function findConversation(db: Database, principal: Principal, conversationId: string) {
  const row = await withContact(db)
    .where('v.id', '=', conversationId)
    .where(ownRows('v', principal))
    .executeTakeFirst();
  if (!row) throw notFound('conversation');
  return row;
}

function withContact(db: Database) {
  return (
    db
      .selectFrom('conversations as v')
      .innerJoin('contacts as p', join =>
        join.onRef('p.workspace_id', '=', 'v.workspace_id').onRef('p.id', '=', 'v.contact_id'),
      )
      .leftJoin('lanes as l', join =>
        join.onRef('l.workspace_id', '=', 'v.workspace_id').onRef('l.conversation_id', '=', 'v.id'),
      )
      .select([
        'v.id',
        'v.workspace_id',
        'v.channel_id',
        'v.address',
        'v.thread_id',
        'v.is_group',
        'v.state',
        'v.last_message_at',
        'v.created_at',
        'v.contact_id',
        'p.external_id',
        'p.name',
        'p.username',
        'p.phone',
        'p.platform_contact_id',
        'l.attempts',
        'l.failing_since',
        'l.parked_for',
      ])
      .select(sql<number>`coalesce(l.last_seq - l.done_seq, 0)`.as('waiting'))
      // A lane that is at rest has no time; for one that somebody works on, the column holds the end of the lease.
      .select(sql<Date | null>`case when l.due < 'infinity' and l.token is null then l.due end`.as('next_try_at'))
  );
}

type ConversationRow = Awaited<ReturnType<typeof findConversation>>;

export function presentConversation(row: ConversationRow): z.infer<typeof conversation> {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    channelId: row.channel_id,
    contact: {
      id: row.contact_id,
      externalId: row.external_id,
      name: row.name,
      username: row.username,
      phone: row.phone,
      platformContactId: row.platform_contact_id,
    },
    address: row.address,
    threadId: row.thread_id,
    group: row.is_group,
    state: row.state,
    lastMessageAt: iso(row.last_message_at),
    createdAt: iso(row.created_at),
    lane: {
      waiting: row.waiting,
      attempts: row.attempts ?? 0,
      failingSince: isoOrNull(row.failing_since),
      nextTryAt: isoOrNull(row.next_try_at),
      parkedFor: row.parked_for,
    },
  };
}

function contains(words: string) {
  return sql<boolean>`strpos(lower(concat_ws(' ', p.name, p.username, p.phone, v.address)), lower(${words})) > 0`;
}
