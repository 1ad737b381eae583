import type { Event } from '../../contract/event.ts';
import type { Queryable } from '../../db/pool.ts';
import type { AnyConnection } from '../connections.ts';
import type { Conversation } from './conversations.ts';

/** The platform joined two contacts: whoever pointed at the lost one, by its id or by ours, points at the survivor. */
export async function mergeContacts(db: Queryable, workspaceId: string, from: string, to: string): Promise<void> {
  await db.query(
    'update contacts set platform_contact_id = $3, updated_at = now() where workspace_id = $1 and (platform_contact_id = $2 or external_id = $2)',
    [workspaceId, from, to],
  );
}

/**
 * A teammate began a new thread with a contact: it goes on in the conversation where that contact last wrote, which from
 * now on is tied to the new thread. Undefined when the contact has no conversation on any channel.
 */
export async function startedByTeammate(
  db: Queryable,
  source: AnyConnection,
  event: Event,
): Promise<Conversation | undefined> {
  if (source.side !== 'workspace' || event.type !== 'message' || event.contact === undefined) return undefined;
  const { rows } = await db.query<Conversation>(
    `update conversations v set thread_id = $3
     from (select v.id from contacts c
           join conversations v on v.workspace_id = c.workspace_id and v.contact_id = c.id
           join channels h on h.id = v.channel_id and h.removed_at is null
           where c.workspace_id = $1 and c.platform_contact_id = $2
           order by v.last_message_at desc limit 1) latest
     where v.workspace_id = $1 and v.id = latest.id
     returning v.id, v.workspace_id as "workspaceId", v.channel_id as "channelId", v.contact_id as "contactId"`,
    [source.workspaceId, event.contact, event.conversation],
  );
  return rows[0];
}
