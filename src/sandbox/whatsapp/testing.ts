import Fastify from 'fastify';
import { FormData, request } from 'undici';
import type { Json, Sandbox } from '../types.ts';
import type { WhatsAppAccount, WhatsAppApp, WhatsAppCustomer, WhatsAppNumber } from './types.ts';

/** A product's webhook address: answers the challenge, and keeps what is posted. */
export interface Callback {
  url: string;
  verifyToken: string;
  /** In order of arrival. */
  received: { body: string; headers: Record<string, string | string[] | undefined> }[];
  /** What the challenge is answered with; the challenge itself unless replaced. */
  echo(challenge: string): string;
  /** The status that posts are answered with. */
  status: number;
  close(): Promise<void>;
}

export async function startCallback(): Promise<Callback> {
  const app = Fastify({ forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const verifyToken = 'made-up-verify-token';
  const callback: Callback = {
    url: '',
    verifyToken,
    received: [],
    echo: challenge => challenge,
    status: 200,
    close: () => app.close(),
  };
  app.get<{ Querystring: Record<string, string> }>('/hook', async ({ query }, reply) => {
    if (query['hub.mode'] !== 'subscribe' || query['hub.verify_token'] !== verifyToken) return reply.code(403).send();
    return callback.echo(query['hub.challenge'] ?? '');
  });
  app.post('/hook', async ({ body, headers }, reply) => {
    callback.received.push({ body: String(body), headers });
    return reply.code(callback.status).send();
  });
  callback.url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/hook`;
  return callback;
}

/** One business with one customer, and a way to call the Graph API on its behalf. */
export interface Stage {
  app: WhatsAppApp;
  account: WhatsAppAccount;
  number: WhatsAppNumber;
  ada: WhatsAppCustomer;
  get(path: string): Promise<GraphAnswer>;
  post(path: string, body: Json): Promise<GraphAnswer>;
  remove(path: string): Promise<GraphAnswer>;
  upload(file: { bytes: Uint8Array; mime: string; name?: string }): Promise<GraphAnswer>;
  /** Sends to Ada; `messaging_product`, `recipient_type` and `to` are added. */
  send(message: Json): Promise<GraphAnswer>;
}

export interface GraphAnswer {
  status: number;
  body: Json;
}

export function setStage(sandbox: Sandbox): Stage {
  const app = sandbox.whatsapp.app({ name: 'Made-up app' });
  const account = app.account();
  const number = account.number({ display: '+1 202-555-0100', verifiedName: 'Example Ltd' });
  const ada = number.customer({ waId: '447700900417', name: 'Ada Example' });
  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: string | FormData) => {
    const answer = await request(`${sandbox.url}/graph.facebook.com/v25.0/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${account.token}`,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Json };
  };
  const post = (path: string, body: Json) => call('POST', path, JSON.stringify(body));
  return {
    app,
    account,
    number,
    ada,
    get: path => call('GET', path),
    post,
    remove: path => call('DELETE', path),
    upload({ bytes, mime, name = 'file' }) {
      const form = new FormData();
      form.append('messaging_product', 'whatsapp');
      form.append('type', mime);
      form.append('file', new Blob([Buffer.from(bytes)], { type: mime }), name);
      return call('POST', `${number.phoneNumberId}/media`, form);
    },
    send: message =>
      post(`${number.phoneNumberId}/messages`, {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '447700900417',
        ...message,
      }),
  };
}

/** The only message that an answer names. */
export function sentId({ body }: GraphAnswer): string {
  const [message] = body.messages as { id: string }[];
  return message?.id ?? '';
}

/** What Meta says is wrong. */
export function errorOf({ body }: GraphAnswer): { code?: number; message?: string; details?: string } {
  const { code, message, error_data } = (body.error ?? {}) as Json & { error_data?: { details?: string } };
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(error_data?.details === undefined ? {} : { details: error_data.details }),
  };
}
