import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Json } from '../types.ts';
import type { Answer, RawCall } from '../vendor.ts';
import { apiTime, newSid } from './sid.ts';
import type { TwilioFile } from './types.ts';

export const mediaHost = 'media.twiliocdn.com';

/** Milliseconds that an address on the media host lives. */
const lifetime = 4 * 60 * 60 * 1000;

/** A picture or other file of a message. */
export interface StoredMedia extends TwilioFile {
  sid: string;
  accountSid: string;
  messageSid: string;
  createdAt: Date;
}

/**
 * Files as Twilio keeps them: the API, which wants credentials, leads to an address on another host that wants none, is
 * signed, and expires.
 */
export class MediaStore {
  readonly #files: StoredMedia[] = [];
  readonly #now: () => Date;
  #key = randomBytes(32);

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** All addresses given out so far stop working. */
  expire(): void {
    this.#key = randomBytes(32);
  }

  add(accountSid: string, messageSid: string, { mime, bytes }: TwilioFile, sid = newSid('ME')): StoredMedia {
    const file = { sid, accountSid, messageSid, mime, bytes, createdAt: this.#now() };
    this.#files.push(file);
    return file;
  }

  of(accountSid: string, messageSid: string): StoredMedia[] {
    return this.#files.filter(file => file.accountSid === accountSid && file.messageSid === messageSid);
  }

  address(file: StoredMedia): string {
    const path = `/${file.accountSid}/${file.messageSid}/${file.sid}`;
    const expires = this.#now().getTime() + lifetime;
    return `https://${mediaHost}${path}?Expires=${expires}&Signature=${this.#signature(path, expires)}`;
  }

  open({ path, query }: RawCall): Answer {
    const right = Buffer.from(this.#signature(path, Number(query.Expires)));
    const given = Buffer.from(query.Signature ?? '');
    const fresh = Number(query.Expires) > this.#now().getTime();
    if (given.length !== right.length || !timingSafeEqual(given, right) || !fresh) return denied;
    const file = this.#files.find(({ accountSid, messageSid, sid }) => path === `/${accountSid}/${messageSid}/${sid}`);
    return file ? { status: 200, headers: { 'content-type': file.mime }, body: file.bytes } : denied;
  }

  #signature(path: string, expires: number): string {
    return createHmac('sha256', this.#key).update(`${path}:${expires}`).digest('hex');
  }
}

const denied: Answer = { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Access denied' };

/** A Media resource. */
export function mediaShape({ sid, accountSid, messageSid, mime, createdAt }: StoredMedia): Json {
  return {
    sid,
    account_sid: accountSid,
    parent_sid: messageSid,
    content_type: mime,
    date_created: apiTime(createdAt),
    date_updated: apiTime(createdAt),
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media/${sid}.json`,
  };
}
