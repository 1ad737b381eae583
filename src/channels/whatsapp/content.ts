import type { ContactPart, Part, Quote, Referral } from '../../contract/message.ts';
import { type Dict, dict, id, list, number, text } from '../../kit/read.ts';
import { mediaParts } from './attachments.ts';
import { callPermissionText, formText, orderText, unknownText } from './standins.ts';

/**
 * What each type of message says. A type that is not here, and one whose content has not the expected form, leaves a
 * stand-in.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */
const readers: ReadonlyMap<unknown, (message: Dict) => Part[]> = new Map([
  ['text', message => textOf(dict(message.text)?.body)],
  ['image', message => mediaParts('image', message)],
  ['video', message => mediaParts('video', message)],
  ['audio', message => mediaParts('audio', message)],
  ['document', message => mediaParts('document', message)],
  ['sticker', message => mediaParts('sticker', message)],
  ['location', message => locationOf(dict(message.location) ?? {})],
  ['contacts', message => list(message.contacts).flatMap(contact => contactOf(dict(contact)))],
  ['button', message => choiceOf(dict(message.button), 'text', 'payload')],
  ['interactive', message => interactiveOf(dict(message.interactive) ?? {})],
  ['order', message => orderOf(dict(message.order))],
]);

/** What was said, in order; never empty. */
export function partsOf(message: Dict): Part[] {
  const parts = readers.get(message.type)?.(message) ?? [];
  return parts.length > 0 ? parts : standIn(unknownText(message));
}

function standIn(words: string): Part[] {
  return [{ kind: 'unsupported', text: words }];
}

function textOf(body: unknown): Part[] {
  const words = text(body);
  return words === undefined ? [] : [{ kind: 'text', text: words }];
}

function locationOf(location: Dict): Part[] {
  const lat = number(location.latitude);
  const lng = number(location.longitude);
  if (lat === undefined || lng === undefined) return [];
  return [{ kind: 'location', lat, lng, name: text(location.name), address: text(location.address) }];
}

function contactOf(contact: Dict | undefined): ContactPart[] {
  if (!contact) return [];
  const phones = list(contact.phones).flatMap(entry => text(dict(entry)?.phone) ?? id(dict(entry)?.wa_id) ?? []);
  const emails = list(contact.emails).flatMap(entry => text(dict(entry)?.email) ?? []);
  const name = nameOf(contact) ?? phones[0] ?? emails[0] ?? 'Contact';
  return [{ kind: 'contact', name, phones, ...(emails.length > 0 ? { emails } : {}) }];
}

/** Shared contacts tell as much of themselves as the customer chose; some only in their vCard (RFC 6350). */
function nameOf(contact: Dict): string | undefined {
  const name = dict(contact.name);
  const names = [name?.first_name, name?.last_name].flatMap(part => text(part) ?? []);
  const inCard = /^FN(?:;[^:\r\n]*)?:(.+)$/im.exec(text(contact.vcard) ?? '')?.[1]?.trim();
  return text(name?.formatted_name) ?? text(names.join(' ')) ?? text(inCard) ?? text(dict(contact.org)?.company);
}

function orderOf(order: Dict | undefined): Part[] {
  return order ? standIn(orderText(order)) : [];
}

function choiceOf(choice: Dict | undefined, label: string, payload: string): Part[] {
  const carried = text(choice?.[payload]);
  const seen = text(choice?.[label]) ?? carried;
  return seen === undefined ? [] : [{ kind: 'choice', label: seen, payload: carried }];
}

function interactiveOf(interactive: Dict): Part[] {
  const reply = (type: string) => (interactive.type === type ? dict(interactive[type]) : undefined);
  const form = reply('nfm_reply');
  if (form) return standIn(formText(form));
  const permission = reply('call_permission_reply');
  if (permission) return standIn(callPermissionText(permission));
  return choiceOf(reply('button_reply') ?? reply('list_reply'), 'title', 'id');
}

/** The message that this one answers. A forwarded message has a context too, but no id in it. */
export function quoteOf(message: Dict): Quote | undefined {
  const quoted = text(dict(message.context)?.id);
  return quoted === undefined ? undefined : { id: quoted };
}

/** WhatsApp does not tell who wrote a forwarded message first. */
export function forwardedFrom(message: Dict): string | undefined {
  const context = dict(message.context);
  return context?.forwarded === true || context?.frequently_forwarded === true ? 'someone' : undefined;
}

/** The advertisement or post that brought the customer here, or the product of a catalogue that they ask about. */
export function referralOf(message: Dict): Referral | undefined {
  const ad = dict(message.referral);
  if (ad) {
    return {
      payload: text(ad.ctwa_clid) ?? id(ad.source_id),
      source: text(ad.source_type),
      url: text(ad.source_url),
      title: text(ad.headline),
    };
  }
  const product = id(dict(dict(message.context)?.referred_product)?.product_retailer_id);
  return product === undefined ? undefined : { source: 'product', payload: product };
}
