import type { Json } from '../../types.ts';
import { empty } from '../chat-message.ts';
import { badValue, missing } from '../errors.ts';
import { counts, lengths } from '../limits.ts';
import type { Reader } from './composed.ts';
import { list, needText, object, text } from './fields.ts';

const readText: Reader = given => ({ content: { ...empty, text: needText(given, 'body', lengths.text) } });

const readLocation: Reader = given => {
  const latitude = degrees(given, 'latitude', 90);
  const longitude = degrees(given, 'longitude', 180);
  const { name, address } = given;
  const words = {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof address === 'string' ? { address } : {}),
  };
  return { content: { ...empty, location: { latitude, longitude, ...words } } };
};

/** Numbers and strings are taken alike. */
function degrees(given: Json, name: string, limit: number): number {
  const value = given[name];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw missing(name);
  if (Math.abs(number) > limit) throw badValue(`${name} must be between -${limit} and ${limit}`);
  return number;
}

const readReaction: Reader = (given, { customer }) => {
  const id = needText(given, 'message_id', 1000);
  const emoji = text(given, 'emoji', 40);
  const message = customer?.find(id);
  if (!message) return { content: empty, failure: { code: 131009, details: 'The message to react to is not there.' } };
  return {
    content: empty,
    apply() {
      if (emoji === undefined || emoji === '') delete message.reactions.business;
      else message.reactions.business = emoji;
    },
  };
};

/** `contacts` is a list where all other types have an object. */
export const readContacts: Reader = given => {
  const cards = list(given, 'contacts');
  if (cards.length === 0) throw missing('contacts');
  if (cards.length > counts.cards) throw badValue(`contacts must be at most ${counts.cards}`);
  const contacts = cards.map(card => ({
    name: needText(object(card, 'name'), 'formatted_name', 1000),
    phones: list(card, 'phones').map(({ phone }) => String(phone)),
  }));
  return { content: { ...empty, contacts } };
};

export const plainReaders: Record<string, Reader> = {
  text: readText,
  location: readLocation,
  reaction: readReaction,
};
