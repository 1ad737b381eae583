import type { Context } from '../../contract/adapter.ts';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import type { ContactPart, LocationPart, MediaPart, Part, TextPart } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { joinText } from '../../kit/text.ts';
import type { Call } from './api.ts';
import { uploadLimit } from './capabilities.ts';
import { toEntities } from './entities.ts';
import type { TelegramConfig } from './manifest.ts';
import { uploadsOf } from './upload.ts';

/** `calls` are several ways to say the same, best first: one of them is to succeed. */
type Composed = { calls: Call[] } | { failure: Failure };

type Attachment = MediaPart | LocationPart | ContactPart;

/** What has to be called to say these parts; where to is not in it. */
export async function compose(parts: readonly Part[], context: Context<TelegramConfig>): Promise<Composed> {
  const texts = parts.flatMap(part => wordsOf(part) ?? []);
  const attachments = parts.filter(isAttachment);
  const words = texts.length > 0 ? joinText(texts, '\n') : undefined;
  const [attachment] = attachments;
  if (!attachment) return words ? { calls: [messageOf(words)] } : refuse('content', 'The message is empty.');
  if (attachments.length > 1) return refuse('content', 'Telegram is sent one attachment a message.');
  if (isMedia(attachment)) return composeUpload(attachment, words, context);
  if (words) return refuse('content', 'On Telegram no text goes along with a place or a contact.');
  return { calls: [attachment.kind === 'location' ? placeOf(attachment) : contactOf(attachment)] };
}

/** The text of what is text, or has no other form on Telegram. */
function wordsOf(part: Part): TextPart | undefined {
  switch (part.kind) {
    case 'text':
      return part;
    case 'choice':
      return { kind: 'text', text: part.label };
    case 'story':
    case 'unsupported':
      return { kind: 'text', text: part.text };
    default:
      return undefined;
  }
}

function isAttachment(part: Part): part is Attachment {
  return wordsOf(part) === undefined;
}

function isMedia(part: Attachment): part is MediaPart {
  return part.kind !== 'location' && part.kind !== 'contact';
}

function refuse(kind: FailureClass, message: string): Composed {
  return { failure: { class: kind, message } };
}

function messageOf(words: TextPart): Call {
  const { text, entities } = toEntities(words);
  return { method: 'sendMessage', fields: { text, entities: entities.length > 0 ? entities : undefined } };
}

async function composeUpload(
  part: MediaPart,
  words: TextPart | undefined,
  context: Context<TelegramConfig>,
): Promise<Composed> {
  if (words && part.kind === 'sticker') return refuse('content', 'On Telegram no text goes along with a sticker.');
  if ((part.size ?? 0) > uploadLimit) return tooLarge(part);
  try {
    const media = await context.media.read(part);
    if (media.bytes.length > uploadLimit) return tooLarge(part);
    const caption = words && captionOf(words);
    return { calls: uploadsOf(part, media).map(call => ({ ...call, fields: { ...call.fields, ...caption } })) };
  } catch (error) {
    if (error instanceof FailureError) return { failure: error.failure };
    throw error;
  }
}

function tooLarge(part: MediaPart): Composed {
  return refuse('media', `${part.name ?? 'The attachment'} is larger than the 50 MB that a Telegram bot may send.`);
}

function captionOf(words: TextPart): Record<string, unknown> {
  const { text, entities } = toEntities(words);
  return { caption: text, caption_entities: entities.length > 0 ? entities : undefined };
}

/** A place with a name or an address is a venue, which needs both; a place with neither is a location. */
function placeOf({ lat, lng, name, address }: LocationPart): Call {
  const title = name ?? address;
  const point = { latitude: lat, longitude: lng };
  if (title === undefined) return { method: 'sendLocation', fields: point };
  return { method: 'sendVenue', fields: { ...point, title, address: address ?? title } };
}

/** Telegram's contacts are telephone numbers; one without is written out. */
function contactOf({ name, phones, emails = [] }: ContactPart): Call {
  const [phone] = phones;
  if (phone === undefined) return messageOf({ kind: 'text', text: [name, ...emails].join('\n') });
  return { method: 'sendContact', fields: { phone_number: phone, first_name: name } };
}
