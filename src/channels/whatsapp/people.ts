import type { Sender } from '../../contract/message.ts';
import { type Dict, dict, id, list, text } from '../../kit/read.ts';
import { canonicalNumber, digitsOf } from './address.ts';

/** How a payload names a person: by number, by business-scoped id, or both. Either may be missing. */
export interface Names {
  number: unknown;
  userId: unknown;
}

/**
 * The customer so named, with what `contacts` says of them. That list comes in any order and may miss people, so it is
 * matched by id, never by position; only where the payload names nobody and the list one person, it is theirs. A number
 * goes before a business-scoped id: it stays the same in all of a business's portfolios. Undefined when nobody is named.
 */
export function customer(names: Names, value: Dict): Sender | undefined {
  const given = { number: id(names.number), userId: id(names.userId) };
  const contact = contactOf(given, list(value.contacts).map(dict));
  const number = given.number ?? id(contact?.wa_id);
  const address = digitsOf(number) ?? number ?? given.userId ?? id(contact?.user_id);
  if (address === undefined) return undefined;
  const profile = dict(contact?.profile);
  const digits = digitsOf(number);
  return {
    id: address,
    kind: 'customer',
    name: text(profile?.name),
    username: text(text(profile?.username)?.replace(/^@/, '')),
    phone: digits === undefined ? undefined : `+${digits}`,
  };
}

interface Given {
  number?: string;
  userId?: string;
}

function contactOf(given: Given, contacts: readonly (Dict | undefined)[]): Dict | undefined {
  if (given.number !== undefined || given.userId !== undefined) return contacts.find(contact => isSame(contact, given));
  return contacts.length === 1 ? contacts[0] : undefined;
}

function isSame(contact: Dict | undefined, { number, userId }: Given): boolean {
  const waId = id(contact?.wa_id);
  const sameNumber = number !== undefined && waId !== undefined && canonicalNumber(waId) === canonicalNumber(number);
  return sameNumber || (userId !== undefined && id(contact?.user_id) === userId);
}
