import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { listMessages, presentMessage } from '../messages/list.ts';
import { message } from '../messages/schemas.ts';
import { principalOf } from '../shared/access.ts';
import { pageOf, pageQuery } from '../shared/page.ts';
import { id, idParams } from '../shared/schemas.ts';
import { conversation, findConversation, listConversations, presentConversation } from './store.ts';

const tags = ['Conversations'];
const access = { role: 'member' } as const;

/** One contact on one channel, with what was said. */
export function conversationRoutes({ db, surroundings }: Dependencies): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/conversations',
      {
        config: { access },
        schema: {
          operationId: 'listConversations',
          tags,
          summary: 'List conversations, the latest first',
          querystring: pageQuery.extend({
            q: z
              .string()
              .max(200)
              .optional()
              .meta({ description: 'In the contact’s name, user name, phone or address.' }),
            workspaceId: id.optional(),
            channelId: id.optional(),
            state: z
              .string()
              .max(50)
              .optional()
              .meta({ examples: ['open', 'closed', 'snoozed'] }),
          }),
          response: { 200: pageOf(conversation) },
        },
      },
      async request => {
        const { rows, keyset } = await listConversations(db, principalOf(request), request.query);
        return keyset.page(rows, presentConversation);
      },
    );

    app.get(
      '/conversations/:id',
      {
        config: { access },
        schema: {
          operationId: 'getConversation',
          tags,
          summary: 'Look at a conversation',
          params: idParams,
          response: { 200: conversation },
        },
      },
      async request => presentConversation(await findConversation(db, principalOf(request), request.params.id)),
    );

    app.get(
      '/conversations/:id/messages',
      {
        config: { access },
        schema: {
          operationId: 'listConversationMessages',
          tags,
          summary: 'List what was said',
          params: idParams,
          querystring: pageQuery.extend({ order: z.enum(['asc', 'desc']).default('desc') }),
          response: { 200: pageOf(message) },
        },
      },
      async request => {
        const principal = principalOf(request);
        const { id: conversationId, workspace_id: workspaceId } = await findConversation(
          db,
          principal,
          request.params.id,
        );
        const { rows, keyset } = await listMessages(db, principal, { ...request.query, conversationId, workspaceId });
        return keyset.page(rows, row => presentMessage(row, surroundings.media));
      },
    );
  };
}
