import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { newId } from '../../db/ids.ts';
import type { Database } from '../../db/schema.ts';
import type { ApiKey } from '../shared/access.ts';
import { Problem } from '../shared/problem.ts';

const prefix = 'oct_';

/** A new key: 256 bits of chance behind a prefix by which secret scanners know it. */
const makeKey = (): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/** The keys are random, so a plain hash is enough: there is nothing to guess. */
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

export interface NewKey {
  accountId: string;
  workspaceId: string | null;
  name: string;
  createdBy: string;
}

/** Stores a key's hash. The key in the answer is the only copy there will ever be. */
export async function insertKey(db: Database, input: NewKey): Promise<{ id: string; key: string }> {
  const key = makeKey();
  const id = newId();
  await db
    .insertInto('api_keys')
    .values({
      id,
      account_id: input.accountId,
      workspace_id: input.workspaceId,
      name: input.name,
      hash: hashOf(key),
      hint: key.slice(-4),
      created_by: input.createdBy,
    })
    .execute();
  return { id, key };
}

/**
 * Makes a successor with the same name and reach; the old key works beside it for `overlapHours`.
 * @throws Problem when it has a successor already or was revoked: rotating it again would fork it.
 */
export async function rotateKey(
  db: Database,
  old: { id: string } & NewKey,
  overlapHours: number,
): Promise<{ id: string; key: string }> {
  return db.transaction().execute(async trx => {
    const made = await insertKey(trx, old);
    const { numUpdatedRows } = await trx
      .updateTable('api_keys')
      .set({ replaced_by: made.id, valid_until: sql`now() + ${overlapHours} * interval '1 hour'` })
      .where('id', '=', old.id)
      .where('replaced_by', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new Problem('DEPRECATED_API_KEY', 'Rotate the key that replaced this one.');
    return made;
  });
}

/** Who a key speaks for. `deprecated`: it was rotated and its time is over, or it was revoked. Undefined: not a key of ours. */
export async function findByKey(db: Database, key: string): Promise<ApiKey | 'deprecated' | undefined> {
  if (!key.startsWith(prefix)) return undefined;
  const row = await db
    .selectFrom('api_keys')
    .select(['id', 'account_id', 'workspace_id', 'last_used_at'])
    .select(sql<boolean>`revoked_at is not null or coalesce(valid_until < now(), false)`.as('deprecated'))
    .where('hash', '=', hashOf(key))
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.deprecated) return 'deprecated';
  await noteUse(db, row.id, row.last_used_at);
  const workspace = row.workspace_id === null ? {} : { workspaceId: row.workspace_id };
  return { kind: 'key', keyId: row.id, accountId: row.account_id, ...workspace };
}

/** To the minute: a busy key must not cost a write for every request. */
async function noteUse(db: Database, id: string, lastUsedAt: Date | null): Promise<void> {
  if (lastUsedAt && Date.now() - lastUsedAt.getTime() < 60_000) return;
  await db.updateTable('api_keys').set({ last_used_at: sql`now()` }).where('id', '=', id).execute();
}
