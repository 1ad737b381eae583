import type { ChannelAdapter } from '../../contract/channel.ts';
import { challengeReply } from '../../kit/meta.ts';
import { canonicalNumber } from './address.ts';
import { app } from './app.ts';
import { capabilities } from './capabilities.ts';
import { check, connect, disconnect } from './connect.ts';
import { manifest, type WhatsAppConfig } from './manifest.ts';
import { fetchMedia } from './media.ts';
import { normalise } from './normalise.ts';
import { send } from './send.ts';
import { verify } from './verify.ts';

/** WhatsApp numbers, through Meta's Cloud API: https://developers.facebook.com/documentation/business-messaging/whatsapp/ */
export const whatsapp: ChannelAdapter<WhatsAppConfig> = {
  manifest,
  capabilities: () => capabilities,
  verify,
  normalise,
  handshake: challengeReply,
  app,
  send,
  fetchMedia,
  connect,
  check,
  disconnect,
  externalId: contact => `wa:${canonicalNumber(contact)}`,
  addressKey: canonicalNumber,
};
