import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import pino from 'pino';
import { request as send } from 'undici';
import { readConfig } from '../../../src/config.ts';
import { makeKey } from '../../../src/db/vault.ts';
import { consolePages } from '../../../src/http/console.ts';
import { startOctopods } from '../../../src/main.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { Sandbox } from '../../../src/sandbox/types.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { buildConsole } from './build.ts';

export interface ConsoleServer {
  url: string;
  sandbox: Sandbox;
  stop(): Promise<void>;
}

/** A whole Octopods on a database of its own, with the console built from today's files before it and vendors behind it. */
export async function startConsole(): Promise<ConsoleServer> {
  const folder = await mkdtemp(join(tmpdir(), 'octopods-console-'));
  const dir = join(folder, 'web');
  await buildConsole(dir);
  const database = await testDatabase();
  const sandbox = await startSandbox();
  const octopods = await startOctopods({
    config: readConfig({ PORT: '0', OCTOPODS_HOST: '127.0.0.1', OCTOPODS_DATA_DIR: join(folder, 'data') }),
    databaseUrl: database.url,
    secrets: { encryptionKeys: [makeKey()], authSecret: 'not-a-secret-not-a-secret-not-a-secret' },
    logger: pino({ level: 'silent' }),
    sandboxUrl: sandbox.url,
  });
  const front = await startFront(dir, octopods.url);
  return {
    url: front.url,
    sandbox,
    async stop() {
      await front.close();
      await octopods.stop();
      await sandbox.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Stands where a reverse proxy would: the console's files from here, everything else from the server behind. */
async function startFront(dir: string, origin: string): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(consolePages({ dir }));
  app.all('/api/*', (request, reply) => pass(origin, request, reply));
  app.all('/media/*', (request, reply) => pass(origin, request, reply));
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() };
}

async function pass(origin: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { connection: _, 'transfer-encoding': __, ...headers } = request.headers;
  const answer = await send(origin + request.url, {
    method: request.method as 'GET',
    headers,
    body: Buffer.isBuffer(request.body) ? request.body : null,
  });
  const { connection: ___, 'transfer-encoding': ____, ...passed } = answer.headers;
  return reply
    .code(answer.statusCode)
    .headers(passed)
    .send(Buffer.from(await answer.body.arrayBuffer()));
}
