import type { ChannelAdapter } from '../../contract/channel.ts';
import { parseAddress } from './address.ts';
import { capabilities } from './capabilities.ts';
import { check, connect, disconnect } from './connect.ts';
import { manifest, type TelegramConfig } from './manifest.ts';
import { fetchMedia } from './media.ts';
import { normalise } from './normalise.ts';
import { send } from './send.ts';
import { verify } from './verify.ts';

/** Telegram bots, through the Bot API: https://core.telegram.org/bots/api */
export const telegram: ChannelAdapter<TelegramConfig> = {
  manifest,
  capabilities: () => capabilities,
  verify,
  normalise,
  send,
  fetchMedia,
  connect,
  check,
  disconnect,
  // Where only a conversation's address is known, its chat is the contact.
  externalId: contact => `tg:${parseAddress(contact)?.chat ?? contact}`,
};
