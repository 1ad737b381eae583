import type { Context } from '../../contract/adapter.ts';
import type { MediaPart, Part } from '../../contract/message.ts';
import { plainText } from '../../kit/text.ts';
import { messageLimit } from './capabilities.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/** What a message says, in Twilio's terms. */
export interface Composed {
  body: string;
  mediaUrls: string[];
}

/**
 * Twilio fetches attachments from an address, as many as fit into one MMS together; those that do not are linked in the
 * text, which is better than a message that is refused.
 */
export function compose(parts: readonly Part[], { media }: Pick<Context<TwilioSmsConfig>, 'media'>): Composed {
  const lines: string[] = [];
  const mediaUrls: string[] = [];
  let bytes = 0;
  for (const part of parts) {
    const words = wordsOf(part);
    if (words !== undefined) {
      lines.push(words);
    } else if (isMedia(part)) {
      bytes += part.size ?? 0;
      if (bytes <= messageLimit) mediaUrls.push(media.link(part));
      else lines.push([part.name, media.link(part)].filter(word => word !== undefined).join('\n'));
    }
  }
  return { body: lines.join('\n'), mediaUrls };
}

/** The words of what is no attachment; the relay has written out what SMS has no form for. */
function wordsOf(part: Part): string | undefined {
  switch (part.kind) {
    case 'text':
      return plainText(part);
    case 'choice':
      return part.label;
    case 'story':
    case 'unsupported':
      return part.text;
    case 'location':
      return [part.name, part.address, `${part.lat}, ${part.lng}`].filter(word => word !== undefined).join('\n');
    case 'contact':
      return [part.name, ...part.phones, ...(part.emails ?? [])].join('\n');
    default:
      return undefined;
  }
}

function isMedia(part: Part): part is MediaPart {
  return 'ref' in part && part.kind !== 'story';
}
