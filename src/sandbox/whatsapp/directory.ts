import { newId } from './ids.ts';
import { MediaStore } from './media.ts';

/** What all apps share: ids are unique across Meta, a revoked token is so everywhere, and media have one store. */
export class Directory {
  readonly media: MediaStore;
  readonly revokedTokens = new Set<string>();
  readonly #ids = new Set<string>();

  constructor(now: () => Date) {
    this.media = new MediaStore(now);
  }

  /**
   * Takes an id for an app, account or number; makes one up where none is given.
   * @throws Error where it is taken.
   */
  claim(id: string = newId()): string {
    if (!/^\d+$/.test(id)) throw new Error(`An id of Meta's has digits only, not "${id}".`);
    if (this.#ids.has(id)) throw new Error(`The id ${id} is in use.`);
    this.#ids.add(id);
    return id;
  }
}
