import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { principalOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { confirmation, health } from '../shared/connection-view.ts';
import { historyPage, listHistory } from '../shared/history.ts';
import { journalPage, listJournal } from '../shared/journal.ts';
import { Keyset, pageOf, pageQuery } from '../shared/page.ts';
import { Problem } from '../shared/problem.ts';
import { connectionStatus, idParams } from '../shared/schemas.ts';
import {
  connectedWorkspace,
  findWorkspace,
  presentWorkspace,
  workspace,
  workspaceDetail,
  workspaceInDetail,
  workspacesOf,
} from './store.ts';

const tags = ['Workspaces'];
const config = z.record(z.string(), z.unknown());

/** Links to the workspaces of platforms. */
export function workspaceRoutes(dependencies: Dependencies): FastifyPluginAsyncZod {
  const { db, setUp } = dependencies;
  return async app => {
    app.get(
      '/workspaces',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'listWorkspaces',
          tags,
          summary: 'List workspaces, the oldest first',
          querystring: pageQuery.extend({
            archived: z.stringbool().default(false).meta({ description: 'The archived ones instead.' }),
            platform: z.string().optional(),
            status: connectionStatus.optional(),
          }),
          response: { 200: pageOf(workspace) },
        },
      },
      async request => {
        const { archived, platform, status } = request.query;
        const keyset = new Keyset(
          'workspaces',
          { by: sql.ref('w.created_at'), type: 'timestamptz', id: sql.ref('w.id'), direction: 'asc' },
          request.query,
        );
        let query = workspacesOf(db, principalOf(request)).where('w.archived_at', archived ? 'is not' : 'is', null);
        if (platform !== undefined) query = query.where('w.platform', '=', platform);
        if (status !== undefined) query = query.where('w.status', '=', status);
        return keyset.page(await keyset.apply(query).execute(), presentWorkspace);
      },
    );

    app.post(
      '/workspaces',
      {
        config: { access: { role: 'admin', wholeAccount: true } },
        schema: {
          operationId: 'connectWorkspace',
          tags,
          summary: 'Connect a workspace with a token',
          description: 'GET /api/v1/adapters describes each platform’s `config`.',
          body: z.object({
            platform: z.string(),
            config,
            sandbox: z.boolean().default(false).meta({ description: 'The vendor’s side is played by the sandbox.' }),
          }),
          response: { 201: workspaceDetail },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const { body } = request;
        const id = await setUp.connectWorkspace({
          accountId: principal.accountId,
          ...body,
          ...(principal.kind === 'person' ? { connectedBy: principal.name } : {}),
        });
        await writeAudit(db, author(principal), {
          action: 'workspace.connected',
          target: `workspace:${id}`,
          detail: { platform: body.platform, sandbox: body.sandbox },
        });
        return reply.code(201).send(await workspaceInDetail(dependencies, principal, id));
      },
    );

    app.get(
      '/workspaces/:id',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'getWorkspace',
          tags,
          summary: 'Look at a workspace',
          params: idParams,
          response: { 200: workspaceDetail },
        },
      },
      request => workspaceInDetail(dependencies, principalOf(request), request.params.id),
    );

    app.post(
      '/workspaces/:id/check',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'checkWorkspace',
          tags,
          summary: 'Ask the platform how things are',
          params: idParams,
          response: { 200: health },
        },
      },
      async request => setUp.check(await connectedWorkspace(dependencies, principalOf(request), request.params.id)),
    );

    app.post(
      '/workspaces/:id/reconnect',
      {
        config: { access: { role: 'admin' } },
        schema: {
          operationId: 'reconnectWorkspace',
          tags,
          summary: 'Give a workspace new credentials',
          description: 'Only the fields sent are replaced. What waited for the reconnect is delivered.',
          params: idParams,
          body: z.object({ config: config.default({}) }),
          response: { 200: workspaceDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedWorkspace(dependencies, principal, request.params.id);
        await setUp.reconnect(connection, request.body.config);
        await writeAudit(db, author(principal), {
          action: 'workspace.reconnected',
          target: `workspace:${connection.id}`,
          detail: { name: connection.name, fields: Object.keys(request.body.config) },
        });
        return workspaceInDetail(dependencies, principal, connection.id);
      },
    );

    app.post(
      '/workspaces/:id/archive',
      {
        config: { access: { role: 'admin', wholeAccount: true } },
        schema: {
          operationId: 'archiveWorkspace',
          tags,
          summary: 'Archive a workspace and stop its channels',
          description: 'Kept with all its history, but nothing is routed any more. It can be restored.',
          params: idParams,
          body: confirmation,
          response: { 200: workspaceDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const connection = await connectedWorkspace(dependencies, principal, request.params.id);
        if (request.body.confirm !== connection.name) throw new Problem('CONFIRMATION_MISMATCH');
        await setUp.archiveWorkspace(connection);
        await writeAudit(db, author(principal), {
          action: 'workspace.archived',
          target: `workspace:${connection.id}`,
          detail: { name: connection.name },
        });
        return workspaceInDetail(dependencies, principal, connection.id);
      },
    );

    app.post(
      '/workspaces/:id/restore',
      {
        config: { access: { role: 'admin', wholeAccount: true } },
        schema: {
          operationId: 'restoreWorkspace',
          tags,
          summary: 'Bring an archived workspace back',
          description: 'Its channels stay switched off until each is reconnected.',
          params: idParams,
          response: { 200: workspaceDetail },
        },
      },
      async request => {
        const principal = principalOf(request);
        const row = await findWorkspace(db, principal, request.params.id);
        if (!row.archived_at) return workspaceInDetail(dependencies, principal, row.id);
        await setUp.restoreWorkspace(row.id);
        await writeAudit(db, author(principal), {
          action: 'workspace.restored',
          target: `workspace:${row.id}`,
          detail: { name: row.name },
        });
        return workspaceInDetail(dependencies, principal, row.id);
      },
    );

    app.get(
      '/workspaces/:id/history',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'listWorkspaceHistory',
          tags,
          summary: 'List a workspace’s changes of status',
          params: idParams,
          querystring: pageQuery,
          response: { 200: historyPage },
        },
      },
      async request => {
        const { id } = await findWorkspace(db, principalOf(request), request.params.id);
        return listHistory(db, { id, workspaceId: id }, request.query);
      },
    );

    app.get(
      '/workspaces/:id/webhooks',
      {
        config: { access: { role: 'member' } },
        schema: {
          operationId: 'listWorkspaceWebhooks',
          tags,
          summary: 'List what the platform posted lately',
          params: idParams,
          querystring: pageQuery,
          response: { 200: journalPage },
        },
      },
      async request => {
        const { id } = await findWorkspace(db, principalOf(request), request.params.id);
        return listJournal(db, id, request.query);
      },
    );
  };
}
