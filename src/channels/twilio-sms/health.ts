import type { Health, SetUpContext } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, text } from '../../kit/read.ts';
import { accountFacts, accountTrouble, readAccount, trialAdvice } from './account.ts';
import { type Caller, callApi, serviceUrl } from './api.ts';
import { originOf, type TwilioSmsConfig } from './manifest.ts';
import { findReceiver, type Receiver, serviceBefore } from './receiver.ts';

type SetUp = SetUpContext<TwilioSmsConfig>;

/**
 * Whether the credentials are still good and incoming messages still come to us. Another system takes a number over
 * without a word, so the address set there is the only sign.
 */
export async function check(context: SetUp): Promise<Health> {
  const read = await readAccount(context);
  if ('failure' in read) return unwell(read.failure);
  const facts = accountFacts(read.account);
  const found = accountTrouble(read.account) ?? (await senderHealth(context));
  const advice = found.advice ?? staleAdvice(found, context) ?? trialAdvice(read.account);
  return { ...found, advice, facts: { ...facts, ...found.facts } };
}

function unwell(failure: Failure): Health {
  if (failure.class !== 'auth') {
    const advice = 'Nothing to do unless it lasts: it is checked again.';
    return { status: 'offline', reason: failure.message, advice };
  }
  return {
    status: 'disconnected',
    reason: `Twilio refuses the credentials: ${failure.message}.`,
    advice:
      'Connect again with the Auth Token, or the API key, that the Twilio Console shows now. What waits is delivered then.',
  };
}

async function senderHealth(context: SetUp): Promise<Health> {
  const origin = originOf(context.config);
  switch (origin.kind) {
    case 'name':
      return nameHealth;
    case 'service': {
      const service = await readService(origin.value, context);
      return 'failure' in service ? senderGone(service.failure) : serviceHealth(service.service, context);
    }
    default: {
      const found = await findReceiver(origin, context);
      if ('failure' in found) return senderGone(found.failure);
      if (found.receiver) return receiverHealth(found.receiver, context);
      return origin.kind === 'short_code' ? copyAdvice(context) : numberGone(origin.value);
    }
  }
}

function senderGone(failure: Failure): Health {
  if (failure.status !== 404) return unwell(failure);
  return {
    status: 'disconnected',
    reason: 'The account has no such messaging service any more.',
    advice: 'Connect another sender.',
  };
}

function numberGone(number: string): Health {
  return {
    status: 'disconnected',
    reason: `The account does not own ${number} any more.`,
    advice: 'Take the number back in Twilio, or connect another.',
  };
}

/** Texts to a name go nowhere, so nothing has to be set for it. */
export const nameHealth: Health = {
  status: 'connected',
  advice: 'Customers cannot answer a sender name, nor unsubscribe by answering: tell them how else.',
};

/** Where a number's or short code's incoming messages go. */
export async function receiverHealth(receiver: Receiver, context: SetUp): Promise<Health> {
  const { webhookUrl } = context;
  const facts: Record<string, string> =
    receiver.mms === undefined ? {} : { 'Pictures (MMS)': receiver.mms ? 'yes' : 'no, they go as links' };
  if (webhookUrl === '') return { ...noAddress, facts };
  if (receiver.application !== undefined || receiver.smsUrl !== webhookUrl) {
    return { ...elsewhere(receiver), facts };
  }
  const service = await serviceBefore(receiver, webhookUrl, context);
  if (service === undefined) return { status: 'connected', facts };
  return {
    status: 'pending',
    reason: `The messaging service “${service}” takes this number’s incoming messages for itself.`,
    advice: `In Twilio open Messaging → Services → ${service} → Integration, choose “Defer to sender’s webhook”, and check again.`,
    facts,
  };
}

function elsewhere({ application, smsUrl }: Receiver): Health {
  const where = application === undefined ? hostOf(smsUrl) : 'a TwiML app';
  return {
    status: 'disconnected',
    reason: `Messages to this sender go to ${where} instead of Octopods.`,
    advice: 'Take the sender out of the other system or choose another, then connect again.',
  };
}

/** Only the host: the rest of another system's address may be its secret. */
function hostOf(url: string | undefined): string {
  return url === undefined ? 'no address' : (URL.parse(url)?.host ?? 'an unknown address');
}

const noAddress: Health = {
  status: 'pending',
  reason: 'This installation has no public address yet.',
  advice: 'Twilio posts to public addresses only. Give Octopods one and connect again.',
};

export async function readService(sid: string, caller: Caller): Promise<{ service: Dict } | { failure: Failure }> {
  const answer = await callApi(caller, { url: serviceUrl(`/${sid}`) });
  return answer.ok ? { service: answer.body } : { failure: answer.failure };
}

/** A service may serve other systems too, so its address is a person's to set. */
export function serviceHealth(service: Dict, context: SetUp): Health {
  const facts = { 'Messaging service': text(service.friendly_name) ?? 'unnamed' };
  if (service.use_inbound_webhook_on_number === true) {
    return { ...copyAdvice(context), reason: 'The service leaves incoming messages to its numbers.', facts };
  }
  const isOurs = context.webhookUrl !== '' && service.inbound_request_url === context.webhookUrl;
  return isOurs ? { status: 'connected', facts } : { ...copyAdvice(context), facts };
}

/** For senders whose webhook we may not set: what to paste where. */
export function copyAdvice({ webhookUrl }: SetUp): Health {
  if (webhookUrl === '') return noAddress;
  return {
    status: 'pending',
    reason: 'Messages can be sent; incoming ones do not come to Octopods yet, as far as Twilio tells.',
    advice: `In Twilio open the sender’s messaging settings (for a service: Integration → Send a webhook), paste ${webhookUrl} as the address for incoming messages with method POST, and check again.`,
  };
}

/** Receipts go to the address that was ours when the channel was connected. */
function staleAdvice(found: Health, { config, webhookUrl }: SetUp): string | undefined {
  if (found.status !== 'connected' || webhookUrl === '' || config.statusCallback === webhookUrl) return undefined;
  return 'Connect again: the public address has changed, and receipts still go to the old one.';
}
