import type { Capabilities } from '../../contract/capabilities.ts';

/** Bytes of the largest file a bot may upload. @see https://core.telegram.org/bots/api#sending-files */
export const uploadLimit = 50 * 1024 * 1024;

/** Bytes of the largest picture that Telegram shows as a photo; a larger one goes as a document. */
export const photoLimit = 10 * 1024 * 1024;

const whole = { support: 'full', maxBytes: uploadLimit } as const;

/** The same for every bot. */
export const capabilities: Capabilities = {
  parts: {
    text: { support: 'full' },
    image: { ...whole, note: 'JPEG, PNG and WebP up to 10 MB are shown as photos; other pictures go as files.' },
    video: { ...whole, note: 'MP4 plays in the chat; other videos go as files.' },
    audio: { ...whole, note: 'MP3 and M4A play in the chat; other recordings go as files.' },
    voice: { ...whole, note: 'OGG, MP3 and M4A are shown as voice messages; other recordings go as files.' },
    file: whole,
    sticker: { ...whole, note: 'WebP, TGS and WebM are shown as stickers; other pictures go as photos or files.' },
    location: { support: 'full' },
    contact: {
      support: 'partial',
      note: 'Telegram takes one telephone number; further numbers and mail are left out.',
    },
    choice: { support: 'fallback', note: 'The label is sent as text.' },
    story: { support: 'fallback', note: 'Its words are sent as text.' },
    unsupported: { support: 'fallback', note: 'Its words are sent as text.' },
  },
  text: { limit: 4096, unit: 'utf16' },
  caption: { limit: 1024, unit: 'utf16' },
  captioned: ['image', 'video', 'audio', 'voice', 'file'],
  marks: ['bold', 'italic', 'underline', 'strike', 'code', 'pre', 'quote', 'spoiler', 'link'],
  // One by one: an album that fails half-way through its upload could not be repeated without doubling items.
  attachmentsPerMessage: 1,
  quotes: 'full',
  reactions: 'dropped',
  edits: 'dropped',
  deletes: 'dropped',
  receipts: [],
  messageOptsIn: true,
  // About one message a second and chat with short bursts, and thirty a second in all.
  // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
  rates: { channel: { count: 30, seconds: 1 }, conversation: { count: 3, seconds: 3 } },
};
