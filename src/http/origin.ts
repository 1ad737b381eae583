import type { FastifyRequest } from 'fastify';
import { Problem } from '../features/shared/problem.ts';
import { carriesKey } from './authentication.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Keeps other sites from using a visitor's session. Browsers name the origin with every request that changes something;
 * programs send none and are let through.
 * @throws Problem
 */
export function refuseOtherSites(request: FastifyRequest, publicUrl: string | undefined): void {
  const { origin } = request.headers;
  if (origin === undefined || harmless.has(request.method) || carriesKey(request)) return;
  if (origin === publicUrl || hostOf(origin) === request.host) return;
  throw new Problem('ORIGIN_REFUSED');
}

/** Only hosts are compared: behind a proxy that ends TLS this server does not know its own scheme. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
