import { parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * The E.164 form of an international number: `+1 (202) 555-0143` becomes `+12025550143`. Undefined for everything that has
 * no leading plus or cannot be a number by its length: short codes, alphanumeric senders, national forms.
 */
export function toE164(text: string): string | undefined {
  // New ranges open faster than metadata is released, so only the length is judged.
  const number = parsePhoneNumberFromString(text.trim(), { extract: false });
  return number?.isPossible() ? number.number : undefined;
}

/** What a message is sent from or to: a number in E.164, anything else (a short code, a sender's name) as it is. */
export function phoneAddress(text: string): string {
  return toE164(text) ?? text.trim();
}
