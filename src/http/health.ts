import { readdir } from 'node:fs/promises';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Pool } from '../db/pool.ts';
import { Problem } from '../features/shared/problem.ts';
import { sameSecret } from '../kit/signatures.ts';
import type { Metrics } from '../ops/metrics.ts';

export interface HealthOptions {
  pool: Pool;
  metrics: Pick<Metrics, 'scrape'>;
  /** Asked for as a bearer by /metrics. Without one, only this machine may read them. */
  metricsToken: string | undefined;
}

/** For whatever watches this process: `/livez` it runs, `/healthz` it can work, `/metrics` for Prometheus. */
export function healthRoutes({ pool, metrics, metricsToken }: HealthOptions): FastifyPluginAsync {
  return async app => {
    const options = { schema: { hide: true }, logLevel: 'warn' } as const;
    app.get('/livez', options, async () => ({ ok: true }));

    app.get('/healthz', options, async (_request, reply) => {
      const checks = await checkAll(pool);
      const ok = Object.values(checks).every(check => check.ok);
      return reply
        .code(ok ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ok, checks });
    });

    app.get('/metrics', options, async (request, reply) => {
      if (!mayRead(request, metricsToken)) throw new Problem('NOT_FOUND');
      const { body, contentType } = await metrics.scrape();
      return reply.type(contentType).send(body);
    });
  };
}

interface Check {
  ok: boolean;
  reason?: string;
}

const migrations = new URL('../db/migrations/', import.meta.url);

async function checkAll(pool: Pool): Promise<Record<'database' | 'migrations', Check>> {
  try {
    const { rows } = await pool.query<{ name: string }>('select name from migrations');
    const applied = new Set(rows.map(row => row.name));
    const missing = (await readdir(migrations)).filter(name => name.endsWith('.sql') && !applied.has(name));
    const reason = `not applied: ${missing.sort().join(', ')}`;
    return { database: { ok: true }, migrations: missing.length === 0 ? { ok: true } : { ok: false, reason } };
  } catch {
    // Why it cannot be reached stands in the log; this page is open to anyone.
    return { database: { ok: false, reason: 'cannot be read' }, migrations: { ok: false, reason: 'not known' } };
  }
}

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** A proxy on this machine calls from here too, on behalf of the whole world; it says so in its headers. */
function mayRead(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return sameSecret(/^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1], token);
  const { headers, socket } = request;
  const relayed = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(name => headers[name] !== undefined);
  return !relayed && loopback.has(socket.remoteAddress ?? '');
}
