import type { ConsentEvent, Event, MessageEvent } from '../../contract/event.ts';
import type { MediaPart, Part, Sender } from '../../contract/message.ts';
import { kindOfMime } from '../../kit/media.ts';
import { phoneAddress, toE164 } from '../../kit/phone.ts';
import { text } from '../../kit/read.ts';
import { consentOf } from './consent.ts';

/**
 * A text or picture message that came in. One that leaves or comes back is shown as well: the teammate reads what the
 * customer wrote, and Twilio has answered it already.
 */
export function readMessage(sid: string, fields: URLSearchParams): Event[] {
  const from = text(fields.get('From')?.trim());
  if (from === undefined) return [{ type: 'unknown', key: `message:${sid}`, kind: 'message without From' }];
  const body = fields.get('Body') ?? '';
  const sender = senderOf(from);
  const place = { conversation: sender.id, sender };
  const message: MessageEvent = {
    type: 'message',
    key: `message:${sid}`,
    ...place,
    id: sid,
    parts: partsOf(body, fields),
  };
  const consent = consentOf(body, text(fields.get('OptOutType')));
  if (consent === undefined) return [message];
  const event: ConsentEvent = { type: consent, key: `${consent}:${sid}`, ...place, contact: sender.id };
  return [message, event];
}

/** A number, a short code, or a business's name, which nobody can answer. */
function senderOf(from: string): Sender {
  return { id: phoneAddress(from), kind: 'customer', phone: toE164(from) };
}

function partsOf(body: string, fields: URLSearchParams): Part[] {
  const words: Part[] = body.trim() === '' ? [] : [{ kind: 'text', text: body }];
  const parts = [...mediaOf(fields), ...words];
  return parts.length > 0 ? parts : [{ kind: 'unsupported', text: 'An empty message.' }];
}

/** `MediaUrl0`, `MediaUrl1`… with their `MediaContentType0`…: the addresses themselves, whatever `NumMedia` counts. */
function mediaOf(fields: URLSearchParams): MediaPart[] {
  return [...new Set(fields.keys())]
    .flatMap(name => /^MediaUrl(\d+)$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b))
    .flatMap(index => attachment(fields.get(`MediaUrl${index}`), fields.get(`MediaContentType${index}`)));
}

function attachment(url: string | null, type: string | null): MediaPart[] {
  const ref = text(url?.trim());
  if (ref === undefined) return [];
  const mime = text(type?.split(';')[0]?.trim().toLowerCase());
  const isCard = mime === 'text/vcard' || mime === 'text/x-vcard';
  return [
    {
      kind: kindOfMime(mime),
      ref,
      mime,
      // The usual ending, by which phones and desks know an address card.
      name: isCard ? 'contact.vcf' : undefined,
    },
  ];
}
