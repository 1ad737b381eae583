import type { Health, SetUpContext, SetUpResult } from '../../contract/adapter.ts';
import { text } from '../../kit/read.ts';
import { accountFacts, accountTrouble, type Refusal, readAccount, trialAdvice } from './account.ts';
import { copyAdvice, nameHealth, readService, receiverHealth, serviceHealth } from './health.ts';
import { originOf, type TwilioSmsConfig } from './manifest.ts';
import type { Origin } from './origin.ts';
import { findReceiver, pointTo, type Receiver } from './receiver.ts';

type SetUp = SetUpContext<TwilioSmsConfig>;

/** What was found of the sender: its own name, and whether it sends pictures. */
type Sender = { health: Health; name?: string; mms?: boolean } | Refusal;

/**
 * Proves the credentials, has Twilio post the sender's incoming messages to us where it is ours to set, and remembers
 * where receipts go: that address travels with each message.
 */
export async function connect(context: SetUp): Promise<SetUpResult<TwilioSmsConfig>> {
  const { config, webhookUrl } = context;
  const read = await readAccount(context);
  if ('failure' in read) return { ok: false, ...read };
  const trouble = accountTrouble(read.account);
  if (trouble) {
    const message = trouble.reason ?? 'The Twilio account is stopped.';
    return { ok: false, failure: { class: 'policy', message }, field: 'accountSid' };
  }
  const origin = originOf(config);
  const sender = await takeSender(origin, context);
  if ('failure' in sender) return { ok: false, ...sender };
  const advice = sender.health.advice ?? trialAdvice(read.account);
  return {
    ok: true,
    connected: {
      ...sender.health,
      advice,
      identity: identityOf(origin, config),
      name: sender.name ?? origin.value,
      config: { ...config, statusCallback: webhookUrl === '' ? undefined : webhookUrl, mms: sender.mms },
      facts: { ...accountFacts(read.account), ...sender.health.facts },
    },
  };
}

/** A number is one in the world; what else one sends from means something within its account only. */
function identityOf({ kind, value }: Origin, { accountSid }: TwilioSmsConfig): string {
  return kind === 'number' ? `phone:${value}` : `twilio:${accountSid}:${value}`;
}

async function takeSender(origin: Origin, context: SetUp): Promise<Sender> {
  switch (origin.kind) {
    case 'name':
      return { health: nameHealth };
    case 'service': {
      const found = await readService(origin.value, context);
      if ('failure' in found) return found.failure.status === 404 ? { ...found, field: 'sender' } : found;
      return { health: serviceHealth(found.service, context), name: text(found.service.friendly_name) ?? origin.value };
    }
    default:
      return takeReceiver(origin, context);
  }
}

async function takeReceiver(origin: Origin, context: SetUp): Promise<Sender> {
  const found = await findReceiver(origin, context);
  if ('failure' in found) return found;
  const { receiver } = found;
  if (!receiver && origin.kind === 'short_code') return { health: copyAdvice(context) };
  if (!receiver) {
    const message = `This Twilio account does not own ${origin.value}.`;
    return { failure: { class: 'config', message }, field: 'sender' };
  }
  const { mms } = receiver;
  if (context.webhookUrl === '') return { health: await receiverHealth(receiver, context), mms };
  const pointed = await pointTo(context.webhookUrl, receiver, context);
  if (!pointed.ok) return { failure: pointed.failure };
  const taken: Receiver = { ...receiver, smsUrl: context.webhookUrl, application: undefined };
  return { health: await receiverHealth(taken, context), mms };
}

/** Takes the webhook off a number or short code if it is ours; one that another system has taken over is left to it. */
export async function disconnect(context: SetUp): Promise<void> {
  const origin = originOf(context.config);
  if (origin.kind !== 'number' && origin.kind !== 'short_code') return;
  const found = await findReceiver(origin, context);
  if ('failure' in found || found.receiver?.smsUrl === undefined) return;
  const { url, sid, smsUrl } = found.receiver;
  if (pathOf(smsUrl) === pathOf(context.webhookUrl)) await pointTo('', { url, sid }, context);
}

/** The path holds our own unguessable token, and stays when our public address changes. */
function pathOf(url: string): string | undefined {
  return URL.parse(url)?.pathname;
}
