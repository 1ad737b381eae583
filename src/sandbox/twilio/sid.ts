import { randomBytes } from 'node:crypto';

/** A new identifier: two letters for the kind of thing, and 32 hexadecimal digits. */
export function newSid(kind: 'AC' | 'SK' | 'PN' | 'SC' | 'MG' | 'SM' | 'MM' | 'ME' | 'AI'): string {
  return `${kind}${randomBytes(16).toString('hex')}`;
}

/** RFC 2822, as the 2010 API writes times. */
export function apiTime(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}
