import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { base64, readControl } from '../control-body.ts';
import type {
  WhatsAppAccount,
  WhatsAppAct,
  WhatsAppApp,
  WhatsAppChatMessage,
  WhatsAppCustomer,
  WhatsAppDouble,
  WhatsAppNumber,
} from './types.ts';

const appOptions = z.object({
  appId: z.string().optional(),
  appSecret: z.string().optional(),
  name: z.string().optional(),
});

const accountOptions = z.object({
  wabaId: z.string().optional(),
  token: z.string().optional(),
  name: z.string().optional(),
});

const numberOptions = z.object({
  phoneNumberId: z.string().optional(),
  display: z.string().optional(),
  verifiedName: z.string().optional(),
});

const person = z.object({
  waId: z.string().optional(),
  bsuid: z.string().optional(),
  username: z.string().optional(),
  name: z.string(),
});

const file = z.object({
  kind: z.enum(['image', 'video', 'audio', 'voice', 'document', 'sticker']),
  data: base64,
  name: z.string().optional(),
  mime: z.string().optional(),
  caption: z.string().optional(),
  replyTo: z.string().optional(),
});

const place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
});

const cards = z.array(z.object({ name: z.string(), phone: z.string().optional() }));
const ofMessage = z.object({ messageId: z.string() });
const choice = z.object({ messageId: z.string(), id: z.string() });

/** What a customer can tell the business, by the last segment of the address. */
const acts: Record<string, (customer: WhatsAppCustomer, request: FastifyRequest) => WhatsAppAct> = {
  text: (customer, request) => {
    const { body, replyTo } = readControl(request, z.object({ body: z.string(), replyTo: z.string().optional() }));
    return customer.text(body, replyTo === undefined ? {} : { replyTo });
  },
  send: (customer, request) => {
    const { kind, data, ...options } = readControl(request, file);
    return customer[kind](data, options);
  },
  location: (customer, request) => customer.location(readControl(request, place)),
  contacts: (customer, request) => customer.contacts(readControl(request, z.object({ cards })).cards),
  react: (customer, request) => {
    const { messageId, emoji } = readControl(request, ofMessage.extend({ emoji: z.string() }));
    return customer.react(messageId, emoji);
  },
  unreact: (customer, request) => customer.unreact(readControl(request, ofMessage).messageId),
  press: (customer, request) => {
    const { messageId, id } = readControl(request, choice);
    return customer.press(messageId, id);
  },
  pick: (customer, request) => {
    const { messageId, id } = readControl(request, choice);
    return customer.pick(messageId, id);
  },
  edit: (customer, request) => {
    const { messageId, text } = readControl(request, ofMessage.extend({ text: z.string() }));
    return customer.edit(messageId, text);
  },
  revoke: (customer, request) => customer.revoke(readControl(request, ofMessage).messageId),
};

/** What a customer can do without writing anything. */
const doings: Record<string, (customer: WhatsAppCustomer) => void> = {
  read: customer => customer.read(),
  close_window: customer => customer.closeWindow(),
  block: customer => customer.block(),
  unblock: customer => customer.unblock(),
};

interface Path {
  Params: { app: string; account: string; number: string; customer: string; act: string; media: string };
}

export function addWhatsAppControl(app: FastifyInstance, whatsapp: WhatsAppDouble): void {
  const findApp = ({ params }: FastifyRequest<Path>) =>
    found(
      whatsapp.apps.find(({ appId }) => appId === params.app),
      `app ${params.app}`,
    );
  const accounts = () => whatsapp.apps.flatMap(entry => entry.accounts);
  const findAccount = ({ params }: FastifyRequest<Path>) =>
    found(
      accounts().find(({ wabaId }) => wabaId === params.account),
      `account ${params.account}`,
    );
  const findNumber = ({ params }: FastifyRequest<Path>) =>
    found(
      accounts()
        .flatMap(account => account.numbers)
        .find(({ phoneNumberId }) => phoneNumberId === params.number),
      `number ${params.number}`,
    );
  const findCustomer = (request: FastifyRequest<Path>) => {
    const { customer } = request.params;
    const known = findNumber(request).customers.find(({ waId, bsuid }) => waId === customer || bsuid === customer);
    return found(known, `customer ${customer}`);
  };
  const number = '/whatsapp/numbers/:number';
  const customer = `${number}/customers/:customer`;

  app.post('/whatsapp/apps', request => appView(whatsapp.app(readControl(request, appOptions))));
  app.get<Path>('/whatsapp/apps/:app', request => appView(findApp(request)));
  app.post<Path>('/whatsapp/apps/:app/callback', async request => {
    const { url, verifyToken } = readControl(request, z.object({ url: z.url(), verifyToken: z.string() }));
    await findApp(request).setCallback(url, verifyToken);
    return appView(findApp(request));
  });
  app.post<Path>('/whatsapp/apps/:app/accounts', request =>
    accountView(findApp(request).account(readControl(request, accountOptions))),
  );
  app.post<Path>('/whatsapp/accounts/:account/revoke', request => ({ token: findAccount(request).revoke() }));
  app.post<Path>('/whatsapp/accounts/:account/numbers', request =>
    numberView(findAccount(request).number(readControl(request, numberOptions))),
  );
  app.get<Path>(number, request => numberView(findNumber(request)));
  app.post<Path>(`${number}/webhook`, request => {
    const { operation, state } = findNumber(request).webhook(readControl(request, z.record(z.string(), z.unknown())));
    return { operation, state };
  });
  app.post<Path>(`${number}/customers`, request =>
    customerView(findNumber(request), findNumber(request).customer(readControl(request, person))),
  );
  app.get<Path>(customer, request => customerView(findNumber(request), findCustomer(request)));
  app.post<Path>(`${customer}/:act`, request => {
    const { act } = request.params;
    const known = findCustomer(request);
    if (doings[act]) {
      doings[act](known);
      return customerView(findNumber(request), known);
    }
    if (!acts[act]) throw new Error(`A customer cannot "${act}" here.`);
    const { messageId, message, delivery } = acts[act](known, request);
    return { messageId, message, delivery: delivery.state };
  });
  app.get<Path>(`${number}/media/:media`, (request, reply) => {
    const messages = findNumber(request).customers.flatMap(known => known.messages);
    const media = messages.find(message => message.media?.mediaId === request.params.media)?.media;
    const { mime, bytes } = found(media, `file ${request.params.media}`);
    return reply.header('content-type', mime).send(Buffer.from(bytes));
  });
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no ${what}.`);
  return value;
}

export function appView(app: WhatsAppApp) {
  const { appId, appSecret, name, callback } = app;
  return { appId, appSecret, name, callback, accounts: app.accounts.map(accountView) };
}

function accountView(account: WhatsAppAccount) {
  const { wabaId, name, token, subscribed, callback } = account;
  return { wabaId, name, token, subscribed, callback, numbers: account.numbers.map(numberView) };
}

function numberView(number: WhatsAppNumber) {
  const { phoneNumberId, display, verifiedName, facts, callback } = number;
  const customers = number.customers.map(customer => customerView(number, customer));
  return { phoneNumberId, display, verifiedName, facts, callback, customers };
}

function customerView(number: WhatsAppNumber, customer: WhatsAppCustomer) {
  const { waId, bsuid, name, windowOpen, messages } = customer;
  return { waId, bsuid, name, windowOpen, messages: messages.map(message => messageView(number, message)) };
}

function messageView({ phoneNumberId }: WhatsAppNumber, message: WhatsAppChatMessage) {
  const {
    id,
    from,
    at,
    type,
    text,
    shown,
    location,
    contacts,
    choices,
    replyTo,
    edited,
    revoked,
    reactions,
    status,
    seen,
  } = message;
  const media = message.media && {
    mime: message.media.mime,
    name: message.media.name,
    voice: message.media.voice,
    size: message.media.bytes.length,
    url: `/_sandbox/whatsapp/numbers/${phoneNumberId}/media/${message.media.mediaId}`,
  };
  const words = { text, shown, replyTo, edited, revoked, reactions, status, seen };
  return { id, from, at, type, ...words, media, location, contacts, choices };
}
