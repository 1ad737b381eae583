import type { ContactPart, LocationPart, Part, Quote } from '../../contract/message.ts';
import { type Dict, dict, id, list, number, text } from '../../kit/read.ts';
import { attachmentsOf } from './attachments.ts';
import { fromEntities } from './entities.ts';
import { contentField } from './fields.ts';
import { nameOf } from './people.ts';
import { richParts } from './rich.ts';
import { standInsOf, storyText } from './standins.ts';

/** What was said, in order: files, then everything else, then the caption or text. Empty for a service message. */
export function contentOf(message: Dict): Part[] {
  return [
    ...attachmentsOf(message),
    fromEntities(dict(message.sticker)?.emoji, []),
    locationOf(message),
    contactOf(message.contact),
    ...standInsOf(message),
    ...richParts(message.rich_message),
    fromEntities(webAppData(message.web_app_data), []),
    fromEntities(message.text, message.entities),
    fromEntities(message.caption, message.caption_entities),
  ].filter(part => part !== undefined);
}

/** As {@link contentOf}, but never empty: a kind that this version does not know leaves a stand-in with its name. */
export function partsOf(message: Dict): Part[] {
  const content = contentOf(message);
  if (content.length > 0) return content;
  const kind = contentField(message);
  const named = kind === undefined ? '' : ` (${kind.replaceAll('_', ' ')})`;
  return [{ kind: 'unsupported', text: `A Telegram message that cannot be shown here${named}. Open it in Telegram.` }];
}

/** A venue repeats its location for older programs: it is one place, with a name and an address. */
function locationOf(message: Dict): LocationPart | undefined {
  const venue = dict(message.venue);
  const location = dict(venue?.location) ?? dict(message.location);
  const lat = number(location?.latitude);
  const lng = number(location?.longitude);
  if (lat === undefined || lng === undefined) return undefined;
  return { kind: 'location', lat, lng, name: text(venue?.title), address: text(venue?.address) };
}

function contactOf(value: unknown): ContactPart | undefined {
  const contact = dict(value);
  if (!contact) return undefined;
  const card = text(contact.vcard) ?? '';
  const emails = cardValues(card, 'EMAIL');
  const phones = [text(contact.phone_number), ...cardValues(card, 'TEL')].filter(phone => phone !== undefined);
  const digits = phones.map(phone => phone.replace(/\D/g, ''));
  return {
    kind: 'contact',
    name: nameOf(contact) ?? phones[0] ?? 'Contact',
    phones: phones.filter((_, index) => digits.indexOf(digits[index] ?? '') === index),
    ...(emails.length > 0 ? { emails } : {}),
  };
}

/** The values of one property of a vCard (RFC 6350): `EMAIL;TYPE=work:ada@example.com`. */
function cardValues(card: string, property: 'TEL' | 'EMAIL'): string[] {
  const line = new RegExp(String.raw`^(?:[\w-]+\.)?${property}(?:;[^:\r\n]*)?:(?:tel:)?(.+)$`, 'gim');
  return Array.from(card.matchAll(line), match => match[1]?.trim() ?? '').filter(value => value !== '');
}

/** What a Web App sent for the customer. The data is any text, JSON or not, and goes on as it is. */
function webAppData(value: unknown): string | undefined {
  const sent = dict(value);
  const data = text(sent?.data);
  const button = text(sent?.button_text);
  return data && button ? `${button}: ${data}` : (data ?? button);
}

/** The message that this one answers. */
export function quoteOf(message: Dict): Quote | undefined {
  const quoted = text(dict(message.quote)?.text);
  const reply = dict(message.reply_to_message);
  const replyId = id(reply?.message_id);
  if (reply && replyId !== undefined && !isTopicRoot(message, replyId)) {
    return { id: replyId, text: quoted ?? summaryOf(reply) };
  }
  const external = dict(message.external_reply);
  if (external) {
    const place = id(dict(external.chat)?.id) ?? 'elsewhere';
    return { id: `external:${place}:${id(external.message_id) ?? ''}`, text: quoted ?? summaryOf(external) };
  }
  const story = dict(message.reply_to_story);
  return story && { id: `story:${id(story.id) ?? ''}`, text: storyText(story) };
}

/** In a topic every message "answers" the service message that opened the topic: no one chose to. */
function isTopicRoot(message: Dict, replyId: string): boolean {
  return message.is_topic_message === true && replyId === id(message.message_thread_id);
}

const kindWords = { image: 'Photo', video: 'Video', audio: 'Audio', voice: 'Voice message', file: 'File' } as const;

/** A line that reminds the reader of a message: its words, else what it was. */
function summaryOf(message: Dict): string | undefined {
  const parts = contentOf(message);
  const words = parts.find(part => part.kind === 'text') ?? parts[0];
  if (!words) return undefined;
  switch (words.kind) {
    case 'text':
    case 'unsupported':
    case 'story':
      return words.text;
    case 'location':
      return words.name ?? 'Location';
    case 'contact':
      return words.name;
    case 'choice':
      return words.label;
    case 'sticker':
      return 'Sticker';
    default:
      return words.name ?? kindWords[words.kind];
  }
}

/** Who wrote a forwarded message first. @see https://core.telegram.org/bots/api#messageorigin */
export function forwardedFrom(message: Dict): string | undefined {
  const origin = dict(message.forward_origin);
  if (!origin) return undefined;
  const author = dict(origin.sender_user) ?? dict(origin.sender_chat) ?? dict(origin.chat);
  return nameOf(author) ?? text(origin.sender_user_name) ?? 'someone';
}

/** What the button said that carried this data; undefined when the message has no such button any more. */
export function buttonLabel(message: Dict | undefined, data: string): string | undefined {
  const rows = list(dict(message?.reply_markup)?.inline_keyboard);
  const button = rows
    .flatMap(row => list(row))
    .map(dict)
    .find(entry => entry?.callback_data === data);
  return text(button?.text);
}
