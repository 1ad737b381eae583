import type { Capabilities, PartSupport } from '../contract/capabilities.ts';
import type { Failure } from '../contract/failure.ts';
import type { MediaPart, Part, PartKind, TextPart } from '../contract/message.ts';
import { keepMarks, measure, splitText } from '../kit/text.ts';
import { isMedia, standIn } from './render.ts';

export interface Fit {
  /** What to send, one provider call each, in order. */
  pieces: Part[][];
  /** What was changed on the way, in sentences for the teammate. */
  notices: string[];
  /** Set when the channel refuses a part: nothing is sent. */
  refused?: Failure;
}

/**
 * Cuts a message to what the other side can carry: text is split and loses what formatting it must, attachments travel with
 * their caption where that is possible, and what cannot be carried becomes text or a link.
 * @param link makes an address for an attachment that has to go as text.
 */
export function cutToFit(parts: readonly Part[], capabilities: Capabilities, link: (part: MediaPart) => string): Fit {
  const notices = new Set<string>();
  const carried: Part[] = [];
  for (const part of parts) {
    const support = supportOf(part, capabilities);
    if (support.support === 'rejected') {
      const message = support.note ?? `This channel does not take ${words[part.kind]}.`;
      return { pieces: [], notices: [], refused: { class: isMedia(part) ? 'media' : 'content', message } };
    }
    if (support.support === 'dropped') {
      notices.add(support.note ?? `${capital(words[part.kind])} cannot be sent on this channel and was left out.`);
    } else if (support.support === 'fallback') {
      if (isMedia(part) && part.unavailable === undefined)
        notices.add(support.note ?? `${capital(words[part.kind])} was sent as a link.`);
      carried.push({ kind: 'text', text: fallbackText(part, link) });
    } else {
      if (support.support === 'partial' && support.note !== undefined) notices.add(support.note);
      carried.push(part);
    }
  }
  return { pieces: arrange(carried, capabilities), notices: [...notices] };
}

/** What becomes of this very part: a kind that is carried in general may still be too large or of a type that is not. */
function supportOf(part: Part, capabilities: Capabilities): PartSupport {
  const support = capabilities.parts[part.kind];
  if (!isMedia(part)) return support;
  if (part.unavailable !== undefined) return { support: 'fallback' };
  if (support.support === 'rejected' || support.support === 'dropped' || support.support === 'fallback') return support;
  if (support.maxBytes !== undefined && part.size !== undefined && part.size > support.maxBytes) {
    return {
      support: 'fallback',
      note: `${part.name ?? capital(words[part.kind])} is too large for this channel and was sent as a link.`,
    };
  }
  if (support.mimes && part.mime !== undefined && !support.mimes.some(pattern => matches(pattern, part.mime ?? ''))) {
    // Most channels take as a file what they cannot show.
    const asFile = capabilities.parts.file;
    const takesFile =
      part.kind !== 'file' && (asFile.mimes === undefined || asFile.mimes.some(p => matches(p, part.mime ?? '')));
    if (takesFile && (asFile.support === 'full' || asFile.support === 'partial')) return { ...asFile, support: 'full' };
    return {
      support: 'fallback',
      note: `This channel does not take files of type ${part.mime}; it was sent as a link.`,
    };
  }
  return support;
}

function matches(pattern: string, mime: string): boolean {
  return pattern.endsWith('/*') ? mime.startsWith(pattern.slice(0, -1)) : pattern === mime;
}

/** Groups parts into provider calls without changing their order. */
function arrange(parts: readonly Part[], capabilities: Capabilities): Part[][] {
  const pieces: Part[][] = [];
  const rest = joinTexts(parts).map(part => (part.kind === 'text' ? keepMarks(part, capabilities.marks) : part));
  while (rest.length > 0) {
    const media = takeMedia(rest, capabilities.attachmentsPerMessage);
    if (media.length > 0) {
      const caption = rest[0];
      const captionable = media.every(part => capabilities.captioned?.includes(part.kind) ?? true);
      if (caption?.kind === 'text' && captionable && fitsCaption(caption, capabilities)) {
        rest.shift();
        pieces.push([...media, caption]);
      } else pieces.push(media);
      continue;
    }
    const part = rest.shift();
    if (part?.kind === 'text') pieces.push(...textPieces(part, rest, capabilities));
    else if (part) pieces.push([part]);
  }
  return pieces;
}

/** A text stands alone, or becomes the caption of the one attachment behind it. */
function textPieces(text: TextPart, rest: Part[], capabilities: Capabilities): Part[][] {
  const next = rest[0];
  const alone = rest[1];
  if (next && isMedia(next) && fitsCaption(text, capabilities) && (!alone || !isMedia(alone))) {
    const captionable = capabilities.captioned?.includes(next.kind) ?? true;
    // A text behind the attachment is the nearer caption, so only a text in front of a last attachment moves into it.
    if (captionable && !alone) {
      rest.shift();
      return [[next, text]];
    }
  }
  return splitText(text, capabilities.text).map(piece => [piece]);
}

function takeMedia(rest: Part[], most: number): MediaPart[] {
  const media: MediaPart[] = [];
  for (let next = rest[0]; next && isMedia(next) && media.length < most; next = rest[0]) {
    media.push(next);
    rest.shift();
  }
  return media;
}

function fitsCaption(text: TextPart, capabilities: Capabilities): boolean {
  return capabilities.caption !== false && measure(text.text, capabilities.caption.unit) <= capabilities.caption.limit;
}

/** Neighbouring texts are one text to the reader. */
function joinTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind !== 'text' || last?.kind !== 'text') {
      joined.push(part);
      continue;
    }
    const offset = last.text.length + 1;
    const shifted = (part.marks ?? []).map(mark => ({ ...mark, start: mark.start + offset, end: mark.end + offset }));
    joined[joined.length - 1] = {
      kind: 'text',
      text: `${last.text}\n${part.text}`,
      marks: [...(last.marks ?? []), ...shifted],
    };
  }
  return joined.filter(part => part.kind !== 'text' || part.text.trim() !== '');
}

function fallbackText(part: Part, link: (part: MediaPart) => string): string {
  if (isMedia(part) && part.unavailable === undefined) return `${part.name ?? standIn(part)}\n${link(part)}`;
  return standIn(part);
}

const words: Readonly<Record<PartKind, string>> = {
  text: 'text',
  image: 'an image',
  video: 'a video',
  audio: 'an audio file',
  voice: 'a voice note',
  file: 'a file',
  sticker: 'a sticker',
  location: 'a location',
  contact: 'a contact card',
  choice: 'a button press',
  story: 'a story',
  unsupported: 'this kind of message',
};

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
