import type { ChannelAdapter } from '../../contract/channel.ts';
import { phoneAddress } from '../../kit/phone.ts';
import { capabilities } from './capabilities.ts';
import { connect, disconnect } from './connect.ts';
import { find } from './find.ts';
import { check } from './health.ts';
import { manifest, type TwilioSmsConfig } from './manifest.ts';
import { fetchMedia } from './media.ts';
import { handshake, normalise } from './normalise.ts';
import { send } from './send.ts';
import { verify } from './verify.ts';

/** SMS and MMS through Twilio's Programmable Messaging: https://www.twilio.com/docs/messaging */
export const twilioSms: ChannelAdapter<TwilioSmsConfig> = {
  manifest,
  capabilities,
  verify,
  normalise,
  handshake,
  send,
  find,
  fetchMedia,
  connect,
  check,
  disconnect,
  externalId: contact => `sms:${phoneAddress(contact)}`,
};
