import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { principalOf } from '../shared/access.ts';
import { Keyset, pageOf, pageQuery } from '../shared/page.ts';
import { id, iso, time } from '../shared/schemas.ts';

const entry = z
  .object({
    id,
    at: time,
    actor: z.object({
      kind: z.enum(['user', 'key', 'system']),
      id: id.nullable(),
      name: z.string().nullable().meta({ description: 'Null once the person or key is gone.' }),
    }),
    action: z.string().meta({ examples: ['channel.credentials_replaced'] }),
    target: z.string().meta({ examples: ['channel:<id>'] }),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

/** Who changed what, for admins. */
export function auditRoutes({ db }: Dependencies): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/audit-log',
      {
        config: { access: { role: 'admin', wholeAccount: true } },
        schema: {
          operationId: 'listAuditLog',
          tags: ['Audit log'],
          summary: 'List who changed what, the latest first',
          querystring: pageQuery.extend({
            action: z.string().max(100).optional(),
            target: z.string().max(300).optional(),
          }),
          response: { 200: pageOf(entry) },
        },
      },
      async request => {
        const keyset = new Keyset(
          'audit',
          { by: sql.ref('a.id'), type: 'uuid', id: sql.ref('a.id'), direction: 'desc' },
          request.query,
        );
        let query = db
          .selectFrom('audit_log as a')
          .leftJoin('users as u', join => join.on(sql`a.actor`, '=', sql`'user:' || u.id`))
          .leftJoin('api_keys as k', join => join.on(sql`a.actor`, '=', sql`'key:' || k.id`))
          .selectAll('a')
          .select(sql<string | null>`coalesce(u.name, k.name)`.as('name'))
          .where('a.account_id', '=', principalOf(request).accountId);
        if (request.query.action !== undefined) query = query.where('a.action', '=', request.query.action);
        if (request.query.target !== undefined) query = query.where('a.target', '=', request.query.target);
        return keyset.page(await keyset.apply(query).execute(), row => ({
          id: row.id,
          at: iso(row.at),
          actor: actorFrom(row.actor, row.name),
          action: row.action,
          target: row.target,
          detail: row.detail,
        }));
      },
    );
  };
}

function actorFrom(actor: string, name: string | null): z.infer<typeof entry>['actor'] {
  const [kind, actorId] = actor.split(':');
  if (actorId !== undefined && (kind === 'user' || kind === 'key')) return { kind, id: actorId, name };
  return { kind: 'system', id: null, name: actor };
}
