import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Auth } from '../features/accounts/auth.ts';
import { problemFromAuth } from '../features/accounts/auth-problem.ts';
import { email, password } from '../features/accounts/people.ts';
import { passCookies, webHeaders } from '../features/accounts/session.ts';
import { Problem, problemDocument } from '../features/shared/problem.ts';
import { label } from '../features/shared/schemas.ts';
import { refuseIllFormed } from './body.ts';
import { sessionOnly } from './openapi.ts';
import { refuseOtherSites } from './origin.ts';

const code = z.string().max(50);

/**
 * What better-auth offers over HTTP, as far as we let it: team and accounts have routes of their own, which know our rules
 * and write the audit log.
 */
const routes = [
  {
    path: '/sign-in/email',
    summary: 'Sign in',
    open: true,
    body: z.object({ email, password: z.string().max(128), rememberMe: z.boolean().optional() }),
  },
  { path: '/sign-out', summary: 'Sign out', open: true },
  { path: '/get-session', method: 'GET', summary: 'Look at the session, if there is one', open: true },
  { path: '/revoke-other-sessions', summary: 'End all other sessions' },
  {
    path: '/change-password',
    summary: 'Change the password',
    body: z.object({
      currentPassword: z.string().max(128),
      newPassword: password,
      revokeOtherSessions: z.boolean().optional(),
    }),
  },
  { path: '/update-user', summary: 'Change one’s name', body: z.object({ name: label }) },
  {
    path: '/two-factor/enable',
    summary: 'Begin to use a second factor',
    body: z.object({ password: z.string().max(128) }),
  },
  {
    path: '/two-factor/disable',
    summary: 'Stop using a second factor',
    body: z.object({ password: z.string().max(128) }),
  },
  {
    path: '/two-factor/generate-backup-codes',
    summary: 'Make new backup codes',
    body: z.object({ password: z.string().max(128) }),
  },
  {
    path: '/two-factor/verify-totp',
    summary: 'Give the second factor',
    open: true,
    body: z.object({ code, trustDevice: z.boolean().optional() }),
  },
  {
    path: '/two-factor/verify-backup-code',
    summary: 'Give a backup code',
    open: true,
    body: z.object({ code, trustDevice: z.boolean().optional() }),
  },
] as const satisfies readonly { path: string; method?: 'GET'; summary: string; open?: true; body?: z.ZodType }[];

/** Sign-in, sessions and second factor, under /api/auth. */
export function authRoutes(options: { auth: Auth; publicUrl: string | undefined }): FastifyPluginAsyncZod {
  return async app => {
    app.addHook('onRequest', async request => refuseOtherSites(request, options.publicUrl));
    app.addHook('preValidation', refuseIllFormed);
    for (const route of routes) {
      app.route({
        method: 'method' in route ? route.method : 'POST',
        url: route.path,
        schema: {
          operationId: operationId(route.path),
          tags: ['Sign-in'],
          summary: route.summary,
          security: 'open' in route ? [] : sessionOnly,
          ...('body' in route ? { body: route.body } : {}),
          response: {
            200: z.unknown(),
            default: {
              description: 'What went wrong; see /docs/errors.',
              content: { 'application/problem+json': { schema: problemDocument } },
            },
          },
        },
        ...('open' in route ? {} : { onRequest: (request: FastifyRequest) => requireSession(options.auth, request) }),
        handler: (request, reply) => hand(options.auth, request, reply),
      });
    }
  };
}

/** Before better-auth would: who is not signed in learns that first, whatever they sent. */
async function requireSession(auth: Auth, request: FastifyRequest): Promise<void> {
  if (!(await auth.api.getSession({ headers: webHeaders(request) }))) throw new Problem('UNAUTHENTICATED');
}

async function hand(auth: Auth, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const answer = await auth.handler(
    new Request(new URL(request.url, `${request.protocol}://${request.host}`), {
      method: request.method,
      headers: headersOf(request),
      ...(request.method === 'GET' ? {} : { body: JSON.stringify(request.body ?? {}) }),
    }),
  );
  passCookies(answer.headers, reply);
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return withoutTokens(body);
  const retryAfter = answer.headers.get('x-retry-after');
  if (retryAfter !== null) reply.header('retry-after', retryAfter);
  throw problemFromAuth(answer.status, body);
}

/** The body is written anew, so its length is another. */
function headersOf(request: FastifyRequest): Headers {
  const headers = webHeaders(request);
  headers.delete('content-length');
  headers.set('content-type', 'application/json');
  return headers;
}

/** The session's token belongs into the cookie, where no script can read it. */
function withoutTokens(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (name, value: unknown) => (name === 'token' ? undefined : value));
}

function operationId(path: string): string {
  return path.slice(1).replace(/[-/](\w)/g, (_, letter: string) => letter.toUpperCase());
}
