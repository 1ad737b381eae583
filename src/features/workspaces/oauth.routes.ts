import { createHash, randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import type { OAuth } from '../../contract/platform.ts';
import { setUpContextFor } from '../../relay/context.ts';
import { SetUpError } from '../../relay/setup.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Person, personOf } from '../shared/access.ts';
import { author, writeAudit } from '../shared/audit.ts';
import { Problem } from '../shared/problem.ts';
import { problemOf } from '../shared/problem-of.ts';

const tags = ['Workspaces'];

/** Minutes in which a login must be finished. */
const lifetime = 10;

interface Login {
  oauth: OAuth<unknown, unknown>;
  app: unknown;
}

/** Connecting a workspace by logging in at the platform, through the operator's own app there. */
export function workspaceOAuthRoutes(dependencies: Dependencies): FastifyPluginAsyncZod {
  const { db, setUp, surroundings } = dependencies;
  return async app => {
    app.post(
      '/workspaces/oauth',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'beginWorkspaceLogin',
          tags,
          summary: 'Begin a login at a platform',
          description:
            'Send the browser to `authorizeUrl`. It comes back to this server within ten minutes, or not at all.',
          body: z.object({ platform: z.string(), region: z.string().max(20).optional() }),
          response: { 200: z.object({ authorizeUrl: z.url() }) },
        },
      },
      async request => {
        const person = personOf(request);
        const { platform, region } = request.body;
        const { oauth, app: vendorApp } = loginAt(dependencies, platform);
        const redirectUri = redirectUriOf(surroundings.publicUrl);
        const state = await beginLogin(dependencies, person, platform, region);
        return { authorizeUrl: oauth.authorizeUrl(vendorApp, { state, redirectUri, ...(region ? { region } : {}) }) };
      },
    );

    app.get(
      '/workspaces/oauth/callback',
      {
        config: { access: { role: 'admin', person: true } },
        schema: {
          operationId: 'finishWorkspaceLogin',
          tags,
          summary: 'Where the platform sends the browser back to',
          description: 'Answers with a redirect to `/`, with `connected` or `problem` in its query.',
          querystring: z.object({ state: z.string().max(200), code: z.string().max(2000).optional() }),
          response: { 303: z.null() },
        },
      },
      async (request, reply) => {
        const person = personOf(request);
        try {
          const { platform, region } = await takeLogin(dependencies, person, request.query.state);
          if (request.query.code === undefined) throw new Problem('PROVIDER_REFUSED', 'The login was not granted.');
          const login = loginAt(dependencies, platform);
          const config = await exchange(dependencies, login, { code: request.query.code, region });
          const accountId = person.accountId;
          const id = await setUp.connectWorkspace({ accountId, platform, config, connectedBy: person.name });
          await writeAudit(db, author(person), {
            action: 'workspace.connected',
            target: `workspace:${id}`,
            detail: { platform, login: true },
          });
          return reply.redirect(`/?connected=${id}`, 303);
        } catch (error) {
          // A person is looking at a browser window: they get a page, not a document for programs.
          const problem = problemOf(error);
          if (!problem) throw error;
          request.log.info(
            { code: problem.code, detail: problem.message },
            'a login at a platform ended without a workspace',
          );
          return reply.redirect(`/?problem=${problem.code}`, 303);
        }
      },
    );
  };
}

/** @throws Problem when the platform has no login, or the operator has no app there. */
function loginAt({ platforms, apps }: Dependencies, platform: string): Login {
  const adapter = platforms.get(platform);
  if (!adapter) {
    throw new Problem('VALIDATION_FAILED', `There is no platform called “${platform}”.`, {
      errors: [{ field: 'platform', message: 'Choose one of GET /api/v1/adapters.' }],
    });
  }
  const app = apps.get(platform);
  if (!adapter.oauth || !app) throw new Problem('NOT_CONFIGURED');
  return { oauth: adapter.oauth, app: app.config };
}

function redirectUriOf(publicUrl: string | undefined): string {
  if (publicUrl === undefined)
    throw new Problem('NOT_CONFIGURED', 'A login needs PUBLIC_URL: the platform sends the browser back there.');
  return `${publicUrl}/api/v1/workspaces/oauth/callback`;
}

/** Only the hash is stored: who reads the database cannot finish a login. */
const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

async function beginLogin(
  { db }: Dependencies,
  person: Person,
  platform: string,
  region: string | undefined,
): Promise<string> {
  const state = randomBytes(32).toString('base64url');
  await db.deleteFrom('oauth_states').where('expires_at', '<', new Date()).execute();
  await db
    .insertInto('oauth_states')
    .values({
      hash: hashOf(state),
      account_id: person.accountId,
      user_id: person.userId,
      session_id: person.sessionId,
      platform,
      region: region ?? null,
      expires_at: sql`now() + ${lifetime} * interval '1 minute'`,
    })
    .execute();
  return state;
}

/** Takes the state away, so it works once, and only for the session and the account that began with it. */
async function takeLogin({ db }: Dependencies, person: Person, state: string) {
  const row = await db
    .deleteFrom('oauth_states')
    .where('hash', '=', hashOf(state))
    .where('session_id', '=', person.sessionId)
    .where('account_id', '=', person.accountId)
    .where('expires_at', '>', new Date())
    .returning(['platform', 'region'])
    .executeTakeFirst();
  if (!row) throw new Problem('SIGN_IN_STATE_INVALID');
  return row;
}

async function exchange(
  { surroundings }: Dependencies,
  { oauth, app }: Login,
  login: { code: string; region: string | null },
): Promise<unknown> {
  const subject = { workspaceId: '', sandbox: false, config: {}, secrets: [login.code], hookToken: '' };
  const { config: _, ...context } = setUpContextFor(subject, surroundings);
  const options = {
    code: login.code,
    redirectUri: redirectUriOf(surroundings.publicUrl),
    ...(login.region === null ? {} : { region: login.region }),
  };
  const result = await oauth.exchange(app, options, context);
  if (!result.ok) throw new SetUpError('provider_refused', result.failure.message, { failure: result.failure });
  return result.config;
}
