/** Whom a message goes to, as the messages call takes it. */
export type Recipient =
  | { recipient_type: 'individual'; to: string }
  | { recipient_type: 'individual'; recipient: string }
  | { recipient_type: 'group'; to: string };

const group = 'group:';

/**
 * The address of a group. Its id has no form that tells it from a person's, so the address says it. People are addressed
 * by their `wa_id` (the digits of a number) or, where they hide it, by their business-scoped id (`US.1349…`).
 */
export function groupAddress(id: string): string {
  return `${group}${id}`;
}

/** @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids */
export function recipientOf(address: string): Recipient | undefined {
  if (address.startsWith(group)) return { recipient_type: 'group', to: address.slice(group.length) };
  const number = digitsOf(address);
  if (number !== undefined) return { recipient_type: 'individual', to: number };
  return address === '' ? undefined : { recipient_type: 'individual', recipient: address };
}

/** The digits of a telephone number, E.164 without its plus; undefined for anything else. */
export function digitsOf(value: string | undefined): string | undefined {
  const digits = value?.replace(/^\+/, '');
  return digits !== undefined && /^[1-9]\d{5,14}$/.test(digits) ? digits : undefined;
}

/**
 * One spelling for the numbers that WhatsApp writes in two, so that both are one contact; anything else stays as it is.
 * - Argentina: mobile numbers with or without the 9 behind 54;
 * - Mexico: with or without the 1 behind 52;
 * - Brazil: mobile numbers with or without the ninth digit, a 9 in front of eight. Landlines, whose eight digits begin
 *   with 2 to 5, never have it.
 */
export function canonicalNumber(address: string): string {
  const argentina = /^549(\d{10})$/.exec(address);
  if (argentina) return `54${argentina[1]}`;
  const mexico = /^521(\d{10})$/.exec(address);
  if (mexico) return `52${mexico[1]}`;
  const brazil = /^(55\d\d)([016-9]\d{7})$/.exec(address);
  return brazil ? `${brazil[1]}9${brazil[2]}` : address;
}
