import { newId } from '../../db/ids.ts';
import type { Database } from '../../db/schema.ts';
import { actorOf, type Principal } from './access.ts';

export interface Author {
  accountId: string;
  /** `user:<id>` or `key:<id>`. */
  actor: string;
}

export const author = (principal: Principal): Author => ({
  accountId: principal.accountId,
  actor: actorOf(principal),
});

/** What the audit log knows of. */
export type AuditAction =
  | 'account.created'
  | 'workspace.connected'
  | 'workspace.reconnected'
  | 'workspace.archived'
  | 'workspace.restored'
  | 'channel.connected'
  | 'channel.renamed'
  | 'channel.credentials_replaced'
  | 'channel.reconnected'
  | 'channel.disconnected'
  | 'channel.removed'
  | 'message.resent'
  | 'api_key.created'
  | 'api_key.rotated'
  | 'api_key.revoked'
  | 'member.invited'
  | 'member.invitation_canceled'
  | 'member.joined'
  | 'member.role_changed'
  | 'member.removed';

/** Writes down who changed what. `detail` is shown to admins and holds no secret: names of fields, never their values. */
export async function writeAudit(
  db: Database,
  by: Author,
  entry: { action: AuditAction; target: string; detail?: Record<string, unknown> },
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      account_id: by.accountId,
      id: newId(),
      actor: by.actor,
      action: entry.action,
      target: entry.target,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
