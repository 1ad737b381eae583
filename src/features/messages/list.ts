import { sql } from 'kysely';
import { z } from 'zod';
import type { MediaPart, Part } from '../../contract/message.ts';
import type { Database, Row } from '../../db/schema.ts';
import type { Surroundings } from '../../relay/context.ts';
import type { Principal } from '../shared/access.ts';
import { Keyset } from '../shared/page.ts';
import { shownFailure } from '../shared/problem-of.ts';
import { iso, isoOrNull } from '../shared/schemas.ts';
import { ownRows } from '../shared/scope.ts';
import type { message } from './schemas.ts';

export interface MessageQuery {
  limit: number;
  cursor?: string | undefined;
  order: 'asc' | 'desc';
  workspaceId?: string | undefined;
  channelId?: string | undefined;
  conversationId?: string | undefined;
  direction?: Row<'messages'>['direction'] | undefined;
  status?: Row<'messages'>['status'][] | undefined;
}

/** A page of messages in the order they were stored. Read workspace by workspace, each along its own index. */
export async function listMessages(db: Database, principal: Principal, query: MessageQuery) {
  const keyset = new Keyset(
    'messages',
    { by: sql.ref('m.created_at'), type: 'timestamptz', id: sql.ref('m.id'), direction: query.order },
    query,
  );
  let workspaces = db.selectFrom('workspaces as w').where(ownRows('w', principal, 'id'));
  if (query.workspaceId !== undefined) workspaces = workspaces.where('w.id', '=', query.workspaceId);
  const rows = workspaces
    .innerJoinLateral(
      eb => {
        let own = eb.selectFrom('messages as m').selectAll('m').whereRef('m.workspace_id', '=', 'w.id');
        if (query.channelId !== undefined) own = own.where('m.channel_id', '=', query.channelId);
        if (query.conversationId !== undefined) own = own.where('m.conversation_id', '=', query.conversationId);
        if (query.direction !== undefined) own = own.where('m.direction', '=', query.direction);
        if (query.status !== undefined) own = own.where('m.status', 'in', query.status);
        return keyset.apply(own).as('m');
      },
      join => join.onTrue(),
    )
    .selectAll('m');
  return { keyset, rows: await keyset.sort(rows).execute() };
}

const reactions = z.array(z.object({ by: z.string(), emoji: z.string().nullable() }));

export function presentMessage(row: Row<'messages'>, media: Surroundings['media']): z.infer<typeof message> {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    channelId: row.channel_id,
    conversationId: row.conversation_id,
    direction: row.direction,
    status: row.status,
    remoteId: row.remote_id,
    sender: row.sender,
    parts: row.parts.map(part => presentPart(part, row.workspace_id, media)),
    replyTo: row.reply_to,
    reactions: reactions.parse(row.reactions),
    failure: row.failure && shownFailure(row.failure),
    at: iso(row.at),
    createdAt: iso(row.created_at),
    sentAt: isoOrNull(row.sent_at),
    deliveredAt: isoOrNull(row.delivered_at),
    readAt: isoOrNull(row.read_at),
    editedAt: isoOrNull(row.edited_at),
    deletedAt: isoOrNull(row.deleted_at),
  };
}

type ShownPart = z.infer<typeof message>['parts'][number];

/** A vendor's own reference to a file stays inside: some are addresses that open without any further proof. */
function presentPart(part: Part, workspaceId: string, media: Surroundings['media']): ShownPart {
  if (!('ref' in part)) return part;
  const { ref: _, ...shown } = part;
  return isStored(part) ? { ...shown, url: media.of(workspaceId, '').link(part) } : shown;
}

function isStored(part: Part): part is MediaPart {
  return 'mediaId' in part && part.mediaId !== undefined;
}
