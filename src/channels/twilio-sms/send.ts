import type { Context } from '../../contract/adapter.ts';
import type { Outgoing, SendResult } from '../../contract/channel.ts';
import type { Failure } from '../../contract/failure.ts';
import { phoneAddress } from '../../kit/phone.ts';
import { text } from '../../kit/read.ts';
import { accountUrl, callApi } from './api.ts';
import { type Composed, compose } from './compose.ts';
import { originOf, type TwilioSmsConfig } from './manifest.ts';

/**
 * Seconds a reply may wait in Twilio's queue behind others. Twilio's own limit is ten hours, after which an answer in a
 * conversation does more harm than good.
 */
const validity = 4 * 3600;

/**
 * Sends one SMS, or one MMS with up to ten attachments. Twilio knows no idempotency key: what got no answer is looked up
 * by `find` before it is sent again.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
export async function send(message: Outgoing, context: Context<TwilioSmsConfig>): Promise<SendResult> {
  const to = phoneAddress(message.to);
  if (!/^\+?\d+$/.test(to)) {
    return refused('invalid_recipient', `“${to}” is a sender’s name, not a number: it cannot be answered.`);
  }
  const composed = compose(message.parts, context);
  if (composed.body.trim() === '' && composed.mediaUrls.length === 0)
    return refused('content', 'The message is empty.');

  const form = formOf(to, composed, context.config);
  const answer = await callApi(context, { url: accountUrl(context.config, '/Messages'), form });
  if (!answer.ok) return notSent(answer.failure, message, to);
  const sid = text(answer.body.sid);
  return { ok: true, ids: sid === undefined ? [] : [sid] };
}

function refused(failureClass: Failure['class'], message: string): SendResult {
  return { ok: false, failure: { class: failureClass, message } };
}

function formOf(to: string, { body, mediaUrls }: Composed, config: TwilioSmsConfig): [string, string][] {
  const origin = originOf(config);
  const form: [string, string][] = [
    ['To', to],
    [origin.kind === 'service' ? 'MessagingServiceSid' : 'From', origin.value],
    ['ValidityPeriod', String(validity)],
  ];
  if (body.trim() !== '') form.push(['Body', body]);
  for (const url of mediaUrls) form.push(['MediaUrl', url]);
  if (config.statusCallback !== undefined) form.push(['StatusCallback', config.statusCallback]);
  return form;
}

function notSent(failure: Failure, message: Outgoing, contact: string): SendResult {
  if (failure.class !== 'opted_out') return { ok: false, failure };
  // The same for every try of this message, another the next time the customer unsubscribes.
  const key = `send:${message.id}:${message.piece}:opted_out`;
  return { ok: false, failure, events: [{ type: 'opted_out', key, conversation: message.to, contact }] };
}
