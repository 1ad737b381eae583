import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { personOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { Keyset, pageOf, pageQuery } from '../shared/page.ts';
import { notFound } from '../shared/problem.ts';
import { done, id, idParams, iso, isoOrNull, label, time } from '../shared/schemas.ts';
import { insertKey, rotateKey } from './keys.ts';

const apiKey = z
  .object({
    id,
    name: z.string(),
    workspaceId: id.nullable().meta({ description: 'The only workspace it opens; null: all of the account.' }),
    hint: z.string().meta({ description: 'The last four characters.' }),
    status: z.enum(['active', 'rotating', 'deprecated']).meta({
      description: '`rotating`: replaced, and still working until `validUntil`. `deprecated`: rotated out or revoked.',
    }),
    createdBy: z.string().nullable(),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'To the minute.' }),
    validUntil: time.nullable(),
    replacedBy: id.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });

const newApiKey = z
  .object({ id, key: z.string().meta({ description: 'Shown this once. Keep it where secrets are kept.' }) })
  .meta({ id: 'NewApiKey' });

/** Keys for programs. Only a person can make, rotate or revoke one. */
export function apiKeyRoutes({ db }: { db: Database }): FastifyPluginAsyncZod {
  const access = { role: 'admin', person: true } as const;
  return async app => {
    app.get(
      '/api-keys',
      {
        config: { access },
        schema: {
          operationId: 'listApiKeys',
          tags: ['API keys'],
          summary: 'List API keys',
          querystring: pageQuery,
          response: { 200: pageOf(apiKey) },
        },
      },
      async request => {
        const keyset = new Keyset(
          'api-keys',
          { by: sql.ref('api_keys.id'), type: 'uuid', id: sql.ref('api_keys.id'), direction: 'desc' },
          request.query,
        );
        const rows = await keyset.apply(keyRows(db, personOf(request).accountId)).execute();
        return keyset.page(rows, present);
      },
    );

    app.post(
      '/api-keys',
      {
        config: { access },
        schema: {
          operationId: 'createApiKey',
          tags: ['API keys'],
          summary: 'Make an API key',
          body: z.object({ name: label, workspaceId: id.optional() }),
          response: { 201: newApiKey },
        },
      },
      async (request, reply) => {
        const person = personOf(request);
        const { name, workspaceId } = request.body;
        if (workspaceId !== undefined) await requireWorkspace(db, person.accountId, workspaceId);
        const made = await insertKey(db, {
          accountId: person.accountId,
          workspaceId: workspaceId ?? null,
          name,
          createdBy: person.userId,
        });
        await writeAudit(db, author(person), {
          action: 'api_key.created',
          target: `api_key:${made.id}`,
          detail: { name, workspaceId: workspaceId ?? null },
        });
        return reply.code(201).send(made);
      },
    );

    app.post(
      '/api-keys/:id/rotate',
      {
        config: { access },
        schema: {
          operationId: 'rotateApiKey',
          tags: ['API keys'],
          summary: 'Replace an API key',
          description:
            'Makes a new key with the same name and reach. The old one works for the overlap and then answers 400 DEPRECATED_API_KEY.',
          params: idParams,
          body: z.object({ overlapHours: z.number().min(0).max(168).default(24) }),
          response: { 201: newApiKey },
        },
      },
      async (request, reply) => {
        const person = personOf(request);
        const old = await findKey(db, person.accountId, request.params.id);
        const made = await rotateKey(
          db,
          {
            id: old.id,
            accountId: person.accountId,
            workspaceId: old.workspace_id,
            name: old.name,
            createdBy: person.userId,
          },
          request.body.overlapHours,
        );
        await writeAudit(db, author(person), {
          action: 'api_key.rotated',
          target: `api_key:${old.id}`,
          detail: { name: old.name, successor: made.id, overlapHours: request.body.overlapHours },
        });
        return reply.code(201).send(made);
      },
    );

    app.delete(
      '/api-keys/:id',
      {
        config: { access },
        schema: {
          operationId: 'revokeApiKey',
          tags: ['API keys'],
          summary: 'Revoke an API key at once',
          params: idParams,
          response: { 200: done },
        },
      },
      async request => {
        const person = personOf(request);
        const key = await findKey(db, person.accountId, request.params.id);
        await db
          .updateTable('api_keys')
          .set({ revoked_at: sql`coalesce(revoked_at, now())` })
          .where('id', '=', key.id)
          .execute();
        await writeAudit(db, author(person), {
          action: 'api_key.revoked',
          target: `api_key:${key.id}`,
          detail: { name: key.name },
        });
        return { ok: true as const };
      },
    );
  };
}

function keyRows(db: Database, accountId: string) {
  return db
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.created_by')
    .select([
      'api_keys.id',
      'api_keys.name',
      'api_keys.workspace_id',
      'api_keys.hint',
      'api_keys.created_at',
      'api_keys.last_used_at',
      'api_keys.valid_until',
      'api_keys.replaced_by',
      'api_keys.revoked_at',
      'users.name as creator',
    ])
    .where('api_keys.account_id', '=', accountId);
}

type KeyRow = Awaited<ReturnType<ReturnType<typeof keyRows>['execute']>>[number];

function present(row: KeyRow): z.infer<typeof apiKey> {
  return {
    id: row.id,
    name: row.name,
    workspaceId: row.workspace_id,
    hint: row.hint,
    status: statusOf(row),
    createdBy: row.creator,
    createdAt: iso(row.created_at),
    lastUsedAt: isoOrNull(row.last_used_at),
    validUntil: isoOrNull(row.valid_until),
    replacedBy: row.replaced_by,
    revokedAt: isoOrNull(row.revoked_at),
  };
}

function statusOf(row: Pick<KeyRow, 'revoked_at' | 'valid_until'>): z.infer<typeof apiKey>['status'] {
  if (row.revoked_at) return 'deprecated';
  if (!row.valid_until) return 'active';
  return row.valid_until > new Date() ? 'rotating' : 'deprecated';
}

async function findKey(db: Database, accountId: string, keyId: string): Promise<KeyRow> {
  const row = await keyRows(db, accountId).where('api_keys.id', '=', keyId).executeTakeFirst();
  if (!row) throw notFound('API key');
  return row;
}

async function requireWorkspace(db: Database, accountId: string, workspaceId: string): Promise<void> {
  const found = await db
    .selectFrom('workspaces')
    .select('id')
    .where('id', '=', workspaceId)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (!found) throw notFound('workspace');
}
