import type { Bot } from '../bot.ts';
import type { Params } from '../params.ts';

/** One method of the Bot API: gives `result`. Throws a TelegramError where Telegram answers `ok: false`. */
export type Method = (bot: Bot, params: Params) => unknown | Promise<unknown>;
