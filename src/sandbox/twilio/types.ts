import type { Delivery, Json } from '../types.ts';

/** Twilio's side: accounts, what they send from, and the handsets of the people they text with. */
export interface TwilioDouble {
  /** Makes an account. Defaults are invented; a SID in use is refused with an Error. */
  account(options?: TwilioAccountOptions): TwilioAccount;
  readonly accounts: readonly TwilioAccount[];
  /** The media addresses given out so far stop working, as they do by themselves after four hours. */
  expireMedia(): void;
}

export interface TwilioAccountOptions {
  /** `AC` and 32 hexadecimal digits. */
  sid?: string;
  authToken?: string;
  name?: string;
}

export interface TwilioAccount {
  readonly sid: string;
  /** Signs webhooks; changes on {@link rotate}. */
  readonly authToken: string;
  readonly name: string;
  /** As Twilio's staff or the bill leaves it: all but reading the account is refused unless it is active. */
  status: 'active' | 'suspended' | 'closed';
  /** Calls with the old token answer 401, and webhooks are signed with the new one, from now on. Returns the new one. */
  rotate(newToken?: string): string;
  /** Makes a standard API key: good for all calls but the reading of the account. */
  apiKey(): { sid: string; secret: string };
  /** The number in E.164, bought at the first call; it can send and receive pictures unless `mms` is false. */
  number(phoneNumber: string, options?: { mms?: boolean }): TwilioLine;
  /** 5 or 6 digits. */
  shortCode(code: string): TwilioLine;
  /** An alphanumeric sender: up to 11 letters, digits and spaces. Nobody can answer it. */
  alphaSender(name: string): TwilioSender;
  /** Makes a messaging service with these numbers and short codes as its senders. */
  service(options?: { sid?: string; name?: string; lines?: TwilioLine[] }): TwilioService;
  /** Both directions, in the order made. */
  readonly messages: readonly TwilioMessage[];
  /** Puts a file where a raw webhook's `MediaUrl` says it is: `https://api.twilio.com/…/Messages/MM…/Media/ME…`. */
  file(mediaUrl: string, file: TwilioFile): void;
}

/** What messages are sent from: a number, a short code, a name or a messaging service. */
export interface TwilioSender {
  /** What stands in `From`, or a service's SID. */
  readonly address: string;
  /** The handset with this number, in its thread with this sender. */
  phone(phoneNumber: string): TwilioHandset;
  /** The SID of the next message that is sent from here. */
  nextSid(sid: string): void;
}

/** A number or short code. Its webhook settings are those of the API; writing to them is what the Console does. */
export interface TwilioLine extends TwilioSender {
  /** `PN…` or `SC…`. */
  readonly sid: string;
  readonly mms: boolean;
  /** Where incoming messages are posted. Empty: nowhere. */
  smsUrl: string;
  smsMethod: 'GET' | 'POST';
  /** A TwiML app that takes the messages instead. Empty: none. */
  smsApplicationSid: string;
}

export interface TwilioService extends TwilioSender {
  /** `MG…` */
  readonly sid: string;
  readonly name: string;
  /** Takes the messages to all its senders, unless {@link useInboundWebhookOnNumber}; null drops them. */
  inboundRequestUrl: string | null;
  useInboundWebhookOnNumber: boolean;
  /** Where the fate of messages is posted that name no callback of their own. */
  statusCallback: string | null;
  /** Advanced opt-out: the webhook of STOP, START and HELP says so in `OptOutType`. */
  advancedOptOut: boolean;
  readonly lines: readonly TwilioLine[];
}

export interface TwilioFile {
  mime: string;
  bytes: Uint8Array;
}

/** A customer's phone. */
export interface TwilioHandset {
  readonly phoneNumber: string;
  /** @throws Error where the sender is a name, or a service without senders: there is nobody to text. */
  text(body: string): TwilioAct;
  mms(files: TwilioFile[], body?: string): TwilioAct;
  /** Texts STOP: sends from here are refused with 21610 until {@link start}. */
  stop(): TwilioAct;
  start(): TwilioAct;
  /** Posts the form just as given, signed, where a text from this handset would be posted. */
  webhook(form: Record<string, string>): Delivery;
  /** What has arrived from this sender, oldest first. */
  readonly received: readonly TwilioText[];
  readonly optedOut: boolean;
  /** What becomes of messages to this phone from now on, whoever sends them. */
  fate: TwilioFate;
}

export interface TwilioFate {
  /** The last status that is reported. Only `sent` and `delivered` messages arrive. */
  status: 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** For the last two. Default 30008. */
  errorCode?: number;
}

/** A text made by a person: the message's SID, the webhook's form, and its delivery. */
export interface TwilioAct {
  sid: string;
  form: Readonly<Record<string, string>>;
  delivery: Delivery;
}

/** A text as the handset shows it. */
export interface TwilioText {
  /** Twilio itself answers STOP, START and HELP. */
  readonly by: 'business' | 'twilio';
  /** Absent on Twilio's own answers. */
  readonly sid?: string;
  /** The number, short code or name shown as the sender. */
  readonly from: string;
  readonly at: Date;
  readonly text: string;
  readonly media: readonly TwilioFile[];
}

export interface TwilioMessage {
  readonly sid: string;
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  /** Null until a messaging service has chosen. */
  readonly from: string | null;
  readonly to: string;
  readonly body: string;
  readonly media: readonly (TwilioFile & { sid: string })[];
  /** What stands in `MessageStatus`. */
  readonly status: string;
  readonly errorCode: number | undefined;
  readonly createdAt: Date;
  /** In the API's own shape. */
  readonly raw: Json;
  /** Posts one more status callback, whatever was posted before; dropped where the message asked for none. */
  report(status: string, errorCode?: number): Delivery;
}
