import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** One key of AES-256-GCM. Its id stands beside every value that it sealed. */
export interface VaultKey {
  /** Letters, digits, "-" and "_". */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

/** The first key seals; all of them open. */
export type KeyRing = readonly [VaultKey, ...VaultKey[]];

/** Keeps credentials encrypted at rest. The `aad` ties a value to its place, so that it opens nowhere else. */
export interface Vault {
  /** Returns `v1.<key id>.<iv>.<tag and ciphertext>`, the last two in base64url. */
  seal(text: string, aad: string): string;
  /** Throws {@link UnknownKeyError} or {@link BrokenSealError}. */
  open(sealed: string, aad: string): string;
  /** Whether the value was sealed by another key than the current one. Throws {@link BrokenSealError}. */
  needsRotation(sealed: string): boolean;
}

/** The key that sealed the value is not in the key ring. */
export class UnknownKeyError extends Error {
  readonly keyId: string;
  constructor(keyId: string) {
    super(
      `A stored credential was sealed with the key "${keyId}", which the key ring lacks. Add that key to ` +
        'OCTOPODS_ENCRYPTION_KEYS, or bring back the secrets.json that was made with the data.',
    );
    this.name = 'UnknownKeyError';
    this.keyId = keyId;
  }
}

/** The value was changed, belongs to another place, or was never sealed; or a key of that id is not the one that sealed it. */
export class BrokenSealError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`A stored credential cannot be opened: ${reason}.`, options);
    this.name = 'BrokenSealError';
  }
}

/** A key ring is not in the form `id:key,id:key`. The message shows no key. */
export class KeyRingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KeyRingError';
  }
}

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

export function createVault(ring: KeyRing): Vault {
  const [current] = ring;
  const keys = new Map(ring.map(({ id, key }) => [id, key]));
  return {
    seal(text, aad) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv(algorithm, current.key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(aad));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const sealed = Buffer.concat([cipher.getAuthTag(), body]);
      return ['v1', current.id, iv.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, aad) {
      const { keyId, iv, tag, body } = parts(sealed);
      const key = keys.get(keyId);
      if (key === undefined) throw new UnknownKeyError(keyId);
      const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(aad)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new BrokenSealError('it was changed, moved from another place, or sealed with another key', {
          cause: error,
        });
      }
    },
    needsRotation: sealed => parts(sealed).keyId !== current.id,
  };
}

function parts(sealed: string): { keyId: string; iv: Buffer; tag: Buffer; body: Buffer } {
  const [version, keyId, ivText, sealedText, ...rest] = sealed.split('.');
  if (version !== 'v1' || !keyId || ivText === undefined || sealedText === undefined || rest.length > 0) {
    throw new BrokenSealError('it is not in the form of a sealed value');
  }
  const iv = Buffer.from(ivText, 'base64url');
  const tagAndBody = Buffer.from(sealedText, 'base64url');
  if (iv.length !== ivBytes || tagAndBody.length < tagBytes) throw new BrokenSealError('it is cut short');
  return { keyId, iv, tag: tagAndBody.subarray(0, tagBytes), body: tagAndBody.subarray(tagBytes) };
}

export function makeKey(): VaultKey {
  return { id: randomBytes(4).toString('hex'), key: randomBytes(keyBytes) };
}

/** Reads `id:base64,id2:base64`, the current key first. Throws {@link KeyRingError}. */
export function parseKeyRing(text: string): KeyRing {
  const [first, ...others] = text.split(',').map((entry, index) => parseKey(entry.trim(), index + 1));
  if (first === undefined) throw new KeyRingError('The key ring is empty.');
  const ring: KeyRing = [first, ...others];
  const ids = ring.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new KeyRingError(`The key ring names the key "${twice}" twice.`);
  return ring;
}

export function formatKeyRing(ring: KeyRing): string {
  return ring.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(',');
}

function parseKey(entry: string, position: number): VaultKey {
  const [, id, encoded] = /^([\w-]{1,64}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? [];
  if (id === undefined || encoded === undefined) {
    throw new KeyRingError(`Key ${position} of the key ring is not in the form id:base64.`);
  }
  const key = Buffer.from(encoded, 'base64');
  if (key.length !== keyBytes)
    throw new KeyRingError(`The key "${id}" has ${key.length} bytes and must have ${keyBytes}.`);
  return { id, key };
}
