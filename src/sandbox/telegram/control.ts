import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { base64, readControl } from '../control-body.ts';
import type {
  TelegramAct,
  TelegramBot,
  TelegramChat,
  TelegramChatMessage,
  TelegramCustomer,
  TelegramDouble,
} from './types.ts';

const botOptions = z.object({
  id: z.int().optional(),
  token: z.string().optional(),
  username: z.string().optional(),
  name: z.string().optional(),
});

const person = z.object({
  id: z.int(),
  firstName: z.string(),
  lastName: z.string().optional(),
  username: z.string().optional(),
  language: z.string().optional(),
});

const writing = { replyTo: z.int().optional(), quote: z.string().optional() };

const file = z.object({
  kind: z.enum(['photo', 'video', 'animation', 'audio', 'voice', 'video_note', 'document', 'sticker']),
  data: base64,
  name: z.string().optional(),
  mime: z.string().optional(),
  caption: z.string().optional(),
  ...writing,
});

/** What a customer can do, by the last segment of the address. */
const acts: Record<string, (customer: TelegramCustomer, request: FastifyRequest) => TelegramAct> = {
  say: (customer, request) => customer.say(readControl(request, z.object({ text: z.string(), ...writing }))),
  send: (customer, request) => sendFile(customer, readControl(request, file)),
  location: (customer, request) => {
    const { latitude, longitude } = readControl(request, z.object({ latitude: z.number(), longitude: z.number() }));
    return customer.sendLocation(latitude, longitude);
  },
  edit: (customer, request) => {
    const { messageId, text } = readControl(request, z.object({ messageId: z.int(), text: z.string() }));
    return customer.edit(messageId, text);
  },
  react: (customer, request) => {
    const { messageId, emoji } = readControl(request, z.object({ messageId: z.int(), emoji: z.array(z.string()) }));
    return customer.react(messageId, emoji);
  },
  press: (customer, request) => {
    const { messageId, data } = readControl(request, z.object({ messageId: z.int(), data: z.string() }));
    return customer.press(messageId, data);
  },
  start: (customer, request) =>
    customer.start(readControl(request, z.object({ payload: z.string().optional() })).payload),
  block: customer => customer.block(),
  unblock: customer => customer.unblock(),
};

interface Path {
  Params: { bot: string; chat: string; act: string; file: string };
}

/** Bots, and people in private with them. Groups are for the programmatic interface. */
export function addTelegramControl(app: FastifyInstance, telegram: TelegramDouble): void {
  const find = (request: FastifyRequest<Path>): TelegramBot => {
    const found = telegram.bots.find(({ id }) => String(id) === request.params.bot);
    if (!found) throw new Error(`There is no bot ${request.params.bot}.`);
    return found;
  };
  const bot = '/telegram/bots/:bot';

  app.post('/telegram/bots', request => botView(telegram.bot(readControl(request, botOptions))));
  app.get<Path>(bot, request => botView(find(request)));
  app.post<Path>(`${bot}/revoke`, request => ({ token: find(request).revoke() }));
  app.post<Path>(`${bot}/updates`, request => {
    const { operation, state } = find(request).update(readControl(request, z.record(z.string(), z.unknown())));
    return { operation, state };
  });
  app.post<Path>(`${bot}/customers`, request => {
    const customer = find(request).customer(readControl(request, person));
    return chatView(find(request), find(request).chat(customer.chatId));
  });
  app.get<Path>(`${bot}/chats/:chat`, request => chatView(find(request), find(request).chat(request.params.chat)));
  app.post<Path>(`${bot}/chats/:chat/:act`, request => {
    const chat = find(request).chat(request.params.chat);
    const act = acts[request.params.act];
    if (!act || chat.type !== 'private') throw new Error(`A customer cannot "${request.params.act}" here.`);
    const { messageId, update, delivery } = act(find(request).customer({ id: chat.id, firstName: chat.name }), request);
    return { messageId, update, delivery: delivery.state };
  });
  app.get<Path>(`${bot}/files/:file`, (request, reply) => {
    const messages = find(request).chats.flatMap(chat => chat.messages);
    const media = messages.find(message => message.media?.fileId === request.params.file)?.media;
    if (!media) throw new Error(`There is no file ${request.params.file}.`);
    return reply.header('content-type', media.mime).send(Buffer.from(media.bytes));
  });
}

function sendFile(customer: TelegramCustomer, { kind, data, ...options }: z.output<typeof file>): TelegramAct {
  switch (kind) {
    case 'photo':
      return customer.sendPhoto(data, options);
    case 'video':
      return customer.sendVideo(data, options);
    case 'animation':
      return customer.sendAnimation(data, options);
    case 'audio':
      return customer.sendAudio(data, options);
    case 'voice':
      return customer.sendVoice(data, options);
    case 'video_note':
      return customer.sendVideoNote(data, options);
    case 'document':
      return customer.sendDocument(data, options);
    case 'sticker':
      return customer.sendSticker(data, options);
  }
}

export function botView(bot: TelegramBot) {
  const { id, token, username, name, webhook } = bot;
  return { id, token, username, name, webhook, chats: bot.chats.map(chat => chatView(bot, chat)) };
}

function chatView(bot: TelegramBot, { id, type, name, actions, messages }: TelegramChat) {
  return { id, type, name, actions, messages: messages.map(message => messageView(bot, message)) };
}

function messageView(bot: TelegramBot, message: TelegramChatMessage) {
  const { id, from, sender, at, text, entities, location, contact, replyTo, quote, album, edited, reactions, buttons } =
    message;
  const media = message.media && {
    kind: message.media.kind,
    mime: message.media.mime,
    name: message.media.name,
    size: message.media.bytes.length,
    url: `/_sandbox/telegram/bots/${bot.id}/files/${message.media.fileId}`,
  };
  const words = { text, entities, replyTo, quote, album, edited, reactions, buttons };
  return { id, from, sender, at, ...words, media, location, contact };
}
