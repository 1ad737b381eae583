import type { ChannelAdapter } from '../contract/channel.ts';
import { telegram } from './telegram/index.ts';
import { twilioSms } from './twilio-sms/index.ts';
import { whatsapp } from './whatsapp/index.ts';

/** Every channel this installation offers, one line each. */
const adapters: readonly ChannelAdapter<unknown>[] = [telegram, twilioSms, whatsapp];

export const channels: ReadonlyMap<string, ChannelAdapter<unknown>> = new Map(
  adapters.map(adapter => [adapter.manifest.id, adapter]),
);
