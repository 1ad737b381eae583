import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Database } from '../db/schema.ts';
import type { Vault } from '../db/vault.ts';
import { actorOf } from '../features/shared/access.ts';
import { Problem } from '../features/shared/problem.ts';

/** Hours that an answer is kept for. */
const lifetime = 24;

/** Seconds after which a request that never ended counts as lost with its process. Longer than any request runs. */
const lock = 120;

interface Claim {
  actor: string;
  key: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The Idempotency-Key that this request holds until it is answered. */
    claim: Claim | null;
  }
}

/**
 * Answers a POST with a known Idempotency-Key as it was answered before, without doing it again. A request that was refused or
 * failed leaves the key free for another try. Runs after authentication and validation.
 */
export function rememberAnswers(app: FastifyInstance, { db, vault }: { db: Database; vault: Vault }): void {
  app.decorateRequest('claim', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || typeof key !== 'string' || !request.principal) return;
    const claim = { actor: actorOf(request.principal), key };
    if (await take(db, claim, request)) {
      request.claim = claim;
      return;
    }
    const { status, answer } = await answerOf(db, claim, request);
    reply.header('idempotency-replayed', 'true');
    if (answer === null) return reply.code(status).send();
    return reply
      .code(status)
      .type('application/json')
      .send(vault.open(answer, aad(claim)));
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { claim } = request;
    if (claim) await settle(db, claim, reply, typeof payload === 'string' ? vault.seal(payload, aad(claim)) : null);
    return payload;
  });
}

/** Forgets answers that are too old to be given again. Returns how many. */
export async function forgetAnswers(db: Database): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('idempotency_keys')
    .where('created_at', '<', sql<Date>`now() - ${lifetime} * interval '1 hour'`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Takes the key for this request, unless another one has it or had it within its lifetime. */
async function take(db: Database, claim: Claim, request: FastifyRequest): Promise<boolean> {
  const row = await db
    .insertInto('idempotency_keys')
    .values({
      ...claim,
      request_hash: hashOf(request),
      locked_until: sql`now() + ${lock} * interval '1 second'`,
      status: null,
      answer: null,
    })
    .onConflict(conflict =>
      conflict
        .columns(['actor', 'key'])
        .doUpdateSet(eb => ({
          request_hash: eb.ref('excluded.request_hash'),
          locked_until: eb.ref('excluded.locked_until'),
          created_at: sql`now()`,
          status: null,
          answer: null,
        }))
        .where(
          sql<boolean>`idempotency_keys.created_at < now() - ${lifetime} * interval '1 hour'
            or (idempotency_keys.status is null and idempotency_keys.locked_until < now()
                and idempotency_keys.request_hash = excluded.request_hash)`,
        ),
    )
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}

/** @throws Problem while there is no answer yet, or when the key belongs to a different request. */
async function answerOf(
  db: Database,
  claim: Claim,
  request: FastifyRequest,
): Promise<{ status: number; answer: string | null }> {
  const row = await db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'status', 'answer'])
    .where('actor', '=', claim.actor)
    .where('key', '=', claim.key)
    .executeTakeFirst();
  if (row && !row.request_hash.equals(hashOf(request))) throw new Problem('IDEMPOTENCY_KEY_REUSED');
  // No row: the first request has just failed and given the key back.
  if (!row || row.status === null)
    throw new Problem('IDEMPOTENCY_IN_PROGRESS', undefined, { headers: { 'retry-after': '1' } });
  return { status: row.status, answer: row.answer };
}

async function settle(db: Database, claim: Claim, reply: FastifyReply, answer: string | null): Promise<void> {
  if (reply.statusCode >= 400) {
    await db.deleteFrom('idempotency_keys').where('actor', '=', claim.actor).where('key', '=', claim.key).execute();
    return;
  }
  await db
    .updateTable('idempotency_keys')
    .set({ status: reply.statusCode, answer })
    .where('actor', '=', claim.actor)
    .where('key', '=', claim.key)
    .execute();
}

function hashOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, body ?? null]))
    .digest();
}

function aad({ actor, key }: Claim): string {
  return `${actor} ${key}`;
}
