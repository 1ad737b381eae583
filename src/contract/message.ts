/**
 * What people say to each other, in words that no provider owns.
 * Every id is a string: providers use integers beyond 2^53, base64, and free text alike.
 */

/** How many units a limit counts: JavaScript's own string length, Unicode code points, or UTF-8 bytes. */
export type TextUnit = 'utf16' | 'codepoints' | 'bytes';

export type MarkType = 'bold' | 'italic' | 'underline' | 'strike' | 'code' | 'pre' | 'quote' | 'spoiler' | 'link';

/** A stretch of formatted text. `start` and `end` (exclusive) count UTF-16 units of the text they belong to. */
export interface Mark {
  type: MarkType;
  start: number;
  end: number;
  /** Only for `link`: where it leads. */
  url?: string;
}

export interface TextPart {
  kind: 'text';
  text: string;
  /** Absent or empty: plain text. Sorted by `start`; marks may nest but never cross. */
  marks?: Mark[];
}

export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'file' | 'sticker';

export interface MediaPart {
  kind: MediaKind;
  /** Where the bytes are, in the words of the adapter that normalised the event (a file id, an address). Opaque to all others. */
  ref: string;
  /** Id in our own media store, once the relay has fetched the bytes. */
  mediaId?: string;
  /** File name as the sender gave it, where there is one. */
  name?: string;
  /** As announced by the provider: a hint until the bytes have been looked at. */
  mime?: string;
  /** Bytes, as announced. */
  size?: number;
  width?: number;
  height?: number;
  /** Playing time of audio, voice and video. */
  seconds?: number;
  /** Why the bytes cannot be had (too large, expired, refused), in words for a reader. Set: nobody tries to fetch. */
  unavailable?: string;
}

export interface LocationPart {
  kind: 'location';
  /** Degrees, WGS 84. */
  lat: number;
  lng: number;
  name?: string;
  address?: string;
}

export interface ContactPart {
  kind: 'contact';
  name: string;
  phones: string[];
  emails?: string[];
}

/** The customer pressed a button or picked from a list. */
export interface ChoicePart {
  kind: 'choice';
  /** What the customer saw on the button. */
  label: string;
  /** What the button carried for machines. */
  payload?: string;
}

/** A story mentioned or answered to, whose media may expire. */
export interface StoryPart {
  kind: 'story';
  text: string;
  ref?: string;
}

/** Something this product has no better form for. `text` is a readable stand-in and is never empty. */
export interface UnsupportedPart {
  kind: 'unsupported';
  text: string;
}

export type Part = TextPart | MediaPart | LocationPart | ContactPart | ChoicePart | StoryPart | UnsupportedPart;
export type PartKind = Part['kind'];

export type SenderKind = 'customer' | 'teammate' | 'bot' | 'business';

export interface Sender {
  /** The provider's id of the person. */
  id: string;
  kind: SenderKind;
  name?: string;
  username?: string;
  /** E.164 with a leading plus, where the channel knows it. */
  phone?: string;
  /** BCP 47, as the provider gives it. */
  language?: string;
}

/** The message that this one answers, and as much of it as the provider sent along. */
export interface Quote {
  id: string;
  text?: string;
}

/** What brought a customer here: a deep link's payload, an advertisement, a shared post. */
export interface Referral {
  payload?: string;
  source?: string;
  url?: string;
  title?: string;
}
