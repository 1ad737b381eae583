/** How a text travels as SMS. */
export interface SmsLength {
  /** `gsm7` where every character is in the GSM alphabet; a single other one turns the whole text into `ucs2`. */
  encoding: 'gsm7' | 'ucs2';
  /** What the encoding counts: septets, or UTF-16 units. */
  units: number;
  /** Messages that the carriers send and bill. */
  segments: number;
  /** Units that one segment holds: fewer in a text of several, where each carries its place in the whole. */
  perSegment: number;
}

/** 3GPP TS 23.038, 6.2.1: the default alphabet without its escape character. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** 3GPP TS 23.038, 6.2.1.1: each of these is an escape character and one more. */
const extension = new Set('\f^{}\\[~]|€');

const capacities = { gsm7: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const;

/**
 * Counts the segments of an SMS. Two units that make one character (an escaped one, an emoji) stay in one segment, which
 * can leave a unit of the segment before it empty.
 */
export function smsLength(text: string): SmsLength {
  const characters = Array.from(text);
  const encoding = characters.every(character => basic.has(character) || extension.has(character)) ? 'gsm7' : 'ucs2';
  const sizes = characters.map(character => (encoding === 'ucs2' ? character.length : basic.has(character) ? 1 : 2));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, joined } = capacities[encoding];
  if (units <= alone) return { encoding, units, segments: 1, perSegment: alone };
  return { encoding, units, segments: filled(sizes, joined), perSegment: joined };
}

function filled(sizes: readonly number[], perSegment: number): number {
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > perSegment) {
      segments++;
      used = 0;
    }
    used += size;
  }
  return segments;
}
