import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Answer, RawCall } from '../vendor.ts';
import { escapeHtml } from './html.ts';
import type { FileToSend, InboxFile, Region } from './types.ts';

const hostOf: Record<Region, string> = {
  US: 'downloads.intercomcdn.com',
  EU: 'downloads.intercomcdn.eu',
  AU: 'downloads.intercomcdn.au',
};

export const downloadHosts = Object.values(hostOf);

/** How a body speaks of a file before its address is known: addresses are signed anew each time a body is shown. */
const placeholder = /sandbox-file:(\d+)/g;

/** A file on the download host. */
export class StoredFile implements InboxFile {
  readonly id: number;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  readonly #sign: (file: StoredFile) => string;

  constructor(id: number, { name, mime, bytes }: FileToSend, sign: (file: StoredFile) => string) {
    this.id = id;
    this.name = name;
    this.mime = mime;
    this.bytes = bytes;
    this.#sign = sign;
  }

  get url(): string {
    return this.#sign(this);
  }
}

/** The vendor's attachment store: addresses carry an expiry and a signature, and live for an hour. */
export class Downloads {
  readonly #files: StoredFile[] = [];
  readonly #now: () => Date;
  #key = randomBytes(32);

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** All addresses given out so far stop working. */
  expire(): void {
    this.#key = randomBytes(32);
  }

  add(file: FileToSend, region: Region): StoredFile {
    const stored = new StoredFile(this.#files.length + 1, file, ({ id, name }) => {
      const path = `/i/o/${id}/${encodeURIComponent(name)}`;
      const expires = Math.floor(this.#now().getTime() / 1000) + 3600;
      return `https://${hostOf[region]}${path}?expires=${expires}&signature=${this.#signature(path, expires)}`;
    });
    this.#files.push(stored);
    return stored;
  }

  /** An `<img>` to put in a body. */
  image(file: StoredFile): string {
    return `<div class="intercom-container"><img src="sandbox-file:${file.id}"></div>`;
  }

  /** A body with fresh addresses. */
  render(html: string | null): string | null {
    return (
      html?.replace(placeholder, (whole, id: string) => escapeHtml(this.#files[Number(id) - 1]?.url ?? whole)) ?? null
    );
  }

  open({ path, query }: RawCall): Answer {
    const file = this.#files[Number(/^\/i\/o\/(\d+)\//.exec(path)?.[1]) - 1];
    const expires = Number(query.expires);
    const right = Buffer.from(this.#signature(path, expires));
    const given = Buffer.from(query.signature ?? '');
    if (!file || given.length !== right.length || !timingSafeEqual(given, right)) return refused;
    if (expires * 1000 < this.#now().getTime()) return refused;
    return {
      status: 200,
      headers: {
        'content-type': file.mime,
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      },
      body: file.bytes,
    };
  }

  #signature(path: string, expires: number): string {
    return createHmac('sha256', this.#key).update(`${path}:${expires}`).digest('hex');
  }
}

const refused: Answer = { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Forbidden' };
