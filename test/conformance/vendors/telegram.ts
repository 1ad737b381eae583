import type { Sandbox, TelegramMediaKind } from '../../../src/sandbox/types.ts';
import type { Case } from '../case.ts';
import type { SeenDelivery } from '../observe.ts';
import type { Player, VendorAccount } from './player.ts';

/** Message ids of the runner's own small talk: out of the way of every case's ids. */
let nextMessageId = 900_000_000;
let nextUpdateId = 100_000_000;

export const telegram: Player = {
  vendor: 'telegram',
  connect(sandbox: Sandbox, config: Case['config']): VendorAccount {
    const botId = Number(config.bot_id ?? 7001);
    const username = String(config.bot_username ?? 'conformance_bot');
    const bot = sandbox.telegram.bot({ id: botId, username });
    const secretToken = typeof config.secret_token === 'string' ? config.secret_token : 'conformance-secret';
    return {
      config: { token: bot.token, secretToken },
      sign: () => ({ 'x-telegram-bot-api-secret-token': secretToken }),
      async say(person, text, messageId) {
        const id = numberOf(person);
        const user = { id, is_bot: false, first_name: 'Conformance' };
        const chat = { id, type: id < 0 ? 'group' : 'private', first_name: 'Conformance', title: 'Conformance' };
        const message_id = messageId === undefined ? nextMessageId++ : Number(messageId);
        const date = Math.floor(Date.now() / 1000);
        await bot.update({ update_id: nextUpdateId++, message: { message_id, from: user, chat, date, text } }).done;
      },
      nextSentId: id => bot.nextMessageId(Number(id)),
      sendPath: /\/send/,
      sent(person) {
        const id = numberOf(person);
        if (!bot.chats.some(chat => chat.id === id)) return [];
        const own = bot.chat(id).messages.filter(message => message.from === 'bot');
        return own.map(
          (message): SeenDelivery => ({
            text: message.text === '' ? null : message.text,
            attachments: message.media
              ? [{ type: kinds[message.media.kind], name: message.media.name ?? '', mime: message.media.mime }]
              : [],
          }),
        );
      },
    };
  },
};

const kinds: Readonly<Record<TelegramMediaKind, string>> = {
  photo: 'image',
  video: 'video',
  animation: 'video',
  audio: 'audio',
  voice: 'audio',
  video_note: 'video',
  document: 'file',
  sticker: 'sticker',
};

/** Cases speak of phone numbers too; their digits make as good a chat id as any. */
function numberOf(person: string): number {
  return Number(person.replace(/[^\d-]/g, ''));
}
