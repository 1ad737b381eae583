import type { Bot } from '../bot.ts';
import { badRequest, TelegramBreach } from '../errors.ts';
import { mediaContent } from '../media.ts';
import type { Params } from '../params.ts';
import type { Content, MessageShape } from '../shapes.ts';
import type { TelegramMediaKind } from '../types.ts';
import { readFile } from './files.ts';
import { type KindOfFile, write } from './message.ts';
import type { Method } from './method.ts';
import { readText } from './text.ts';

const sendMessage: Method = (bot, params) => {
  const { text, entities } = readText(params, 'text');
  if (text.trim() === '') throw new TelegramBreach('message text is empty');
  return write(bot, params, { text, ...(entities.length === 0 ? {} : { entities }) }).raw;
};

/** sendPhoto and its kin: the file stands in the field named like the kind. */
function sendFile(kind: TelegramMediaKind): Method {
  return async (bot, params) => {
    bot.chat(params.needText('chat_id')).admitBot();
    const media = await readFile(bot, params, kind, kind);
    return write(bot, params, fileContent(bot, params, media), media).raw;
  };
}

function fileContent(bot: Bot, params: Params, { kind, file }: KindOfFile): Content {
  const duration = params.number('duration');
  const title = params.text('title');
  const performer = params.text('performer');
  const emoji = params.text('emoji');
  const { text: caption, entities } = readText(params, 'caption');
  return {
    ...mediaContent(kind, file, bot.files, {
      ...(duration === undefined ? {} : { duration }),
      ...(title === undefined ? {} : { title }),
      ...(performer === undefined ? {} : { performer }),
      ...(emoji === undefined ? {} : { emoji }),
      format: file.path.endsWith('.webm') ? 'video' : file.path.endsWith('.tgs') ? 'animated' : 'static',
    }),
    ...(caption === '' ? {} : { caption }),
    ...(entities.length === 0 ? {} : { caption_entities: entities }),
  };
}

const albumKinds: readonly string[] = ['photo', 'video', 'document', 'audio'] satisfies TelegramMediaKind[];

const sendMediaGroup: Method = async (bot, params) => {
  bot.chat(params.needText('chat_id')).admitBot();
  const items = params.list('media') ?? [];
  if (items.length < 2 || items.length > 10) throw badRequest('wrong number of messages in the media group');
  const types = new Set(items.map(item => String(item.type)));
  if (types.size > 1 && (types.has('document') || types.has('audio'))) {
    throw badRequest("documents and audio can't be mixed with other media types");
  }
  const ready: { content: Content; media: KindOfFile }[] = [];
  for (const item of items) {
    const kind = albumKinds.find(type => type === item.type) as TelegramMediaKind | undefined;
    if (!kind) throw badRequest(`type "${item.type}" can't be sent in a media group`);
    const nested = params.nested(item);
    const media = await readFile(bot, nested, 'media', kind);
    ready.push({ content: fileContent(bot, nested, media), media });
  }
  const media_group_id = bot.newSerial();
  return ready.map(({ content, media }): MessageShape => write(bot, params, { ...content, media_group_id }, media).raw);
};

const sendLocation: Method = (bot, params) => write(bot, params, { location: readLocation(params) }).raw;

const sendVenue: Method = (bot, params) => {
  const location = readLocation(params);
  const venue = { location, title: params.needText('title'), address: params.needText('address') };
  return write(bot, params, { location, venue }).raw;
};

const sendContact: Method = (bot, params) => {
  const last_name = params.text('last_name');
  const contact = { phone_number: params.needText('phone_number'), first_name: params.needText('first_name') };
  return write(bot, params, { contact: { ...contact, ...(last_name === undefined ? {} : { last_name }) } }).raw;
};

function readLocation(params: Params): { latitude: number; longitude: number } {
  return { latitude: params.needNumber('latitude'), longitude: params.needNumber('longitude') };
}

export const sendMethods: Record<string, Method> = {
  sendMessage,
  sendPhoto: sendFile('photo'),
  sendVideo: sendFile('video'),
  sendAnimation: sendFile('animation'),
  sendAudio: sendFile('audio'),
  sendVoice: sendFile('voice'),
  sendVideoNote: sendFile('video_note'),
  sendDocument: sendFile('document'),
  sendSticker: sendFile('sticker'),
  sendMediaGroup,
  sendLocation,
  sendVenue,
  sendContact,
};
