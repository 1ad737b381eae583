import type { Health, SetUpContext } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, dict, list, text } from '../../kit/read.ts';
import { callGraph } from './graph.ts';
import type { WhatsAppConfig } from './manifest.ts';

type Outcome = Health | { failure: Failure };

const accountMissing: Health = {
  status: 'pending',
  reason: 'The token does not tell which WhatsApp Business Account the number belongs to.',
  advice: 'Enter the account’s id and connect again.',
};

/**
 * Has Meta tell the app of this account's events, and post this number's to us. The app's secret in the configuration says
 * whose app it is: our own address is set for the channel's own app, while the installation's app has one address for all.
 * It is set for the number alone, not for the account, whose other numbers may be connected elsewhere.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override
 */
export async function subscribe(context: SetUpContext<WhatsAppConfig>): Promise<Outcome> {
  const { wabaId, appSecret } = context.config;
  if (wabaId === undefined) return accountMissing;
  const answer = await callGraph(context, { method: 'POST', path: `${wabaId}/subscribed_apps`, idempotent: true });
  if (!answer.ok) return { failure: answer.failure };
  return appSecret === undefined ? { status: 'connected' } : pointHere(context);
}

/** Sets our address. Meta asks it for its challenge at once, and takes it only when that is answered. */
async function pointHere(context: SetUpContext<WhatsAppConfig>): Promise<Outcome> {
  const { webhookUrl, config } = context;
  if (webhookUrl === '') {
    return {
      status: 'pending',
      reason: 'This installation has no public address yet.',
      advice: 'Meta posts to public https addresses only. Give Octopods such an address, then check again.',
    };
  }
  const answer = await configure(context, { override_callback_uri: webhookUrl, verify_token: config.verifyToken });
  if (answer.ok) return { status: 'connected' };
  if (answer.failure.class === 'auth') return { failure: answer.failure };
  return {
    status: 'pending',
    reason: `Meta has not accepted the webhook yet: ${answer.failure.message}`,
    advice: 'See that this installation can be reached from outside, then check again.',
  };
}

/**
 * Whether Meta still tells us. An address that someone else has set for this very number is left alone: connecting again
 * takes it back.
 * @param number what Meta tells of it, `webhook_configuration` included.
 */
export async function checkWebhook(context: SetUpContext<WhatsAppConfig>, number: Dict): Promise<Outcome> {
  const { wabaId, appSecret } = context.config;
  if (wabaId === undefined) return accountMissing;
  const answer = await callGraph(context, { path: `${wabaId}/subscribed_apps` });
  if (!answer.ok) return { failure: answer.failure };
  if (list(answer.result.data).length === 0) {
    return {
      status: 'disconnected',
      reason: 'No app is told of this account’s messages any more: someone has unsubscribed it.',
      advice: 'Connect again. What customers wrote meanwhile is lost.',
    };
  }
  if (appSecret === undefined) return { status: 'connected' };
  const set = addressOf(number);
  if (set !== undefined && set === context.webhookUrl) return { status: 'connected' };
  if (set !== undefined && pathOf(set) !== pathOf(context.webhookUrl)) {
    return {
      status: 'disconnected',
      reason: `This number’s messages go to another address, at ${URL.parse(set)?.host ?? 'an unknown host'}.`,
      advice: 'Take the number out of the other system, then connect again.',
    };
  }
  return pointHere(context);
}

/** Takes our address away if it is ours. The app stays subscribed: other numbers of the account may depend on it. */
export async function unsubscribe(context: SetUpContext<WhatsAppConfig>): Promise<void> {
  if (context.config.appSecret === undefined) return;
  const { phoneNumberId } = context.config;
  const number = await callGraph(context, { path: phoneNumberId, query: { fields: 'webhook_configuration' } });
  const set = number.ok ? addressOf(number.result) : undefined;
  if (set === undefined || pathOf(set) !== pathOf(context.webhookUrl)) return;
  await configure(context, { override_callback_uri: '' });
}

function configure(context: SetUpContext<WhatsAppConfig>, configuration: Record<string, string | undefined>) {
  return callGraph(context, {
    method: 'POST',
    path: context.config.phoneNumberId,
    json: { webhook_configuration: configuration },
    idempotent: true,
  });
}

/** The address that was set for the number itself. */
function addressOf(number: Dict): string | undefined {
  return text(dict(number.webhook_configuration)?.phone_number);
}

/** The path holds our own unguessable token, and stays when our public address changes. */
function pathOf(url: string): string | undefined {
  return URL.parse(url)?.pathname;
}
