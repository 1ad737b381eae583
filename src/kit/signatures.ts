import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares two secrets in constant time; a missing one never matches. */
export function sameSecret(given: string | undefined, expected: string): boolean {
  if (given === undefined || expected === '') return false;
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** HMAC of the raw bytes, as text. */
export function hmac(
  algorithm: 'sha1' | 'sha256',
  key: string,
  bytes: Uint8Array | string,
  encoding: 'hex' | 'base64' = 'hex',
): string {
  return createHmac(algorithm, key).update(bytes).digest(encoding);
}

/** A body's fingerprint in hex: the last resort for an event that has no id of its own. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
