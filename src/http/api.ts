import type { FastifyPluginAsync, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { Database } from '../db/schema.ts';
import type { Vault } from '../db/vault.ts';
import type { Auth } from '../features/accounts/auth.ts';
import { type Access, enforce } from '../features/shared/access.ts';
import { Problem, problemDocument } from '../features/shared/problem.ts';
import { authenticate } from './authentication.ts';
import { refuseIllFormed } from './body.ts';
import { rememberAnswers } from './idempotency.ts';
import { sessionOnly, sessionOrKey } from './openapi.ts';
import { refuseOtherSites } from './origin.ts';
import { createRateLimit, type RateLimits } from './rate-limit.ts';

export interface ApiOptions {
  auth: Auth;
  db: Database;
  vault: Vault;
  publicUrl: string | undefined;
  rateLimits: RateLimits;
  features: FastifyPluginAsync;
}

/** What stands before every resource: who calls, how often, may they, and is what they send well-formed. */
export function api(options: ApiOptions): FastifyPluginAsync {
  return async app => {
    const limit = await createRateLimit(app, options.rateLimits);
    app.decorateRequest('principal', null);
    app.addHook('onRoute', describe);

    app.addHook('onRequest', async (request, reply) => {
      refuseOtherSites(request, options.publicUrl);
      reply.header('cache-control', 'no-store');
      const access = accessOf(request);
      let refusal: unknown;
      try {
        if (access.role !== 'anyone') request.principal = await authenticate(options, request, reply);
      } catch (error) {
        refusal = error;
      }
      // Counted first, so that guessing keys is slowed down like everything else.
      await limit(request, reply);
      if (refusal !== undefined) throw refusal;
      enforce(access, request.principal);
    });
    app.addHook('preValidation', refuseIllFormed);
    rememberAnswers(app, options);

    await app.register(options.features);
  };
}

function accessOf(request: FastifyRequest): Access {
  const { access } = request.routeOptions.config;
  if (!access) throw new Problem('NOT_FOUND');
  return access;
}

const idempotencyHeader = z.looseObject({
  'idempotency-key': z.string().min(1).max(255).optional().meta({
    description: 'Made by you, new for each request. Sent again within 24 hours, the first answer is given again.',
  }),
});

/** Completes each route's description. A route that does not say who may call it keeps the server from starting. */
function describe(route: RouteOptions & { routePath?: string }): void {
  const access = route.config?.access;
  if (!access) throw new Error(`${route.method} ${route.url} does not say who may call it.`);
  const { response } = route.schema ?? {};
  route.schema = {
    ...route.schema,
    ...(route.method === 'POST' && access.role !== 'anyone' ? { headers: idempotencyHeader } : {}),
    description: [route.schema?.description, sentence(access)].filter(Boolean).join(' '),
    security: access.role === 'anyone' ? [] : access.person ? sessionOnly : sessionOrKey,
    response: { ...(response instanceof Object ? response : {}), default: problemAnswer },
  };
}

const problemAnswer = {
  description: 'What went wrong; see /docs/errors.',
  content: { 'application/problem+json': { schema: problemDocument } },
};

function sentence({ role, wholeAccount }: Access): string {
  if (role === 'anyone') return 'Open to anyone.';
  const who = role === 'admin' ? 'Takes the role admin or owner.' : 'Open to every member.';
  return wholeAccount ? `${who} API keys of one workspace are refused.` : who;
}
