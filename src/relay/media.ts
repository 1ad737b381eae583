import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Disk } from 'flydrive';
import type { Media } from '../contract/adapter.ts';
import type { FetchedMedia } from '../contract/channel.ts';
import type { MediaPart } from '../contract/message.ts';
import { newId } from '../db/ids.ts';
import type { Pool } from '../db/pool.ts';
import { FailureError } from '../kit/failure.ts';
import { fileName, sniff } from '../kit/media.ts';

const linkLifetime = 7 * 24 * 3600;

interface Row {
  key: string;
  mime: string;
  name: string;
}

/** Keeps attachments: rows in the database, bytes on a disk that flydrive opens (a folder, or S3-compatible storage). */
export class MediaStore {
  readonly #pool: Pool;
  readonly #disk: Disk;
  readonly #secret: string;

  /** @param options.secret signs links. */
  constructor(options: { pool: Pool; disk: Disk; secret: string }) {
    this.#pool = options.pool;
    this.#disk = options.disk;
    this.#secret = options.secret;
  }

  /** Stores bytes and returns the part that names them, with type, name and size as they really are. */
  async save(
    owner: { workspaceId: string; accountId: string },
    part: MediaPart,
    fetched: FetchedMedia,
  ): Promise<MediaPart> {
    const mime = await sniff(fetched.bytes, part.mime ?? fetched.mime);
    const name = fileName(part.name ?? fetched.name, mime, part.kind);
    const id = newId();
    const key = `${owner.workspaceId}/${id}`;
    await this.#disk.put(key, fetched.bytes, { contentType: mime });
    await this.#pool.query(
      'insert into media (workspace_id, id, account_id, key, mime, name, size) values ($1, $2, $3, $4, $5, $6, $7)',
      [owner.workspaceId, id, owner.accountId, key, mime, name, fetched.bytes.length],
    );
    return { ...part, mediaId: id, mime, name, size: fetched.bytes.length };
  }

  /** The view of the store that an adapter of this workspace is handed; its links lead to `baseUrl`. */
  of(workspaceId: string, baseUrl: string): Media {
    return {
      read: async part => {
        const stored = part.mediaId === undefined ? undefined : await this.open(workspaceId, part.mediaId);
        if (!stored)
          throw new FailureError({ class: 'media', message: 'The attachment is no longer in the media store.' });
        return stored;
      },
      link: part => baseUrl + this.#link(workspaceId, part),
    };
  }

  /** Bytes, type and name; undefined when there is no such attachment. */
  async open(workspaceId: string, id: string): Promise<{ bytes: Uint8Array; mime: string; name: string } | undefined> {
    const { rows } = await this.#pool.query<Row>(
      'select key, mime, name from media where workspace_id = $1 and id = $2',
      [workspaceId, id],
    );
    const row = rows[0];
    if (!row || !(await this.#disk.exists(row.key))) return undefined;
    return { bytes: await this.#disk.getBytes(row.key), mime: row.mime, name: row.name };
  }

  #link(workspaceId: string, part: MediaPart): string {
    if (part.mediaId === undefined)
      throw new FailureError({ class: 'media', message: 'The attachment was never stored.' });
    const expires = Math.floor(Date.now() / 1000) + linkLifetime;
    const signature = this.#sign(workspaceId, part.mediaId, expires);
    const name = encodeURIComponent(part.name ?? part.kind);
    return `/media/${workspaceId}/${part.mediaId}/${expires}.${signature}/${name}`;
  }

  /** Whether a link's `<expires>.<signature>` is ours and still alive. */
  verifyLink(workspaceId: string, id: string, ticket: string): boolean {
    const [expires = '', signature = ''] = ticket.split('.');
    if (!/^\d{1,12}$/.test(expires) || Number(expires) < Date.now() / 1000) return false;
    const expected = Buffer.from(this.#sign(workspaceId, id, Number(expires)));
    const given = Buffer.from(signature);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  #sign(workspaceId: string, id: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`media:${workspaceId}:${id}:${expires}`).digest('base64url');
  }
}
