import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { TelegramMediaKind } from './types.ts';

/** A file on Telegram's servers. */
export interface StoredFile {
  fileId: string;
  uniqueId: string;
  /** As getFile tells it: `photos/file_1.jpg`. */
  path: string;
  bytes: Uint8Array;
  mime: string;
  name: string | undefined;
}

interface KindTraits {
  /** Real file ids of a kind begin alike; so do these. */
  prefix: string;
  folder: string;
  ending: string;
  mime: string;
}

const kinds: Record<TelegramMediaKind, KindTraits> = {
  photo: { prefix: 'AgACAgQA', folder: 'photos', ending: '.jpg', mime: 'image/jpeg' },
  video: { prefix: 'BAACAgQA', folder: 'videos', ending: '.mp4', mime: 'video/mp4' },
  animation: { prefix: 'CgACAgQA', folder: 'animations', ending: '.mp4', mime: 'video/mp4' },
  audio: { prefix: 'CQACAgQA', folder: 'music', ending: '.mp3', mime: 'audio/mpeg' },
  voice: { prefix: 'AwACAgQA', folder: 'voice', ending: '.oga', mime: 'audio/ogg' },
  video_note: { prefix: 'DQACAgQA', folder: 'video_notes', ending: '.mp4', mime: 'video/mp4' },
  document: { prefix: 'BQACAgQA', folder: 'documents', ending: '', mime: 'application/octet-stream' },
  sticker: { prefix: 'CAACAgQA', folder: 'stickers', ending: '.webp', mime: 'image/webp' },
};

const byEnding: Record<string, string> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.m4a': 'audio/mp4',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.oga': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.tgs': 'application/x-tgsticker',
  '.txt': 'text/plain',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.zip': 'application/zip',
};

/** One bot's view of Telegram's file store: a file id of one bot means nothing to another. */
export class FileStore {
  readonly #owner: number;
  readonly #files = new Map<string, StoredFile>();
  #count = 0;

  constructor(owner: number) {
    this.#owner = owner;
  }

  /** Keeps bytes. The type is the one declared, or else told by the name's ending, or else the usual one of the kind. */
  add(kind: TelegramMediaKind, bytes: Uint8Array, { name, mime }: { name?: string; mime?: string } = {}): StoredFile {
    const traits = kinds[kind];
    const serial = `${this.#owner}.${++this.#count}`;
    const ending = endingOf(name) || traits.ending;
    const declared = mime === 'application/octet-stream' ? undefined : mime;
    return this.put(`${traits.prefix}${Buffer.from(serial).toString('base64url')}`, bytes, {
      path: `${traits.folder}/file_${this.#count}${ending}`,
      mime: declared ?? byEnding[ending] ?? traits.mime,
      name,
    });
  }

  put(fileId: string, bytes: Uint8Array, about: { path?: string; mime?: string; name?: string }): StoredFile {
    const ending = endingOf(about.name);
    const file: StoredFile = {
      fileId,
      uniqueId: createHash('sha256').update(bytes).update(fileId).digest('base64url').slice(0, 15),
      path: about.path ?? `documents/file_${++this.#count}${ending}`,
      bytes,
      mime: about.mime ?? byEnding[ending] ?? 'application/octet-stream',
      name: about.name,
    };
    this.#files.set(fileId, file);
    return file;
  }

  get(fileId: string): StoredFile | undefined {
    return this.#files.get(fileId);
  }

  at(path: string): StoredFile | undefined {
    return [...this.#files.values()].find(file => file.path === path);
  }
}

function endingOf(name: string | undefined): string {
  const ending = extname(name ?? '').toLowerCase();
  return /^\.[a-z0-9]+$/.test(ending) ? ending : '';
}
