import { randomBytes, randomInt } from 'node:crypto';

/** Fifteen digits, as the ids of Meta's objects have today. */
export function newId(): string {
  return String(randomInt(1e14, 2e14));
}

/** A message id; slashes, pluses and equals signs stand in it as in real ones. */
export function newMessageId(): string {
  return `wamid.${randomBytes(30).toString('base64')}`;
}

export function newToken(): string {
  return `EAA${randomBytes(48).toString('base64url')}`;
}

/** Time as Meta writes it: seconds, in a string. */
export function timestamp(at: Date): string {
  return String(Math.floor(at.getTime() / 1000));
}
