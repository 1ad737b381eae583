import type { Health, SetUpContext, SetUpResult } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, dict, id, list, number, text, unixTime } from '../../kit/read.ts';
import { callApi } from './api.ts';
import { botId, type TelegramConfig } from './manifest.ts';
import { nameOf } from './people.ts';

/**
 * Asked for by name each time: left out, Telegram keeps whatever an earlier owner of the bot asked for, and reactions are
 * never sent unless named.
 */
const allowedUpdates = [
  'message',
  'edited_message',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'message_reaction',
  'callback_query',
  'my_chat_member',
];

/** A delivery that failed longer ago than this says nothing about now. Seconds. */
const recent = 15 * 60;

/**
 * Proves the token, and has Telegram post to us.
 * @see https://core.telegram.org/bots/api#getme
 * @see https://core.telegram.org/bots/api#setwebhook
 */
export async function connect(context: SetUpContext<TelegramConfig>): Promise<SetUpResult<TelegramConfig>> {
  const me = await callApi(context, { method: 'getMe', idempotent: true });
  if (!me.ok) return refused(me.failure);
  const bot = dict(me.result) ?? {};
  const config: TelegramConfig = {
    ...context.config,
    secretToken: context.config.secretToken ?? context.randomToken(),
    username: text(bot.username),
  };
  const health = await register(context, config);
  if ('failure' in health) return refused(health.failure);
  return {
    ok: true,
    connected: {
      ...health,
      identity: `telegram:bot:${id(bot.id) ?? botId(config)}`,
      name: config.username === undefined ? (nameOf(bot) ?? 'Telegram bot') : `@${config.username}`,
      config,
      facts: factsOf(bot),
    },
  };
}

function refused(failure: Failure): SetUpResult<TelegramConfig> {
  return failure.class === 'auth' ? { ok: false, failure, field: 'token' } : { ok: false, failure };
}

async function register(
  context: SetUpContext<TelegramConfig>,
  config: TelegramConfig,
): Promise<Health | { failure: Failure }> {
  if (context.webhookUrl === '') return notReachable('This installation has no public address yet.');
  const answer = await callApi(context, {
    method: 'setWebhook',
    fields: {
      url: context.webhookUrl,
      secret_token: config.secretToken,
      allowed_updates: allowedUpdates,
      max_connections: 40,
    },
    idempotent: true,
  });
  if (answer.ok) return { status: 'connected' };
  return answer.failure.class === 'config' ? notReachable(answer.failure.message) : { failure: answer.failure };
}

function notReachable(reason: string): Health {
  return {
    status: 'pending',
    reason,
    advice:
      'Telegram posts to public https addresses on port 443, 80, 88 or 8443 only. Give Octopods such an address and connect again.',
  };
}

/**
 * Whether the token is still good and the webhook still ours. Another system that takes over the bot does so without a
 * word, so its address is the only sign.
 * @see https://core.telegram.org/bots/api#getwebhookinfo
 */
export async function check(context: SetUpContext<TelegramConfig>): Promise<Health> {
  const me = await callApi(context, { method: 'getMe', idempotent: true });
  if (!me.ok) return unwell(me.failure);
  const info = await callApi(context, { method: 'getWebhookInfo', idempotent: true });
  if (!info.ok) return unwell(info.failure);
  const webhook = dict(info.result) ?? {};
  const facts = { ...factsOf(dict(me.result) ?? {}), ...webhookFacts(webhook) };
  return { ...webhookHealth(webhook, context), facts };
}

function unwell(failure: Failure): Health {
  if (failure.class !== 'auth') {
    return {
      status: 'offline',
      reason: failure.message,
      advice: 'Nothing to do unless it lasts: it is checked again.',
    };
  }
  return {
    status: 'disconnected',
    reason: `Telegram refuses the bot token: ${failure.message}.`,
    advice: 'Send /token to @BotFather and connect again with the token it gives. What waits is delivered then.',
  };
}

function webhookHealth(webhook: Dict, { webhookUrl, now }: SetUpContext<TelegramConfig>): Health {
  const url = text(webhook.url);
  if (webhookUrl === '') return notReachable('This installation has no public address yet.');
  if (url === undefined) {
    return {
      status: 'disconnected',
      reason: 'The webhook is gone: someone removed it, or another program polls for this bot’s messages.',
      advice: 'Stop the other program, then connect again.',
    };
  }
  if (url !== webhookUrl) {
    return {
      status: 'disconnected',
      reason: `This bot’s messages go to another address, at ${hostOf(url)}.`,
      advice: 'Take the bot out of the other system or make another bot, then connect again.',
    };
  }
  const failedFor = now.getTime() / 1000 - (number(webhook.last_error_date) ?? Number.NEGATIVE_INFINITY);
  if (failedFor < recent && (number(webhook.pending_update_count) ?? 0) > 0) {
    return {
      status: 'offline',
      reason: `Telegram could not deliver: ${text(webhook.last_error_message) ?? 'no reason given'}.`,
      advice: 'See that this installation can be reached from outside. Telegram keeps messages for 24 hours.',
    };
  }
  const asked = new Set(list(webhook.allowed_updates));
  if (asked.size > 0 && allowedUpdates.some(kind => !asked.has(kind))) {
    return { status: 'connected', advice: 'Connect again: Telegram is not asked for all kinds of messages.' };
  }
  return { status: 'connected' };
}

/** Takes the webhook away if it is ours; a bot that another system has taken over is left to it. */
export async function disconnect(context: SetUpContext<TelegramConfig>): Promise<void> {
  const info = await callApi(context, { method: 'getWebhookInfo', idempotent: true });
  const url = info.ok ? text(dict(info.result)?.url) : undefined;
  if (url === undefined || pathOf(url) !== pathOf(context.webhookUrl)) return;
  await callApi(context, { method: 'deleteWebhook', idempotent: true });
}

function factsOf(bot: Dict): Record<string, string> {
  return {
    'Bot id': id(bot.id) ?? 'unknown',
    'Reads all messages of groups': bot.can_read_all_group_messages === true ? 'yes' : 'no (privacy mode is on)',
    'Can be attached to Telegram Business': bot.can_connect_to_business === true ? 'yes' : 'no',
  };
}

function webhookFacts(webhook: Dict): Record<string, string> {
  const failed = unixTime(webhook.last_error_date);
  const facts: Record<string, string> = { 'Waiting updates': id(webhook.pending_update_count) ?? 'unknown' };
  if (failed !== undefined) {
    facts['Last failed delivery'] = `${failed}: ${text(webhook.last_error_message) ?? 'no reason given'}`;
  }
  return facts;
}

/** Only the host: the rest of another system's address may be its secret. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an unknown host';
}

/** The path holds our own unguessable token, and stays when our public address changes. */
function pathOf(url: string): string | undefined {
  return URL.parse(url)?.pathname;
}
