import type { RawRequest, Verdict } from '../../contract/adapter.ts';
import { sameSecret } from '../../kit/signatures.ts';
import type { TelegramConfig } from './manifest.ts';

/**
 * Telegram proves itself by sending back the secret that `setWebhook` was given. It is not bound to the body. A channel
 * without a secret accepts nothing.
 * @see https://core.telegram.org/bots/api#setwebhook
 */
export function verify(request: RawRequest, config: TelegramConfig): Verdict {
  const given = request.headers['x-telegram-bot-api-secret-token'];
  if (given === undefined) return { ok: false, reason: 'The header X-Telegram-Bot-Api-Secret-Token is missing.' };
  if (!sameSecret(given, config.secretToken ?? '')) {
    return { ok: false, reason: 'The header X-Telegram-Bot-Api-Secret-Token holds another secret than ours.' };
  }
  return { ok: true };
}
