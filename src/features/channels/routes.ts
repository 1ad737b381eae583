import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { principalOf } from '../shared/access.ts';
import { capabilities } from '../shared/capabilities.ts';
import { historyPage, listHistory } from '../shared/history.ts';
import { journalPage, listJournal } from '../shared/journal.ts';
import { pageOf, pageQuery } from '../shared/page.ts';
import { connectionStatus, id, idParams } from '../shared/schemas.ts';
import { listChannels } from './list.ts';
import { channel, channelDetail, channelInDetail, connectedChannel, findChannel, presentChannel } from './store.ts';

const tags = ['Channels'];
const access = { role: 'member' } as const;

/** Reading channels: who is connected, how they are, what they can do, and what came in. */
export function channelRoutes(dependencies: Dependencies): FastifyPluginAsyncZod {
  const { db } = dependencies;
  return async app => {
    app.get(
      '/channels',
      {
        config: { access },
        schema: {
          operationId: 'listChannels',
          tags,
          summary: 'List channels',
          querystring: pageQuery.extend({
            q: z.string().max(200).optional().meta({ description: 'In name, friendly name or identity.' }),
            workspaceId: id.optional(),
            kind: z.string().optional(),
            status: connectionStatus.optional(),
            sort: z.enum(['name', 'status', 'createdAt', 'updatedAt']).default('createdAt'),
            order: z.enum(['asc', 'desc']).default('asc'),
          }),
          response: { 200: pageOf(channel) },
        },
      },
      async request => {
        const { rows, keyset } = await listChannels(db, principalOf(request), request.query);
        return keyset.page(rows, presentChannel);
      },
    );

    app.get(
      '/channels/:id',
      {
        config: { access },
        schema: {
          operationId: 'getChannel',
          tags,
          summary: 'Look at a channel',
          params: idParams,
          response: { 200: channelDetail },
        },
      },
      request => channelInDetail(dependencies, principalOf(request), request.params.id),
    );

    app.get(
      '/channels/:id/capabilities',
      {
        config: { access },
        schema: {
          operationId: 'getChannelCapabilities',
          tags,
          summary: 'What a channel can carry',
          params: idParams,
          response: { 200: capabilities },
        },
      },
      async request => {
        const { adapter, config } = await connectedChannel(dependencies, principalOf(request), request.params.id);
        return adapter.capabilities(config);
      },
    );

    app.get(
      '/channels/:id/history',
      {
        config: { access },
        schema: {
          operationId: 'listChannelHistory',
          tags,
          summary: 'List a channel’s changes of status',
          params: idParams,
          querystring: pageQuery,
          response: { 200: historyPage },
        },
      },
      async request => {
        const row = await findChannel(db, principalOf(request), request.params.id);
        return listHistory(db, { id: row.id, workspaceId: row.workspace_id }, request.query);
      },
    );

    app.get(
      '/channels/:id/webhooks',
      {
        config: { access },
        schema: {
          operationId: 'listChannelWebhooks',
          tags,
          summary: 'List what the provider posted lately',
          params: idParams,
          querystring: pageQuery,
          response: { 200: journalPage },
        },
      },
      async request => {
        const row = await findChannel(db, principalOf(request), request.params.id);
        return listJournal(db, row.id, request.query);
      },
    );
  };
}
