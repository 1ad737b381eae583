import type { Capabilities, PartSupport, RateLimit } from '../../contract/capabilities.ts';
import { originOf, type TwilioSmsConfig } from './manifest.ts';
import type { Origin } from './origin.ts';

/** Bytes of all attachments of one MMS together, and of one picture in it. */
export const messageLimit = 5_000_000;
/** Bytes of an attachment that Twilio passes on without making it smaller. */
const plainLimit = 500_000;

/** @see https://www.twilio.com/docs/messaging/guides/accepted-mime-types */
const pictures = ['image/jpeg', 'image/png', 'image/gif'];
const videos = ['video/mp4', 'video/mpeg', 'video/quicktime', 'video/webm', 'video/3gpp', 'video/3gpp2'];
const recordings = [
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/aac',
  'audio/amr',
  'audio/3gpp',
  'audio/3gpp2',
  'audio/webm',
  'audio/ac3',
  'audio/basic',
];
const files = [
  'application/pdf',
  'text/vcard',
  'text/x-vcard',
  'text/csv',
  'text/rtf',
  'text/calendar',
  'image/bmp',
  'image/tiff',
  'image/heic',
  'image/heif',
];

type MediaSupport = Record<'image' | 'video' | 'audio' | 'voice' | 'file' | 'sticker', PartSupport>;

const mms: MediaSupport = {
  image: {
    support: 'full',
    mimes: pictures,
    maxBytes: messageLimit,
    note: 'JPEG, PNG and GIF up to 5 MB. Where MMS is not carried (most countries outside North America) Twilio sends a link.',
  },
  video: { support: 'full', mimes: videos, maxBytes: plainLimit },
  audio: { support: 'full', mimes: recordings, maxBytes: plainLimit },
  voice: { support: 'full', mimes: recordings, maxBytes: plainLimit },
  file: { support: 'full', mimes: files, maxBytes: plainLimit },
  sticker: { support: 'full', mimes: pictures, maxBytes: messageLimit },
};

const link: PartSupport = {
  support: 'fallback',
  note: 'This sender cannot send pictures or files; they go as a link.',
};
const links: MediaSupport = { image: link, video: link, audio: link, voice: link, file: link, sticker: link };

/** Before a sender is known, what most senders can do. */
export function capabilities({ sender, mms: carriesMms }: Partial<TwilioSmsConfig>): Capabilities {
  const origin = sender === undefined ? undefined : originOf({ sender });
  const channel = origin && rateOf(origin);
  const sendsMedia = origin?.kind !== 'name' && carriesMms !== false;
  return {
    parts: {
      text: { support: 'full' },
      ...(sendsMedia ? mms : links),
      location: { support: 'fallback', note: 'Sent as a link to a map.' },
      contact: { support: 'fallback', note: 'Name and numbers are sent as text.' },
      choice: { support: 'fallback', note: 'The label is sent as text.' },
      story: { support: 'fallback', note: 'Its words are sent as text.' },
      unsupported: { support: 'fallback', note: 'Its words are sent as text.' },
    },
    // Twilio says “characters”; by UTF-16 units a text is never longer than it may be.
    text: { limit: 1600, unit: 'utf16' },
    // Room is left for the links of attachments that do not fit into one MMS.
    caption: sendsMedia ? { limit: 1000, unit: 'utf16' } : false,
    marks: [],
    attachmentsPerMessage: sendsMedia ? 10 : 1,
    quotes: 'dropped',
    reactions: 'dropped',
    edits: 'dropped',
    deletes: 'dropped',
    receipts: ['sent', 'delivered', 'failed'],
    ...(channel ? { rates: { channel } } : {}),
  };
}

/**
 * What a sender gets through in a second, where Twilio says it for all of its kind. More is not refused: it waits at Twilio,
 * out of our sight.
 * @see https://help.twilio.com/articles/115002943027
 */
function rateOf({ kind, value }: Origin): RateLimit | undefined {
  if (kind === 'short_code') return { count: 100, seconds: 1 };
  if (kind !== 'number' || !value.startsWith('+1')) return undefined;
  const isTollFree = /^\+18(00|33|44|55|66|77|88)/.test(value);
  return { count: isTollFree ? 3 : 1, seconds: 1 };
}
