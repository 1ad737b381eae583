import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import { announceConnections } from '../../relay/notices.ts';
import type { Dependencies } from '../dependencies.ts';
import { principalOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { confirmation, health } from '../shared/connection-view.ts';
import { Problem } from '../shared/problem.ts';
import { done, id, idParams, label } from '../shared/schemas.ts';
import { channelDetail, channelInDetail, connectedChannel, findChannel } from './store.ts';

const tags = ['Channels'];
const access = { role: 'admin' } as const;
const config = z.record(z.string(), z.unknown());

/** Connecting channels and everything that changes one. */
export function channelChangeRoutes(dependencies: Dependencies): FastifyPluginAsyncZod {
  const { pool, db, setUp, connections } = dependencies;
  return async app => {
    app.post(
      '/channels',
      {
        config: { access },
        schema: {
          operationId: 'connectChannel',
          tags,
          summary: 'Connect a channel',
          description:
            'Checks the credentials and registers the webhook. GET /api/v1/adapters describes each `config`.',
          body: z.object({ workspaceId: id, kind: z.string(), config, friendlyName: label.optional() }),
          response: { 201: channelDetail },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const { workspaceId, kind, config, friendlyName } = request.body;
        if (principal.kind === 'key' && principal.workspaceId !== undefined && principal.workspaceId !== workspaceId) {
          throw new Problem('NOT_FOUND', 'There is no such workspace.');
        }
        const channelId = await setUp.connectChannel({
          accountId: principal.accountId,
          workspaceId,
          kind,
          config,
          ...(friendlyName === undefined ? {} : { friendlyName }),
        });
        await writeAudit(db, author(principal), {
          action: 'channel.connected',
          target: `channel:${channelId}`,
          detail: { kind, workspaceId },
        });
        return reply.code(201).send(await channelInDetail(dependencies, principal, channelId));
      },
    );

    app.patch(
      '/channels/:id',
      {
        config: { access },
        schema: {
          operationId: 'renameChannel',
          tags,
          summary: 'Give a channel a friendly name',
          description: 'Routing does not depend on it. Null takes the name away.',
          params: idParams,
          body: z.object({ friendlyName: label.nullable() }),
          response: { 200: channelDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const row = await findChannel(db, principal, request.params.id);
        const { friendlyName } = request.body;
        await db
          .updateTable('channels')
          .set({ friendly_name: friendlyName, updated_at: sql`now()` })
          .where('id', '=', row.id)
          .execute();
        await announceConnections(pool);
        connections.forget();
        await writeAudit(db, author(principal), {
          action: 'channel.renamed',
          target: `channel:${row.id}`,
          detail: { from: row.friendly_name, to: friendlyName },
        });
        return channelInDetail(dependencies, principal, row.id);
      },
    );

    app.put(
      '/channels/:id/credentials',
      {
        config: { access },
        schema: {
          operationId: 'replaceChannelCredentials',
          tags,
          summary: 'Give a channel new credentials',
          description: 'Only the fields sent are replaced. They must belong to the same identity.',
          params: idParams,
          body: z.object({ config }),
          response: { 200: channelDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedChannel(dependencies, principal, request.params.id);
        await setUp.reconnect(connection, request.body.config);
        await writeAudit(db, author(principal), {
          action: 'channel.credentials_replaced',
          target: `channel:${connection.id}`,
          detail: { name: connection.name, fields: Object.keys(request.body.config) },
        });
        return channelInDetail(dependencies, principal, connection.id);
      },
    );

    app.post(
      '/channels/:id/check',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'checkChannel',
          tags,
          summary: 'Ask the provider how things are',
          params: idParams,
          response: { 200: health },
        },
      },
      async request => {
        const principal = principalOf(request);
        const row = await findChannel(db, principal, request.params.id);
        // The provider could call it healthy, and that would undo what a person decided.
        if (row.switched_off)
          return { status: row.status, reason: row.status_reason ?? undefined, advice: row.status_advice ?? undefined };
        return setUp.check(await connectedChannel(dependencies, principal, request.params.id));
      },
    );

    app.post(
      '/channels/:id/disconnect',
      {
        config: { access },
        schema: {
          operationId: 'disconnectChannel',
          tags,
          summary: 'Switch a channel off',
          description: 'What waits is kept; reconnecting lets it go on.',
          params: idParams,
          response: { 200: channelDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedChannel(dependencies, principal, request.params.id);
        await setUp.switchOff(connection);
        await writeAudit(db, author(principal), {
          action: 'channel.disconnected',
          target: `channel:${connection.id}`,
          detail: { name: connection.name },
        });
        return channelInDetail(dependencies, principal, connection.id);
      },
    );

    app.post(
      '/channels/:id/reconnect',
      {
        config: { access },
        schema: {
          operationId: 'reconnectChannel',
          tags,
          summary: 'Switch a channel on again',
          description: 'With the credentials it has. What waited is delivered.',
          params: idParams,
          response: { 200: channelDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedChannel(dependencies, principal, request.params.id);
        await setUp.reconnect(connection);
        await writeAudit(db, author(principal), {
          action: 'channel.reconnected',
          target: `channel:${connection.id}`,
          detail: { name: connection.name },
        });
        return channelInDetail(dependencies, principal, connection.id);
      },
    );

    app.post(
      '/channels/:id/remove',
      {
        config: { access },
        schema: {
          operationId: 'removeChannel',
          tags,
          summary: 'Remove a channel',
          description: 'Its credentials are deleted and its identity is free for another; its history stays.',
          params: idParams,
          body: confirmation,
          response: { 200: done },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedChannel(dependencies, principal, request.params.id);
        if (request.body.confirm !== connection.name) throw new Problem('CONFIRMATION_MISMATCH');
        await setUp.removeChannel(connection);
        await writeAudit(db, author(principal), {
          action: 'channel.removed',
          target: `channel:${connection.id}`,
          detail: { name: connection.name, kind: connection.kind },
        });
        return { ok: true as const };
      },
    );
  };
}
