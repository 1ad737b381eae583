import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { base64, readControl } from '../control-body.ts';
import type { TwilioAccount, TwilioAct, TwilioDouble, TwilioHandset, TwilioLine, TwilioMessage } from './types.ts';

const accountOptions = z.object({
  sid: z.string().optional(),
  authToken: z.string().optional(),
  name: z.string().optional(),
});

const lineOptions = z.object({ address: z.string(), mms: z.boolean().optional() });

const fate = z.object({
  status: z.enum(['queued', 'sent', 'delivered', 'undelivered', 'failed']),
  errorCode: z.int().optional(),
});

const pictures = z.object({
  body: z.string().optional(),
  files: z.array(z.object({ mime: z.string(), data: base64 })),
});

/** What a person can do with their phone, by the last segment of the address. */
const acts: Record<string, (handset: TwilioHandset, request: FastifyRequest) => TwilioAct> = {
  text: (handset, request) => handset.text(readControl(request, z.object({ body: z.string() })).body),
  mms: (handset, request) => {
    const { body, files } = readControl(request, pictures);
    return handset.mms(
      files.map(({ mime, data }) => ({ mime, bytes: data })),
      body,
    );
  },
  stop: handset => handset.stop(),
  start: handset => handset.start(),
};

interface Path {
  Params: { account: string; line: string; phone: string; act: string; message: string; media: string };
}

/** Accounts, their numbers and codes, and people's phones. Services and names are for the programmatic interface. */
export function addTwilioControl(app: FastifyInstance, twilio: TwilioDouble): void {
  const find = (request: FastifyRequest<Path>): TwilioAccount => {
    const found = twilio.accounts.find(({ sid }) => sid === request.params.account);
    if (!found) throw new Error(`There is no account ${request.params.account}.`);
    return found;
  };
  const findLine = (request: FastifyRequest<Path>): TwilioLine => lineOf(find(request), request.params.line);
  const findHandset = (request: FastifyRequest<Path>) => findLine(request).phone(request.params.phone);
  const account = '/twilio/accounts/:account';
  const phone = `${account}/lines/:line/phones/:phone`;

  app.post('/twilio/accounts', request => accountView(twilio.account(readControl(request, accountOptions))));
  app.get<Path>(account, request => accountView(find(request)));
  app.post<Path>(`${account}/rotate`, request => ({ authToken: find(request).rotate() }));
  app.post<Path>(`${account}/keys`, request => find(request).apiKey());
  app.post<Path>(`${account}/lines`, request => {
    const { address, mms } = readControl(request, lineOptions);
    return lineView(lineOf(find(request), address, mms));
  });
  app.get<Path>(phone, request => handsetView(findHandset(request)));
  app.post<Path>(`${phone}/webhook`, request => {
    const { operation, state } = findHandset(request).webhook(readControl(request, z.record(z.string(), z.string())));
    return { operation, state };
  });
  app.post<Path>(`${phone}/fate`, request => {
    const handset = findHandset(request);
    handset.fate = readControl(request, fate);
    return handsetView(handset);
  });
  app.post<Path>(`${phone}/:act`, request => {
    const act = acts[request.params.act];
    if (!act) throw new Error(`A phone cannot "${request.params.act}".`);
    const { sid, form, delivery } = act(findHandset(request), request);
    return { sid, form, delivery: delivery.state };
  });
  app.get<Path>(`${account}/messages/:message/media/:media`, (request, reply) => {
    const message = find(request).messages.find(({ sid }) => sid === request.params.message);
    const file = message?.media.find(({ sid }) => sid === request.params.media);
    if (!file) throw new Error(`There is no media ${request.params.media}.`);
    return reply.header('content-type', file.mime).send(Buffer.from(file.bytes));
  });
}

/** A number begins with a plus, a short code does not. What is new is bought. */
function lineOf(account: TwilioAccount, address: string, mms?: boolean): TwilioLine {
  return address.startsWith('+')
    ? account.number(address, mms === undefined ? {} : { mms })
    : account.shortCode(address);
}

export function accountView({ sid, authToken, name, status, messages }: TwilioAccount) {
  return { sid, authToken, name, status, messages: messages.map(messageView) };
}

function lineView({ sid, address, mms, smsUrl }: TwilioLine) {
  return { sid, address, mms, smsUrl };
}

function handsetView({ phoneNumber, optedOut, fate, received }: TwilioHandset) {
  const texts = received.map(({ media, ...text }) => ({
    ...text,
    media: media.map(({ mime, bytes }) => ({ mime, size: bytes.length })),
  }));
  return { phoneNumber, optedOut, fate, received: texts };
}

function messageView({ sid, direction, from, to, body, status, errorCode, createdAt, media }: TwilioMessage) {
  const files = media.map(({ sid, mime, bytes }) => ({ sid, mime, size: bytes.length }));
  return { sid, direction, from, to, body, status, errorCode, at: createdAt, media: files };
}
