import Fastify, { type FastifyInstance } from 'fastify';
import { Changes } from './changes.ts';
import { type Contracts, loadContracts } from './contracts.ts';
import { addControl } from './control.ts';
import { Exchanges } from './exchange.ts';
import { FaultList } from './faults.ts';
import { IntercomServer } from './intercom/server.ts';
import { Outbox } from './outbox.ts';
import { TelegramServer } from './telegram/server.ts';
import { TwilioServer } from './twilio/server.ts';
import { loadSigner } from './twilio/signature.ts';
import type { Sandbox, SandboxOptions, Violation } from './types.ts';
import type { Core, VendorDouble } from './vendor.ts';
import { WhatsAppServer } from './whatsapp/server.ts';

/** Starts the vendors' doubles on a loopback port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const stop = new AbortController();
  const now = options.now ?? (() => new Date());
  const redelivery = options.redelivery ?? {};
  const changes = new Changes();
  const faults = new FaultList();
  const outbox = new Outbox({ changes, faults, now, timeout: redelivery.timeout ?? 10_000, stop: stop.signal });
  const violations: Violation[] = [];
  const core: Core = {
    now,
    changes,
    outbox,
    redelivery,
    violate(violation) {
      violations.push({ at: now(), ...violation });
      changes.changed();
    },
  };
  const contracts: Partial<Contracts> =
    options.contractsDir === undefined ? {} : await loadContracts(options.contractsDir);
  const telegram = new TelegramServer(core, contracts.telegram);
  const intercom = new IntercomServer(core, contracts.intercom);
  const twilio = new TwilioServer(core, contracts.twilio, await loadSigner());
  const whatsapp = new WhatsAppServer(core, contracts.whatsapp);
  const exchanges = new Exchanges(core, faults, stop.signal);

  const app = httpServer();
  const sandbox: Sandbox = {
    url: '',
    telegram,
    intercom,
    twilio,
    whatsapp,
    faults,
    log: exchanges.log,
    violations,
    deliveries: outbox.deliveries,
    until: changes.until,
    async settled({ timeout = 30_000 } = {}) {
      await changes.until(() => !outbox.busy, { timeout, what: 'rest: webhooks are still waiting' });
    },
    async close() {
      stop.abort();
      faults.clear();
      app.server.closeAllConnections();
      await Promise.all([app.close(), outbox.close()]);
    },
  };
  addControl(app, sandbox);
  addVendors(app, exchanges, [telegram, intercom, twilio, whatsapp]);
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return Object.assign(sandbox, { url });
}

/** Bodies stay bytes: signatures are made over them, and each vendor reads them its own way. */
function httpServer(): FastifyInstance {
  const app = Fastify({ bodyLimit: 100 * 1024 * 1024, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}

function addVendors(app: FastifyInstance, exchanges: Exchanges, doubles: VendorDouble[]): void {
  const byHost = new Map(doubles.flatMap(double => double.hosts.map(host => [host, double] as const)));
  app.all('/*', async (request, reply) => {
    const url = new URL(request.raw.url ?? '/', 'http://sandbox');
    const [, host = '', ...rest] = url.pathname.split('/');
    const double = byHost.get(host);
    if (!double) return reply.code(404).send({ error: `No vendor stands at ${host || 'this address'}.` });
    await exchanges.run(
      double,
      {
        method: request.method,
        host,
        path: `/${rest.join('/')}`,
        query: Object.fromEntries(url.searchParams),
        headers: flat(request.headers),
        bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      },
      reply,
    );
  });
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
