import type { Delivery, Json } from '../types.ts';

/** Meta's side: apps, the WhatsApp Business accounts that gave them access, their numbers, and the people who write to them. */
export interface WhatsAppDouble {
  /** Makes a Meta app. Defaults are invented; an id in use is refused with an Error. */
  app(options?: { appId?: string; appSecret?: string; name?: string }): WhatsAppApp;
  readonly apps: readonly WhatsAppApp[];
  /** Makes every media address given out so far answer 404, as one older than five minutes does. */
  expireDownloads(): void;
}

/** An address that Meta posts webhooks to, once it has answered the challenge. */
export interface WhatsAppCallback {
  url: string;
  verifyToken: string;
}

export interface WhatsAppApp {
  readonly appId: string;
  /** Keys the webhook signature and `appsecret_proof`. */
  readonly appSecret: string;
  readonly name: string;
  /** The callback of the whole app; undefined until {@link setCallback}. */
  readonly callback: WhatsAppCallback | undefined;
  /**
   * Saves the app's callback as its dashboard does, after the challenge.
   * @throws Error where the address does not answer it.
   */
  setCallback(url: string, verifyToken: string): Promise<void>;
  /** A WhatsApp Business account (WABA) that gave the app access. Several may share a token, as a system user's does. */
  account(options?: { wabaId?: string; token?: string; name?: string }): WhatsAppAccount;
  readonly accounts: readonly WhatsAppAccount[];
}

export interface WhatsAppAccount {
  readonly wabaId: string;
  readonly name: string;
  /** Changes on {@link revoke}. */
  readonly token: string;
  /** Whether the app is subscribed to the account; without it no webhook is posted, though sending works. */
  readonly subscribed: boolean;
  /** The account's own callback, as POST subscribed_apps left it. */
  readonly callback: WhatsAppCallback | undefined;
  /** The token answers 401 from now on, wherever else it is used too. Returns a new one for this account. */
  revoke(): string;
  number(options?: WhatsAppNumberOptions): WhatsAppNumber;
  readonly numbers: readonly WhatsAppNumber[];
  /** An approved template of this account, for sends outside the window. Its `{{1}}` or `{{name}}` take parameters. */
  template(template: { name: string; language: string; body: string; quickReplies?: string[] }): void;
  /**
   * Puts all that the account's numbers tell during `work` into one delivery for each callback: messages of one number share
   * a change, those of several stand in changes of their own.
   */
  batch(work: () => void): Delivery[];
  /** Posts a change of any field just as given, with the account's envelope around it. */
  webhook(field: string, value: Json): Delivery;
}

export interface WhatsAppNumberOptions {
  phoneNumberId?: string;
  /** As people write it: `+1 202-555-0100`. */
  display?: string;
  verifiedName?: string;
}

export type WhatsAppReceipt = 'sent' | 'delivered' | 'read' | 'played';

/** An error of the messages API, as statuses and answers tell it. */
export interface WhatsAppFailure {
  /** As in Meta's list: 131026, 131047. */
  code: number;
  title?: string;
  details?: string;
}

export interface WhatsAppNumber {
  readonly phoneNumberId: string;
  readonly display: string;
  readonly verifiedName: string;
  /** What reads of the number tell beside its id and names: `quality_rating`, `status`, `throughput`. May be changed. */
  readonly facts: Json;
  /** The number's own callback, as POST with `webhook_configuration` left it; stands before the account's. */
  readonly callback: WhatsAppCallback | undefined;
  /** The receipts of each accepted message, in this order. Default sent, delivered. */
  receipts: readonly WhatsAppReceipt[];
  /** The next message is accepted, and then reported as failed. */
  failNext(failure: WhatsAppFailure): void;
  /** The id of the next message that the business sends. */
  nextMessageId(id: string): void;
  /** The person with this number or user id, whose phone knows this business. Made at the first call. */
  customer(person: WhatsAppPerson): WhatsAppCustomer;
  readonly customers: readonly WhatsAppCustomer[];
  /** The business writes on its phone ("coexistence"): the customer sees it, and the API is told under smb_message_echoes. */
  echo(customer: WhatsAppCustomer, text: string): WhatsAppAct;
  /** Puts a file on Meta's servers under a given id, for raw webhooks that speak of it. */
  media(mediaId: string, file: { bytes: Uint8Array; mime: string }): void;
  /**
   * Posts a change of the field `messages` just as given, at once even within a batch; `messaging_product` and `metadata` are
   * added where they lack.
   */
  webhook(value: Json): Delivery;
  /**
   * Posts a whole body just as given, to where the number's messages go: an object as JSON, a string byte for byte. Signed with
   * the app secret unless `signature` says otherwise; null sends no signature.
   */
  post(body: Json | string, options?: { signature?: string | null }): Delivery;
}

export interface WhatsAppPerson {
  /** Digits with the country code. Absent for people who hide their number behind a username. */
  waId?: string;
  /** Business-scoped user id: `US.13491208655302741918`. Told in webhooks where it is given. */
  bsuid?: string;
  username?: string;
  /** The profile name. */
  name: string;
  /** Other spellings under which sends reach this number, as those of Argentina, Brazil and Mexico do. */
  spellings?: string[];
}

export interface WhatsAppWriteOptions {
  /** The message that is quoted. */
  replyTo?: string;
  forwarded?: 'once' | 'often';
  /** The ad that led here. */
  referral?: Json;
  /** Default made up. */
  messageId?: string;
}

export interface WhatsAppFileOptions extends WhatsAppWriteOptions {
  mime?: string;
}

export interface WhatsAppCaptionOptions extends WhatsAppFileOptions {
  caption?: string;
}

/** What an act made: the id of the message written, the message in Meta's shape, and its delivery. */
export interface WhatsAppAct {
  readonly messageId: string;
  readonly message: Json;
  /** Throws an Error inside a batch that is not posted yet. */
  readonly delivery: Delivery;
}

export interface WhatsAppCustomer {
  readonly waId: string | undefined;
  readonly bsuid: string | undefined;
  readonly name: string;
  /** What their phone shows of this chat, in the order written. Messages that failed never got there. */
  readonly messages: readonly WhatsAppChatMessage[];
  /** Whether the business may write freely: for 24 hours after the customer last did. */
  readonly windowOpen: boolean;
  /** Their last message becomes older than 24 hours. */
  closeWindow(): void;
  /** Sends to them fail with 131026 until {@link unblock}. */
  block(): void;
  unblock(): void;

  text(body: string, options?: WhatsAppWriteOptions): WhatsAppAct;
  image(bytes: Uint8Array, options?: WhatsAppCaptionOptions): WhatsAppAct;
  video(bytes: Uint8Array, options?: WhatsAppCaptionOptions): WhatsAppAct;
  audio(bytes: Uint8Array, options?: WhatsAppFileOptions): WhatsAppAct;
  /** A note recorded in the app. */
  voice(bytes: Uint8Array, options?: WhatsAppFileOptions): WhatsAppAct;
  document(bytes: Uint8Array, options?: WhatsAppCaptionOptions & { name?: string }): WhatsAppAct;
  sticker(bytes: Uint8Array, options?: WhatsAppWriteOptions & { animated?: boolean }): WhatsAppAct;
  location(
    place: { latitude: number; longitude: number; name?: string; address?: string },
    options?: WhatsAppWriteOptions,
  ): WhatsAppAct;
  contacts(cards: { name: string; phone?: string }[], options?: WhatsAppWriteOptions): WhatsAppAct;
  /** A text that quotes a message of either side. */
  reply(messageId: string, body: string): WhatsAppAct;
  react(messageId: string, emoji: string): WhatsAppAct;
  unreact(messageId: string): WhatsAppAct;
  /** Presses a button of a message of the business, by its id; a template's by its payload. */
  press(messageId: string, buttonId: string): WhatsAppAct;
  /** Picks a row of a list message. */
  pick(messageId: string, rowId: string): WhatsAppAct;
  /** Changes the text or caption of one of their messages. */
  edit(messageId: string, text: string): WhatsAppAct;
  /** Deletes one of their messages for everybody. */
  revoke(messageId: string): WhatsAppAct;
  /** A message of any other type just as given (`order`, `unsupported`); id, time and sender are added. */
  send(message: Json & { type: string }, options?: WhatsAppWriteOptions): WhatsAppAct;
  /** Opens the chat: a `read` receipt for each message of the business that has none, or for the one named. */
  read(messageId?: string): void;
  /** Moves to another number: told by a system message from the old one. */
  changeNumber(waId: string): WhatsAppAct;
}

export interface WhatsAppChatMessage {
  readonly id: string;
  readonly from: 'customer' | 'business';
  readonly at: Date;
  readonly type: string;
  /** Text, caption, or the body of an interactive message or template, as written; empty where there is none. */
  readonly text: string;
  /** The text as it is read: without the marks of bold, italic, struck through and code. */
  readonly shown: string;
  readonly media?: WhatsAppMedia;
  readonly location?: { latitude: number; longitude: number; name?: string; address?: string };
  /** Contact cards. */
  readonly contacts: readonly { name: string; phones: readonly string[] }[];
  /** What can be pressed or picked: reply buttons, quick replies, rows of a list. */
  readonly choices: readonly { id: string; title: string; description?: string }[];
  readonly replyTo?: string;
  readonly edited: boolean;
  readonly revoked: boolean;
  readonly reactions: { readonly customer?: string; readonly business?: string };
  /** How far a message of the business has got. */
  readonly status?: 'accepted' | WhatsAppReceipt | 'failed';
  /** The business marked it as read. */
  readonly seen: boolean;
  /** The message in Meta's own shape. */
  readonly raw: Json;
}

export interface WhatsAppMedia {
  mediaId: string;
  bytes: Uint8Array;
  mime: string;
  name?: string;
  /** Recorded in the app, or sent as if it were. */
  voice: boolean;
}
