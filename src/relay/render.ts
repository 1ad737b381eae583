import type { MediaPart, Part, Quote, Referral, TextPart } from '../contract/message.ts';

const mediaKinds = new Set(['image', 'video', 'audio', 'voice', 'file', 'sticker']);

export function isMedia(part: Part): part is MediaPart {
  return mediaKinds.has(part.kind);
}

/** What a reader sees where a part cannot be shown as what it is. Never empty. */
export function standIn(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'location': {
      const place = [part.name, part.address].filter(word => word !== undefined).join(', ');
      const map = `https://www.google.com/maps?q=${part.lat},${part.lng}`;
      return place === '' ? `📍 ${map}` : `📍 ${place}\n${map}`;
    }
    case 'contact':
      return ['👤', part.name, ...part.phones, ...(part.emails ?? [])].join(' ');
    case 'choice':
      return part.label;
    case 'story':
    case 'unsupported':
      return part.text;
    default: {
      const what = part.name === undefined ? part.kind : `${part.kind}: ${part.name}`;
      return part.unavailable === undefined ? `[${what}]` : `[${what} – ${part.unavailable}]`;
    }
  }
}

/** The words of a message in one line, for quoting it. */
export function summary(parts: readonly Part[], limit = 120): string {
  const line = parts.map(standIn).join(' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}

/** Everything about a customer's message that the inbox has no better place for, as lines before its own parts. */
export function withPreface(
  parts: readonly Part[],
  about: {
    groupAuthor?: string;
    quote?: Quote;
    /** The quoted message's words, where we have them and the provider did not send them. */
    quoted?: string;
    forwardedFrom?: string;
    referral?: Referral;
  },
): Part[] {
  const lines: string[] = [];
  if (about.referral) lines.push(referralLine(about.referral));
  if (about.groupAuthor !== undefined) lines.push(`${about.groupAuthor}:`);
  if (about.forwardedFrom !== undefined) lines.push(`↪ Forwarded from ${about.forwardedFrom}`);
  const quoted = about.quote?.text ?? about.quoted;
  if (quoted !== undefined) lines.push(`> ${summary([{ kind: 'text', text: quoted }])}`);
  if (lines.length === 0) return [...parts];
  const preface: TextPart = { kind: 'text', text: lines.join('\n') };
  return [preface, ...parts];
}

function referralLine(referral: Referral): string {
  const words = [referral.title, referral.payload, referral.source, referral.url].filter(word => word !== undefined);
  return `ℹ️ Came through: ${words.join(' · ')}`;
}

export function reactionText(emoji: string | undefined, target: readonly Part[] | undefined, removed: boolean): string {
  const to = target === undefined ? '' : `: “${summary(target, 60)}”`;
  if (removed) return `Took back the reaction ${emoji ?? ''}`.trim() + to;
  return `${emoji ?? '♥'} Reacted${target === undefined ? '' : ' to'}${to}`;
}

export function editText(parts: readonly Part[]): Part[] {
  return [{ kind: 'text', text: '✏️ Edited:' }, ...parts];
}

export function deleteText(target: readonly Part[] | undefined): string {
  return target === undefined ? '🗑 Deleted a message.' : `🗑 Deleted: “${summary(target)}”`;
}
