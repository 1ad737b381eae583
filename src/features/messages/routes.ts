import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Database } from '../../db/schema.ts';
import { resend } from '../../relay/resend.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Principal, principalOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { pageOf, pageQuery } from '../shared/page.ts';
import { notFound, Problem } from '../shared/problem.ts';
import { id, idParams } from '../shared/schemas.ts';
import { ownRows } from '../shared/scope.ts';
import { listMessages, presentMessage } from './list.ts';
import { message, messageDetail, messageDirection, messageStatus } from './schemas.ts';
import { traceOf } from './trace.ts';

const tags = ['Messages'];
const access = { role: 'member' } as const;

/** `failed,unconfirmed` → both. */
const statuses = z
  .string()
  .max(200)
  .transform(text => text.split(','))
  .pipe(z.array(messageStatus))
  .meta({ description: 'One or more, with commas between.', examples: ['failed,unconfirmed'] });

/** Messages with their fate and their way; the failed ones can be sent again. */
export function messageRoutes({ pool, db, surroundings }: Dependencies): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/messages',
      {
        config: { access },
        schema: {
          operationId: 'listMessages',
          tags,
          summary: 'List messages',
          description: 'Dead letters are those with `status=failed,unconfirmed`.',
          querystring: pageQuery.extend({
            status: statuses.optional(),
            direction: messageDirection.optional(),
            workspaceId: id.optional(),
            channelId: id.optional(),
            order: z.enum(['asc', 'desc']).default('desc'),
          }),
          response: { 200: pageOf(message) },
        },
      },
      async request => {
        const { rows, keyset } = await listMessages(db, principalOf(request), request.query);
        return keyset.page(rows, row => presentMessage(row, surroundings.media));
      },
    );

    app.get(
      '/messages/:id',
      {
        config: { access },
        schema: {
          operationId: 'getMessage',
          tags,
          summary: 'Look at a message and its way',
          params: idParams,
          response: { 200: messageDetail },
        },
      },
      async request => {
        const [row] = await findMessages(db, principalOf(request), [request.params.id]);
        if (!row) throw notFound('message');
        return { ...presentMessage(row, surroundings.media), trace: await traceOf(db, row) };
      },
    );

    app.post(
      '/messages/:id/resend',
      {
        config: { access },
        schema: {
          operationId: 'resendMessage',
          tags,
          summary: 'Send a failed message again',
          description:
            'At the end of its conversation. An unconfirmed one may have arrived: the customer may get it twice.',
          params: idParams,
          response: { 202: message },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const messageId = request.params.id;
        const [found] = await findMessages(db, principal, [messageId]);
        if (!found) throw notFound('message');
        const sent = await resend(pool, principal.accountId, [messageId]);
        if (sent.length === 0) throw new Problem('NOT_RESENDABLE', `Its status is ${found.status}.`);
        await writeAudit(db, author(principal), { action: 'message.resent', target: `message:${messageId}` });
        const [row = found] = await findMessages(db, principal, [messageId]);
        return reply.code(202).send(presentMessage(row, surroundings.media));
      },
    );

    app.post(
      '/messages/resend',
      {
        config: { access },
        schema: {
          operationId: 'resendMessages',
          tags,
          summary: 'Send failed messages again',
          description: '`skipped` names those that had not failed. An id that is unknown refuses the whole request.',
          body: z.object({ ids: z.array(id).min(1).max(100) }),
          response: { 202: z.object({ resent: z.array(id), skipped: z.array(id) }) },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const ids = [...new Set(request.body.ids)];
        const found = new Set((await findMessages(db, principal, ids)).map(row => row.id));
        const unknown = ids.filter(messageId => !found.has(messageId));
        if (unknown.length > 0) throw new Problem('NOT_FOUND', `There are no such messages: ${unknown.join(', ')}.`);
        const resent = await resend(pool, principal.accountId, ids);
        for (const messageId of resent) {
          await writeAudit(db, author(principal), { action: 'message.resent', target: `message:${messageId}` });
        }
        return reply.code(202).send({ resent, skipped: ids.filter(messageId => !resent.includes(messageId)) });
      },
    );
  };
}

async function findMessages(db: Database, principal: Principal, ids: string[]) {
  const workspaces = db
    .selectFrom('workspaces as w')
    .select('w.id')
    .where(ownRows('w', principal, 'id'));
  // The workspaces come first: they lead the table's key.
  return db
    .selectFrom('messages as m')
    .selectAll('m')
    .where('m.workspace_id', 'in', workspaces)
    .where('m.id', 'in', ids)
    .execute();
}
