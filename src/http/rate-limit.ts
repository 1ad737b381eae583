import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from '../features/shared/access.ts';
import { Problem } from '../features/shared/problem.ts';

/** Requests a minute. */
export interface RateLimits {
  /** Of one person or API key. */
  principal: number;
  /** Of one address that nobody is signed in at. */
  stranger: number;
}

export const defaultRateLimits: RateLimits = { principal: 1200, stranger: 120 };

/**
 * Counts per person, key or address, in the memory of this process: with several processes behind a balancer each allows
 * as much. It is a guard against runaway loops; tries at signing in are counted across processes, in the database.
 */
export async function createRateLimit(
  app: FastifyInstance,
  limits: RateLimits,
): Promise<(request: FastifyRequest, reply: FastifyReply) => Promise<void>> {
  await app.register(rateLimit, { global: false });
  const consume = app.createRateLimit({
    timeWindow: '1 minute',
    max: request => (request.principal ? limits.principal : limits.stranger),
    keyGenerator: request => (request.principal ? actorOf(request.principal) : request.ip),
  });
  return async (request, reply) => {
    const state = await consume(request);
    if (state.isAllowed) return;
    reply.headers({
      'ratelimit-limit': state.max,
      'ratelimit-remaining': state.remaining,
      'ratelimit-reset': state.ttlInSeconds,
    });
    if (state.isExceeded) {
      throw new Problem('RATE_LIMITED', `At most ${state.max} requests a minute.`, {
        headers: { 'retry-after': String(state.ttlInSeconds) },
      });
    }
  };
}
