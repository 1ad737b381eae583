import type { Capabilities } from '../../contract/capabilities.ts';

const mebibyte = 1024 * 1024;

/** What can be uploaded, by the type of message that shows it. Bytes. @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#supported-media-types */
export const uploads = {
  image: { maxBytes: 5 * mebibyte, mimes: ['image/jpeg', 'image/png'] },
  video: { maxBytes: 16 * mebibyte, mimes: ['video/mp4', 'video/3gpp'] },
  // The last is another name for audio/mp4.
  audio: {
    maxBytes: 16 * mebibyte,
    mimes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/x-m4a'],
  },
  document: {
    maxBytes: 100 * mebibyte,
    mimes: [
      'text/plain',
      'application/pdf',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.ms-powerpoint',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ],
  },
  // Animated ones; still ones end at 100 KiB, which Meta judges.
  sticker: { maxBytes: 500 * 1024, mimes: ['image/webp'] },
};

/** A file that is a picture, a film or a recording is shown as such. */
const fileMimes = [...uploads.document.mimes, ...uploads.image.mimes, ...uploads.video.mimes, ...uploads.audio.mimes];

/** The same for every number. */
export const capabilities: Capabilities = {
  parts: {
    text: { support: 'full' },
    image: { support: 'full', ...uploads.image },
    video: { support: 'full', ...uploads.video },
    audio: { support: 'full', ...uploads.audio },
    voice: { support: 'full', ...uploads.audio },
    file: { support: 'full', maxBytes: uploads.document.maxBytes, mimes: fileMimes },
    sticker: { support: 'full', ...uploads.sticker },
    location: { support: 'full' },
    contact: { support: 'full' },
    choice: { support: 'fallback', note: 'The label is sent as text.' },
    story: { support: 'fallback', note: 'Its words are sent as text.' },
    unsupported: { support: 'fallback', note: 'Its words are sent as text.' },
  },
  text: { limit: 4096, unit: 'utf16' },
  caption: { limit: 1024, unit: 'utf16' },
  captioned: ['image', 'video', 'file'],
  marks: ['bold', 'italic', 'strike', 'code', 'pre', 'quote'],
  attachmentsPerMessage: 1,
  quotes: 'full',
  reactions: 'dropped',
  edits: 'dropped',
  deletes: 'dropped',
  receipts: ['sent', 'delivered', 'read', 'failed'],
  windowHours: 24,
  // 80 a second for a number; to one person one in six seconds in the long run, with bursts.
  // https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
  rates: { channel: { count: 80, seconds: 1 }, conversation: { count: 10, seconds: 60 } },
};
