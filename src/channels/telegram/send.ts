import type { Context } from '../../contract/adapter.ts';
import type { Outgoing, SendResult } from '../../contract/channel.ts';
import type { Event } from '../../contract/event.ts';
import type { Failure } from '../../contract/failure.ts';
import { dict, id } from '../../kit/read.ts';
import { type Address, parseAddress } from './address.ts';
import { type Answer, type Call, callApi } from './api.ts';
import { compose } from './compose.ts';
import { refusesEntities } from './failures.ts';
import type { TelegramConfig } from './manifest.ts';
import { chatMigrated } from './message.ts';

/**
 * Sends one text, or one attachment with or without a caption. Telegram knows no idempotency key: a call that got no
 * answer is unconfirmed and is not repeated here.
 * @see https://core.telegram.org/bots/api#sendmessage
 */
export async function send(message: Outgoing, context: Context<TelegramConfig>): Promise<SendResult> {
  const address = parseAddress(message.to);
  if (!address) {
    return { ok: false, failure: { class: 'invalid_recipient', message: `"${message.to}" is no Telegram chat.` } };
  }
  const composed = await compose(message.parts, context);
  if ('failure' in composed) return { ok: false, failure: composed.failure };
  const common = { ...targetOf(address), reply_parameters: replyOf(message) };
  const calls = composed.calls.map(call => ({ ...call, fields: { ...common, ...call.fields } }));
  const answer = await firstTaken(calls, context);
  return answer.ok ? sent(answer.result) : notSent(answer, message, address);
}

/** The answer to the first call whose form Telegram takes. Only a refused form, which has sent nothing, is followed. */
async function firstTaken([call, ...others]: Call[], context: Context<TelegramConfig>): Promise<Answer> {
  if (!call) throw new Error('No call to make.');
  const answer = await callApi(context, call);
  return others.length > 0 && !answer.ok && refusesForm(answer.failure) ? firstTaken(others, context) : answer;
}

function refusesForm(failure: Failure): boolean {
  return failure.class === 'media' && failure.code === '400';
}

function sent(result: unknown): SendResult {
  const messageId = id(dict(result)?.message_id);
  return { ok: true, ids: messageId === undefined ? [] : [messageId] };
}

function notSent(answer: Answer & { ok: false }, message: Outgoing, { chat }: Address): SendResult {
  const { failure, migratedTo } = answer;
  if (migratedTo !== undefined) {
    return { ok: false, failure, events: [chatMigrated(chat, migratedTo)], mended: true };
  }
  if (failure.class === 'opted_out') {
    const optOut: Event = {
      type: 'opted_out',
      // The same for every try of this message, another the next time the customer blocks the bot.
      key: `send:${message.id}:${message.piece}:opted_out`,
      conversation: message.to,
      contact: chat,
    };
    return { ok: false, failure, events: [optOut] };
  }
  return refusesEntities(failure) ? { ok: false, failure, again: 'plain_text' } : { ok: false, failure };
}

function targetOf({ chat, thread, topic, business }: Address): Record<string, unknown> {
  return {
    chat_id: chat,
    message_thread_id: thread && BigInt(thread),
    direct_messages_topic_id: topic && BigInt(topic),
    business_connection_id: business,
  };
}

/** A press on a button and a message from another chat have ids of our own making: those cannot be answered to. */
function replyOf({ replyTo }: Outgoing): Record<string, unknown> | undefined {
  if (!replyTo || !/^\d+$/.test(replyTo.id)) return undefined;
  return { message_id: BigInt(replyTo.id), allow_sending_without_reply: true };
}
