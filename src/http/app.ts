import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import manifest from '../../package.json' with { type: 'json' };
import { newId } from '../db/ids.ts';
import type { Pool } from '../db/pool.ts';
import type { Database } from '../db/schema.ts';
import type { Vault } from '../db/vault.ts';
import type { Auth } from '../features/accounts/auth.ts';
import type { Metrics } from '../ops/metrics.ts';
import { api } from './api.ts';
import { authRoutes } from './auth-routes.ts';
import { takeJson } from './body.ts';
import { docs } from './docs.ts';
import { healthRoutes } from './health.ts';
import { describeApi } from './openapi.ts';
import { answerClientError, answerError, answerProblems } from './problems.ts';
import { defaultRateLimits, type RateLimits } from './rate-limit.ts';
import { welcomePage } from './welcome.ts';

export interface AppOptions {
  config: {
    /** Where the world reaches us, without a slash at its end. */
    publicUrl?: string | undefined;
    /** Proxies whose X-Forwarded headers count, as Fastify's `trustProxy`. Absent: none. */
    trustProxy?: string | boolean | undefined;
    /** Lets Prometheus in from elsewhere. Absent: only from this machine. */
    metricsToken?: string | undefined;
    rateLimits?: RateLimits | undefined;
  };
  pool: Pool;
  db: Database;
  vault: Vault;
  auth: Auth;
  logger: FastifyBaseLogger;
  metrics: Pick<Metrics, 'scrape'>;
  /** The web console. Absent: a page that says how to go on without it. */
  console?: FastifyPluginAsync | undefined;
  /** All resources, to be mounted under /api/v1. */
  features: FastifyPluginAsync;
  /** Where providers and platforms post. */
  hooks: FastifyPluginAsync;
  /** Signed links to attachments. */
  media: FastifyPluginAsync;
}

const largestBody = 5 * 1024 * 1024;

/** The whole HTTP side, ready to listen or to be injected into. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, pool, db, auth } = options;
  const { publicUrl } = config;
  const app = Fastify({
    loggerInstance: options.logger,
    // Fastify's own lines hold whole addresses, and some addresses of ours are as good as a password.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBody,
    requestTimeout: 60_000,
    trustProxy: config.trustProxy ?? false,
    // Ours alone: one that came from outside could forge another request's trace.
    requestIdHeader: false,
    genReqId: newId,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app);
  takeJson(app);
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  app.addHook('onResponse', async (request, reply) => {
    const about = { method: request.method, route: request.routeOptions.url, status: reply.statusCode };
    request.log.debug({ ...about, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });

  await describeApi(app, { version: manifest.version });
  await app.register(healthRoutes({ pool, metrics: options.metrics, metricsToken: config.metricsToken }));
  await app.register(options.console ?? welcomePage({ pool, publicUrl }));
  await app.register(docs);
  await app.register(authRoutes({ auth, publicUrl }), { prefix: '/api/auth' });
  await app.register(
    api({
      auth,
      db,
      vault: options.vault,
      publicUrl,
      rateLimits: config.rateLimits ?? defaultRateLimits,
      features: options.features,
    }),
    { prefix: '/api/v1' },
  );
  await app.register(options.hooks);
  await app.register(options.media);
  return app;
}
