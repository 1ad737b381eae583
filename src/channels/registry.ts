import type { ChannelAdapter } from '../contract/channel.ts';
import { telegram } from './telegram/index.ts';
import { twilioSms } from './twilio-sms/index.ts';

/** Every channel this installation offers, one line each. */
const adapters: readonly ChannelAdapter<unknown>[] = [telegram, twilioSms];

export const channels: ReadonlyMap<string, ChannelAdapter<unknown>> = new Map(
  adapters.map(adapter => [adapter.manifest.id, adapter]),
);
