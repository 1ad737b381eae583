import type { Capabilities, PartSupport } from '../../contract/capabilities.ts';
import { largestFile, mostFiles } from './compose.ts';

/** Anything goes up to the size; what a browser cannot show, a teammate downloads. */
const file: PartSupport = { support: 'full', maxBytes: largestFile };

/** UTF-16 units. The specification names no limit; longer texts are cut. */
const text = { limit: 60_000, unit: 'utf16' } as const;

/** What can be carried into Intercom on behalf of a customer. */
export const capabilities: Capabilities = {
  parts: {
    text: {
      support: 'partial',
      note: 'Plain text: Intercom takes no formatting from contacts. Links are written out.',
    },
    image: file,
    video: file,
    audio: file,
    file,
    voice: { ...file, support: 'partial', note: 'Arrives as an audio file.' },
    sticker: { ...file, support: 'partial', note: 'Arrives as an image or file.' },
    location: { support: 'fallback', note: 'Becomes text with a link to the map.' },
    contact: { support: 'fallback', note: 'Becomes text with name, numbers and addresses.' },
    choice: { support: 'fallback', note: 'Becomes the words on the button.' },
    story: { support: 'fallback', note: 'Becomes text.' },
    unsupported: { support: 'fallback', note: 'Becomes the text that stands for it.' },
  },
  text,
  caption: text,
  marks: [],
  attachmentsPerMessage: mostFiles,
  quotes: 'fallback',
  reactions: 'fallback',
  edits: 'fallback',
  deletes: 'fallback',
  receipts: [],
  // 10,000 calls a minute, spread over windows of ten seconds; a delivery takes one call, at times two.
  rates: { channel: { count: 800, seconds: 10 } },
};
