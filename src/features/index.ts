import type { FastifyPluginAsync } from 'fastify';
import { invitationRoutes } from './accounts/invitation.routes.ts';
import { meRoutes } from './accounts/me.routes.ts';
import { setUpRoutes } from './accounts/setup.routes.ts';
import { adapterRoutes } from './adapters/routes.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { channelChangeRoutes } from './channels/change.routes.ts';
import { channelRoutes } from './channels/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import type { Dependencies } from './dependencies.ts';
import { messageRoutes } from './messages/routes.ts';
import { teamRoutes } from './team/routes.ts';
import { workspaceOAuthRoutes } from './workspaces/oauth.routes.ts';
import { workspaceRoutes } from './workspaces/routes.ts';

export type { Dependencies } from './dependencies.ts';

/** Every resource of the API as one plugin, to be mounted under /api/v1. */
export function createFeatures(dependencies: Dependencies): FastifyPluginAsync {
  return async app => {
    await app.register(setUpRoutes(dependencies));
    await app.register(meRoutes(dependencies));
    await app.register(invitationRoutes(dependencies));
    await app.register(teamRoutes(dependencies));
    await app.register(apiKeyRoutes(dependencies));
    await app.register(adapterRoutes(dependencies));
    await app.register(workspaceRoutes(dependencies));
    await app.register(workspaceOAuthRoutes(dependencies));
    await app.register(channelRoutes(dependencies));
    await app.register(channelChangeRoutes(dependencies));
    await app.register(conversationRoutes(dependencies));
    await app.register(messageRoutes(dependencies));
    await app.register(auditRoutes(dependencies));
  };
}
