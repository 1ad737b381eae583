import type { Sandbox } from '../../sandbox/types.ts';

/** What stands in a chat or an inbox, in the words of a reader. */
export interface Seen {
  text: string;
  attachments: { name: string; mime: string; bytes: Uint8Array }[];
}

/** A kind of channel as its customer sees it: what `npm run try` needs to act one out. */
export interface Scene {
  /** The adapter's id. */
  channel: string;
  /** For the screen: `Telegram`. */
  label: string;
  /** Sets up the vendor's side and returns the configuration to connect the channel with. */
  open(sandbox: Sandbox): OpenScene;
}

export interface OpenScene {
  config: Record<string, unknown>;
  customerName: string;
  sendText(text: string): void;
  sendPhoto(bytes: Uint8Array, caption: string): void;
  /** Absent where the channel has no voice notes. */
  sendVoice?(bytes: Uint8Array): void;
  /** What the business sent to the customer, oldest first. */
  fromBusiness(): Seen[];
}
