import type { Scene } from './scene.ts';

export const telegram: Scene = {
  channel: 'telegram',
  label: 'Telegram',
  open(sandbox) {
    const bot = sandbox.telegram.bot({ username: 'acme_support_bot', name: 'Acme Support' });
    const customer = bot.customer({ id: 51_000_001, firstName: 'Mira', lastName: 'Okafor' });
    return {
      config: { token: bot.token },
      customerName: 'Mira Okafor',
      sendText: text => void customer.say(text),
      sendPhoto: (bytes, caption) => void customer.sendPhoto(bytes, { caption }),
      sendVoice: bytes => void customer.sendVoice(bytes, { duration: 2 }),
      fromBusiness: () =>
        bot
          .chat(customer.chatId)
          .messages.filter(message => message.from === 'bot')
          .map(({ text, media }) => ({
            text,
            attachments: media ? [{ name: media.name ?? '', mime: media.mime, bytes: media.bytes }] : [],
          })),
    };
  },
};
