import { badRequest } from '../errors.ts';
import { unixSeconds } from '../shapes.ts';
import { sizeLimits } from './files.ts';
import type { Method } from './method.ts';

const getMe: Method = bot => ({
  ...bot.user,
  can_join_groups: true,
  can_read_all_group_messages: true,
  supports_inline_queries: false,
});

const setWebhook: Method = (bot, params) => {
  const url = params.text('url') ?? '';
  if (url !== '') checkAddress(url);
  const secretToken = params.text('secret_token');
  if (secretToken !== undefined && !/^[\w-]{1,256}$/.test(secretToken)) {
    throw badRequest('secret token contains unallowed characters');
  }
  const maxConnections = params.number('max_connections') ?? 40;
  if (maxConnections < 1 || maxConnections > 100) throw badRequest('max_connections must be between 1 and 100');
  if (params.flag('drop_pending_updates')) bot.core.outbox.dropWaiting(String(bot.id));
  bot.allowedUpdates = params.strings('allowed_updates') ?? bot.allowedUpdates;
  bot.webhook = url === '' ? undefined : { url, secretToken, allowedUpdates: bot.allowedUpdates, maxConnections };
  bot.core.outbox.wake(String(bot.id));
  bot.core.changes.changed();
  return true;
};

/** A real bot is reached over TLS on four ports; a product under test listens on plain loopback. */
function checkAddress(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) return;
  if (url?.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!['', '443', '80', '88', '8443'].includes(url.port)) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
}

const deleteWebhook: Method = (bot, params) => {
  if (params.flag('drop_pending_updates')) bot.core.outbox.dropWaiting(String(bot.id));
  bot.webhook = undefined;
  bot.core.changes.changed();
  return true;
};

const getWebhookInfo: Method = bot => {
  const account = String(bot.id);
  const failed = bot.core.outbox.lastFailure(account);
  return {
    url: bot.webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.core.outbox.waiting(account),
    ...(bot.webhook ? { max_connections: bot.webhook.maxConnections, ip_address: '127.0.0.1' } : {}),
    ...(bot.allowedUpdates.length > 0 ? { allowed_updates: bot.allowedUpdates } : {}),
    ...(failed ? { last_error_date: unixSeconds(failed.at), last_error_message: failureWords(failed) } : {}),
  };
};

function failureWords({ status, error }: { status?: number; error?: string }): string {
  return status === undefined ? (error ?? 'Connection failed') : `Wrong response from the webhook: ${status}`;
}

const getFile: Method = (bot, params) => {
  const file = bot.files.get(params.needText('file_id'));
  if (!file) throw badRequest('wrong file identifier/HTTP URL specified');
  if (file.bytes.length > sizeLimits.download) throw badRequest('file is too big');
  return {
    file_id: file.fileId,
    file_unique_id: file.uniqueId,
    file_size: file.bytes.length,
    file_path: file.path,
  };
};

const getChat: Method = (bot, params) => {
  const chat = bot.chat(params.needText('chat_id'));
  if (chat.barred === 'kicked') chat.admitBot();
  return {
    ...chat.shape,
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: true,
      limited_gifts: true,
      unique_gifts: true,
      premium_subscription: true,
      gifts_from_channels: true,
    },
  };
};

export const accountMethods: Record<string, Method> = {
  getMe,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  getFile,
  getChat,
};
