import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { Problem } from '../features/shared/problem.ts';
import type { Incoming, Receipt } from '../relay/receive.ts';
import type { Relay } from '../relay/relay.ts';

/** Where providers and platforms post: `/hooks/<token>`, and `/hooks/<adapter>` for an app that many accounts share. */
export function hooks(relay: Relay): FastifyPluginAsync {
  return async app => {
    // Signatures cover the raw bytes, so nothing may parse them before the adapter has verified them.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    app.route<{ Params: { address: string } }>({
      method: ['GET', 'POST'],
      url: '/hooks/:address',
      exposeHeadRoute: false,
      schema: { hide: true },
      handler: async (request, reply) => {
        const receipt = await receipts(relay, request.params.address, incoming(request));
        if (receipt.outcome === 'unknown_address')
          throw new Problem('NOT_FOUND', 'Nothing is connected at this address.');
        if (receipt.outcome === 'bad_signature') throw new Problem('SIGNATURE_REFUSED', receipt.reason);
        const answer = receipt.reply ?? { status: 200, body: '' };
        return reply
          .code(answer.status)
          .headers(answer.headers ?? {})
          .send(answer.body);
      },
    });

    // Some platforms look whether the address is there before they save it. That says nothing and stores nothing.
    app.head('/hooks/:address', { schema: { hide: true } }, async (_request, reply) => reply.code(200).send());
  };
}

async function receipts(relay: Relay, address: string, request: Incoming): Promise<Receipt> {
  try {
    return await (relay.receiveForApp(address, request) ?? relay.receive(address, request));
  } catch (error) {
    // Nothing is acknowledged that is not committed: the provider sends it again.
    throw new Problem('UNAVAILABLE', 'The webhook could not be stored. Send it again.', {
      headers: { 'retry-after': '5' },
      cause: error,
    });
  }
}

function incoming(request: FastifyRequest): Incoming {
  return {
    method: request.method,
    path: request.url,
    headers: request.headers,
    body: request.body instanceof Buffer ? request.body : new Uint8Array(),
  };
}
