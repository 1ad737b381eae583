import { z } from 'zod';
import type { ChannelAdapter } from '../../contract/channel.ts';

const config = z.object({
  token: z
    .string()
    .trim()
    .regex(/^\d+:[\w-]+$/, 'A bot token looks like 110201543:AAHdq… – copy it whole from @BotFather.')
    .meta({
      title: 'Bot token',
      description: 'From @BotFather: the bot’s number, a colon and its secret.',
      secret: true,
    }),
  secretToken: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'Letters, digits, _ and - only, at most 256 of them.')
    .optional()
    .meta({
      title: 'Webhook secret',
      description:
        'Telegram sends it with every update, which proves that the update is Telegram’s. Made on connecting.',
      secret: true,
      generated: true,
    }),
  username: z.string().optional().meta({
    title: 'User name',
    description: 'The bot’s name without @, as Telegram reports it. Tells our commands from other bots’ in groups.',
    generated: true,
  }),
});

export type TelegramConfig = z.infer<typeof config>;

export const manifest: ChannelAdapter<TelegramConfig>['manifest'] = {
  id: 'telegram',
  label: 'Telegram',
  summary: 'Customers write to your Telegram bot, alone or in groups.',
  provider: { name: 'Telegram', docs: 'https://core.telegram.org/bots/api' },
  platforms: ['intercom', 'hubspot'],
  config,
  steps: [
    {
      title: 'Make a bot',
      text: 'Open **@BotFather** in Telegram, send `/newbot`, and choose a name and a user name. For a bot that exists already, send `/token` and pick it.',
      link: 'https://t.me/BotFather',
    },
    {
      title: 'Copy its token',
      text: 'BotFather answers with a token, such as `110201543:AAHdq…`. Paste it here. One bot can be connected once, and it must not be used by another system at the same time.',
      field: 'token',
    },
    {
      title: 'Only for groups: let the bot read',
      text: 'In BotFather send `/setprivacy`, pick the bot and choose **Disable**, then add the bot to the group anew. Otherwise it sees only commands, mentions and replies to itself. Make it an administrator if reactions should arrive too.',
      link: 'https://core.telegram.org/bots/features#privacy-mode',
    },
    {
      title: 'Only for Telegram Business: attach the bot to your account',
      text: 'In BotFather turn on **Business Mode** for the bot. Then in Telegram open **Settings → Telegram Business → Chatbots**, enter the bot’s user name and allow it to reply.',
      link: 'https://core.telegram.org/bots/features#bots-for-business',
    },
  ],
};

/** The bot’s own user id: the part of the token that stays when the secret is revoked. */
export function botId(config: TelegramConfig): string {
  return config.token.slice(0, config.token.indexOf(':'));
}
