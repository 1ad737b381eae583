import type { Delivery, Json } from '../types.ts';
import type { Account } from './account.ts';
import { reportStatus } from './callbacks.ts';
import type { StoredMedia } from './media.ts';
import { countSegments } from './segments.ts';
import { apiTime, newSid } from './sid.ts';
import type { TwilioMessage } from './types.ts';

interface About extends Pick<TwilioMessage, 'direction' | 'from' | 'to' | 'body' | 'status'> {
  sid?: string | undefined;
  /** Pictures announced; those of the business are fetched later. */
  numMedia: number;
  serviceSid?: string | undefined;
  /** Where its fate is to be posted. */
  statusCallback?: string | undefined;
}

/** A Message resource. */
export class Message implements TwilioMessage {
  readonly account: Account;
  readonly sid: string;
  readonly direction: TwilioMessage['direction'];
  readonly to: string;
  readonly body: string;
  readonly serviceSid: string | undefined;
  readonly statusCallback: string | undefined;
  readonly createdAt: Date;
  from: string | null;
  status: string;
  errorCode: number | undefined;
  sentAt: Date | undefined;
  media: readonly StoredMedia[] = [];
  readonly #numMedia: number;

  constructor(account: Account, about: About) {
    this.account = account;
    this.sid = about.sid ?? newSid(about.numMedia > 0 ? 'MM' : 'SM');
    this.direction = about.direction;
    this.from = about.from;
    this.to = about.to;
    this.body = about.body;
    this.status = about.status;
    this.serviceSid = about.serviceSid;
    this.statusCallback = about.statusCallback;
    this.createdAt = account.core.now();
    this.#numMedia = about.numMedia;
  }

  get raw(): Json {
    const uri = `/2010-04-01/Accounts/${this.account.sid}/Messages/${this.sid}`;
    return {
      sid: this.sid,
      account_sid: this.account.sid,
      messaging_service_sid: this.serviceSid ?? null,
      api_version: '2010-04-01',
      direction: this.direction,
      from: this.from,
      to: this.to,
      body: this.body,
      num_media: String(this.#numMedia),
      num_segments: String(this.#segments()),
      status: this.status,
      error_code: this.errorCode ?? null,
      error_message: this.errorCode === undefined ? null : `Error ${this.errorCode}`,
      price: null,
      price_unit: 'USD',
      date_created: apiTime(this.createdAt),
      date_updated: apiTime(this.sentAt ?? this.createdAt),
      date_sent: this.sentAt ? apiTime(this.sentAt) : null,
      uri: `${uri}.json`,
      subresource_uris: { media: `${uri}/Media.json`, feedback: `${uri}/Feedback.json` },
    };
  }

  report(status: string, errorCode?: number): Delivery {
    this.status = status;
    this.errorCode = errorCode;
    return reportStatus(this);
  }

  /** Unknown until a sender is: it decides on the encoding. */
  #segments(): number {
    if (this.from === null) return 0;
    return this.#numMedia > 0 ? 1 : countSegments(this.body);
  }
}
