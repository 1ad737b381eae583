import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Json } from '../types.ts';
import type { Answer, RawCall } from '../vendor.ts';
import { newId } from './ids.ts';

export const downloadHost = 'lookaside.fbsbx.com';

const day = 24 * 60 * 60 * 1000;

/** Milliseconds that a media id lives: what the business uploaded, and what a customer sent. */
export const lifetimes = { uploaded: 30 * day, received: 7 * day } as const;

/** Seconds that a download address lives. */
const addressLife = 5 * 60;

/** A file on Meta's servers. */
export interface StoredMedia {
  mediaId: string;
  /** The number that it was uploaded for, or sent to. */
  phoneNumberId: string;
  bytes: Uint8Array;
  mime: string;
  goneAt: Date;
}

/** Meta's media: an id first, from it an address that lives for five minutes and asks for the token. */
export class MediaStore {
  readonly #files = new Map<string, StoredMedia>();
  readonly #now: () => Date;
  #key = randomBytes(32);

  constructor(now: () => Date) {
    this.#now = now;
  }

  add(file: {
    phoneNumberId: string;
    bytes: Uint8Array;
    mime: string;
    lifetime: number;
    mediaId?: string;
  }): StoredMedia {
    const { lifetime, mediaId = newId(), ...rest } = file;
    const stored = { ...rest, mediaId, goneAt: new Date(this.#now().getTime() + lifetime) };
    this.#files.set(mediaId, stored);
    return stored;
  }

  find(mediaId: string): StoredMedia | undefined {
    const file = this.#files.get(mediaId);
    return file && file.goneAt > this.#now() ? file : undefined;
  }

  delete(mediaId: string): void {
    this.#files.delete(mediaId);
  }

  /** All addresses given out so far stop working. */
  expireAddresses(): void {
    this.#key = randomBytes(32);
  }

  /** As GET on the id tells it: the hash in hexadecimal. */
  view(file: StoredMedia): Json {
    return {
      url: this.#address(file, {}),
      mime_type: file.mime,
      sha256: createHash('sha256').update(file.bytes).digest('hex'),
      file_size: file.bytes.length,
      id: file.mediaId,
      messaging_product: 'whatsapp',
    };
  }

  /** As a webhook speaks of it: the hash in base 64. */
  shape(file: StoredMedia): Json {
    return {
      mime_type: file.mime,
      sha256: createHash('sha256').update(file.bytes).digest('base64'),
      id: file.mediaId,
      url: this.#address(file, { source: 'webhook' }),
    };
  }

  /**
   * Answers a request to the download host.
   * @param mayRead whether the request's token reaches the number that the file belongs to.
   */
  open({ query, headers }: RawCall, mayRead: (file: StoredMedia) => boolean): Answer {
    // Clients that do not say what they are have been refused without a word.
    if (headers['user-agent'] === undefined) return plain(400, 'Bad Request');
    const file = this.find(query.mid ?? '');
    const expires = Number(query.ext);
    if (!file || query.hash !== this.#hash(file.mediaId, expires)) return plain(404, 'Not Found');
    if (expires * 1000 < this.#now().getTime()) return plain(404, 'Not Found');
    if (!mayRead(file)) return plain(401, 'Unauthorized');
    return { status: 200, headers: { 'content-type': file.mime }, body: file.bytes };
  }

  #address({ mediaId }: StoredMedia, extra: Record<string, string>): string {
    const expires = Math.floor(this.#now().getTime() / 1000) + addressLife;
    const query = new URLSearchParams({
      mid: mediaId,
      ...extra,
      ext: String(expires),
      hash: this.#hash(mediaId, expires),
    });
    return `https://${downloadHost}/whatsapp_business/attachments/?${query}`;
  }

  #hash(mediaId: string, expires: number): string {
    return createHmac('sha256', this.#key).update(`${mediaId}:${expires}`).digest('base64url');
  }
}

function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
