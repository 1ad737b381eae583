import type { Context } from '../../contract/adapter.ts';
import type { Outgoing, SendResult } from '../../contract/channel.ts';
import { dict, id, list } from '../../kit/read.ts';
import { recipientOf } from './address.ts';
import { compose } from './compose.ts';
import { callGraph } from './graph.ts';
import type { WhatsAppConfig } from './manifest.ts';

/**
 * Sends one text, or one attachment with or without a caption. Meta knows no idempotency key and no way to look a message
 * up: a call that got no answer is unconfirmed. Our id goes along and comes back in each status of the message.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api
 */
export async function send(message: Outgoing, context: Context<WhatsAppConfig>): Promise<SendResult> {
  const recipient = recipientOf(message.to);
  if (!recipient) return { ok: false, failure: { class: 'invalid_recipient', message: 'The message has no address.' } };
  const composed = await compose(message.parts, context);
  if ('failure' in composed) return { ok: false, failure: composed.failure };
  const answer = await callGraph(context, {
    method: 'POST',
    path: `${context.config.phoneNumberId}/messages`,
    json: {
      messaging_product: 'whatsapp',
      ...recipient,
      context: quoteOf(message),
      biz_opaque_callback_data: `${message.id}:${message.piece}`,
      ...composed.content,
    },
  });
  if (!answer.ok) return { ok: false, failure: answer.failure };
  return { ok: true, ids: list(answer.result.messages).flatMap(entry => id(dict(entry)?.id) ?? []) };
}

/** Only WhatsApp's own messages can be quoted. */
function quoteOf({ replyTo }: Outgoing): Record<string, unknown> | undefined {
  return replyTo?.id.startsWith('wamid.') ? { message_id: replyTo.id } : undefined;
}
