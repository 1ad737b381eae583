import type { Health, SetUpContext, SetUpResult } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, id } from '../../kit/read.ts';
import { hmac } from '../../kit/signatures.ts';
import { discoverNumbers, e164, numberName } from './discover.ts';
import { isMissing } from './failures.ts';
import { callGraph } from './graph.ts';
import { factsOf, limitField, numberFields, tokenTrouble, troubleOf } from './health.ts';
import { identityOf, type WhatsAppConfig } from './manifest.ts';
import { inspectToken } from './token.ts';
import { checkWebhook, subscribe, unsubscribe } from './webhook.ts';

type Found = { config: WhatsAppConfig } | { failure: Failure; field: string };

/**
 * Proves the token and the app secret, finds the account of the number, and has Meta post to us.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/whatsapp-business-account-phone-number-api
 */
export async function connect(context: SetUpContext<WhatsAppConfig>): Promise<SetUpResult<WhatsAppConfig>> {
  const { accessToken, appSecret, phoneNumberId } = context.config;
  const answer = await callGraph(context, {
    path: phoneNumberId,
    query: { fields: numberFields, appsecret_proof: appSecret && hmac('sha256', appSecret, accessToken) },
  });
  if (!answer.ok) return refused(answer.failure);
  const number = answer.result;
  const found = await withAccount({
    ...context,
    config: {
      ...context.config,
      verifyToken: context.config.verifyToken ?? context.randomToken(),
      number: e164(number.display_phone_number),
    },
  });
  if ('failure' in found) return { ok: false, ...found };
  const { config } = found;
  const webhook = await subscribe({ ...context, config });
  if ('failure' in webhook) return refused(webhook.failure);
  const health = worst(webhook, troubleOf(number));
  return {
    ok: true,
    connected: {
      ...health,
      facts: await allFacts(context, number),
      identity: identityOf(phoneNumberId),
      name: numberName(number) ?? phoneNumberId,
      config,
    },
  };
}

/** Which field of the form a refusal is about. */
function refused(failure: Failure): SetUpResult<WhatsAppConfig> {
  if (failure.class === 'auth') return { ok: false, failure, field: 'accessToken' };
  if (/appsecret_proof/i.test(failure.message)) {
    const message = 'The app secret is not that of the app which the token belongs to.';
    return { ok: false, failure: { ...failure, class: 'config', message }, field: 'appSecret' };
  }
  if (isMissing(failure)) {
    const message = 'Meta knows no such phone number ID, or the token may not see it.';
    return { ok: false, failure: { ...failure, message }, field: 'phoneNumberId' };
  }
  return { ok: false, failure };
}

/** The configuration with the account that the number belongs to: given and confirmed, or found, or left open. */
async function withAccount(context: SetUpContext<WhatsAppConfig>): Promise<Found> {
  const { config } = context;
  const given = config.wabaId;
  const discovery = await discoverNumbers(context, given === undefined ? undefined : [given]);
  const numbers = discovery.ok ? discovery.numbers : [];
  const number = numbers.find(one => one.phoneNumberId === config.phoneNumberId);
  if (number || given === undefined) return { config: { ...config, wabaId: number?.wabaId } };
  if (!discovery.ok && discovery.failure.class === 'auth') return { failure: discovery.failure, field: 'accessToken' };
  const message = 'The number does not belong to this WhatsApp Business Account, or the token may not see the account.';
  return { failure: { ...(discovery.ok ? {} : discovery.failure), class: 'config', message }, field: 'wabaId' };
}

/** Whether the token is still good, the number at work, and its messages still ours. */
export async function check(context: SetUpContext<WhatsAppConfig>): Promise<Health> {
  const answer = await callGraph(context, { path: context.config.phoneNumberId, query: { fields: numberFields } });
  if (!answer.ok) return unwell(answer.failure);
  const number = answer.result;
  const webhook = await checkWebhook(context, number);
  const token = await inspectToken(context);
  const health = 'failure' in webhook ? unwell(webhook.failure) : webhook;
  return {
    ...worst(health, troubleOf(number), tokenTrouble(token, context.now)),
    facts: factsOf(number, await limitOf(context), token),
  };
}

function unwell(failure: Failure): Health {
  if (failure.class === 'auth') {
    return {
      status: 'disconnected',
      reason: `Meta refuses the access token: ${failure.message}`,
      advice: 'Make a new token of the system user and connect again. What waits is delivered then.',
    };
  }
  if (isMissing(failure)) {
    return {
      status: 'disconnected',
      reason: 'Meta knows the number or its account no longer, or the token may not see it.',
      advice: 'Assign the account to the system user again, or connect the number as a new channel.',
    };
  }
  const advice = 'Nothing to do unless it lasts: it is checked again.';
  return { status: 'offline', reason: failure.message, advice };
}

const order = ['disconnected', 'pending', 'offline', 'connected'] as const;

/** The gravest of several findings; among equals the first that says something. */
function worst(...found: (Health | undefined)[]): Health {
  return found
    .filter(health => health !== undefined)
    .reduce<Health>(
      (bad, health) => {
        const graver = order.indexOf(health.status) - order.indexOf(bad.status);
        return graver < 0 || (graver === 0 && bad.reason === undefined) ? health : bad;
      },
      { status: 'connected' },
    );
}

async function allFacts(context: SetUpContext<WhatsAppConfig>, number: Dict): Promise<Record<string, string>> {
  return factsOf(number, await limitOf(context), await inspectToken(context));
}

async function limitOf(context: SetUpContext<WhatsAppConfig>): Promise<string | undefined> {
  const answer = await callGraph(context, { path: context.config.phoneNumberId, query: { fields: limitField } });
  return answer.ok ? id(answer.result[limitField]) : undefined;
}

/** Best effort; see {@link unsubscribe}. */
export async function disconnect(context: SetUpContext<WhatsAppConfig>): Promise<void> {
  await unsubscribe(context);
}
