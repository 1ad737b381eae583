import type { Context } from '../../contract/adapter.ts';
import type { Failure, FailureClass } from '../../contract/failure.ts';
import type { ContactPart, LocationPart, MediaPart, Part, TextPart } from '../../contract/message.ts';
import { joinText } from '../../kit/text.ts';
import { capabilities } from './capabilities.ts';
import type { WhatsAppConfig } from './manifest.ts';
import { toMarkup } from './markup.ts';
import { upload } from './upload.ts';

/** What a message says, as the messages call takes it: `type`, and an object of the same name. */
export type Composed = { content: Readonly<Record<string, unknown>> } | { failure: Failure };

type Attachment = MediaPart | LocationPart | ContactPart;

/** The content of the message that says these parts. A file is uploaded on the way, for messages carry only its id. */
export async function compose(parts: readonly Part[], context: Context<WhatsAppConfig>): Promise<Composed> {
  const texts = parts.flatMap(part => wordsOf(part) ?? []);
  const attachments = parts.filter(isAttachment);
  const words = texts.length > 0 ? joinText(texts, '\n') : undefined;
  const [attachment] = attachments;
  if (!attachment) return words ? { content: textOf(words) } : refuse('content', 'The message is empty.');
  if (attachments.length > 1) return refuse('content', 'WhatsApp is sent one attachment a message.');
  if (isMedia(attachment)) return composeMedia(attachment, words, context);
  if (words) return refuse('content', 'On WhatsApp no text goes along with a place or a contact.');
  return { content: attachment.kind === 'location' ? placeOf(attachment) : contactsOf(attachment) };
}

/** The text of what is text, or has no other form on WhatsApp. */
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

function textOf(words: TextPart): Record<string, unknown> {
  const body = toMarkup(words, capabilities.text.limit);
  return { type: 'text', text: { body, preview_url: /https?:\/\//i.test(body) } };
}

async function composeMedia(
  part: MediaPart,
  words: TextPart | undefined,
  context: Context<WhatsAppConfig>,
): Promise<Composed> {
  const uploaded = await upload(part, context);
  if ('failure' in uploaded) return uploaded;
  const { type, id, name } = uploaded;
  if (words && (type === 'audio' || type === 'sticker')) {
    return refuse('content', 'On WhatsApp no text goes along with a recording or a sticker.');
  }
  const caption = words && captionOf(words);
  const filename = type === 'document' ? name : undefined;
  return { content: { type, [type]: { id, caption, filename } } };
}

function captionOf(words: TextPart): string {
  const { caption } = capabilities;
  return toMarkup(words, caption ? caption.limit : 0);
}

/** Degrees go as text. Six places are a hand's breadth, and keep small ones from being written as 1e-7. */
function placeOf({ lat, lng, name, address }: LocationPart): Record<string, unknown> {
  return { type: 'location', location: { latitude: degrees(lat), longitude: degrees(lng), name, address } };
}

function degrees(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** WhatsApp wants the name twice: as a whole, and at least one part of it. */
function contactsOf({ name, phones, emails = [] }: ContactPart): Record<string, unknown> {
  const contact = {
    name: { formatted_name: name, first_name: name },
    phones: phones.length > 0 ? phones.map(phone => ({ phone })) : undefined,
    emails: emails.length > 0 ? emails.map(email => ({ email })) : undefined,
  };
  return { type: 'contacts', contacts: [contact] };
}
