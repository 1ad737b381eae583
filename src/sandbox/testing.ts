import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';

/**
 * Where the vendors' contracts lie beside the project; undefined where they do not.
 * @throws Error where they are missing though `OCTOPODS_REQUIRE_SHARED=1` asks for them.
 */
export function sharedContracts(): string | undefined {
  const folder = join(import.meta.dirname, '../../../shared/contracts');
  if (existsSync(folder)) return folder;
  if (process.env.OCTOPODS_REQUIRE_SHARED === '1') throw new Error(`The contracts are missing at ${folder}.`);
  process.stderr.write(`Skipped: there are no vendor contracts at ${folder}.\n`);
  return undefined;
}

interface ReceivedWebhook {
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** A status, or a whole answer. */
type Answered = number | { type: string; body: string };

export interface WebhookReceiver {
  url: string;
  /** In order of arrival. */
  received: ReceivedWebhook[];
  /** Decides each answer; an empty 200 unless replaced. */
  answer: (webhook: ReceivedWebhook) => Answered | Promise<Answered>;
  close(): Promise<void>;
}

/** A product's webhook address, for the sandbox's own tests. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const receiver: WebhookReceiver = { url: '', received: [], answer: () => 200, close: () => app.close() };
  app.post('/hook', async (request, reply) => {
    const webhook = { body: String(request.body), headers: request.headers };
    receiver.received.push(webhook);
    const answer = await receiver.answer(webhook);
    if (typeof answer === 'number') return reply.code(answer).send();
    return reply.header('content-type', answer.type).send(answer.body);
  });
  receiver.url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/hook`;
  return receiver;
}

/** A web server with a PDF, a PNG and a text at addresses of those endings; anything else is a 404. */
export async function startWeb(): Promise<{ web: { close(): Promise<void> }; address: string }> {
  const app = Fastify({ forceCloseConnections: true });
  const files: Record<string, [mime: string, bytes: Uint8Array]> = {
    pdf: ['application/pdf', new Uint8Array(Buffer.from('%PDF made-up'))],
    png: ['image/png', png],
    txt: ['text/plain', new Uint8Array(Buffer.from('made-up notes'))],
  };
  app.get<{ Params: { name: string } }>('/:name', async ({ params }, reply) => {
    const file = params.name.startsWith('gone') ? undefined : files[params.name.split('.').at(-1) ?? ''];
    if (!file) return reply.code(404).send();
    return reply.header('content-type', file[0]).send(Buffer.from(file[1]));
  });
  return { web: { close: () => app.close() }, address: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

/** A picture that is one: 1 by 1 pixel. */
export const png = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

/** The first bytes of an OGG file; enough to be taken for one. */
export const ogg = new Uint8Array(Buffer.from('OggS\u0000\u0002made-up voice note', 'latin1'));
