import type { Capabilities, RateLimit, Support, TextLimit } from '../../contract/capabilities.ts';
import type { PartKind, TextUnit } from '../../contract/message.ts';
import { bytes, listed, table } from './markdown.ts';

const support: Readonly<Record<Support, string>> = {
  full: 'whole',
  partial: 'in part',
  fallback: 'as text or link',
  dropped: 'left out',
  rejected: 'refused',
};

const parts: Readonly<Record<PartKind, string>> = {
  text: 'Text',
  image: 'Picture',
  video: 'Video',
  audio: 'Recording',
  voice: 'Voice note',
  file: 'File',
  sticker: 'Sticker',
  location: 'Location',
  contact: 'Contact card',
  choice: 'Choice from buttons or a list',
  story: 'Story',
  unsupported: 'Anything else',
};

const units: Readonly<Record<TextUnit, string>> = { utf16: 'UTF-16 units', codepoints: 'characters', bytes: 'bytes' };

/** What a channel or platform can carry out, as the relay obeys it: one table of parts, one of everything else. */
export function capabilityTables(can: Capabilities): string {
  return `${partTable(can)}

${table(['Besides', ''], besides(can))}

What is too long is divided; what is too large or of another type becomes a link or words; what is refused is refused before
anything is sent, with the reason.`;
}

function partTable(can: Capabilities): string {
  const rows = Object.entries(parts).map(([kind, label]) => {
    const { support: how, maxBytes, mimes, note } = can.parts[kind as PartKind];
    const types = mimes?.map(mime => `\`${mime}\``).join(', ') ?? (maxBytes === undefined ? '' : 'any');
    return [label, support[how], maxBytes === undefined ? '' : bytes(maxBytes), types, note ?? ''];
  });
  return table(['Part', 'Carried', 'Largest', 'Types', 'Note'], rows);
}

function besides(can: Capabilities): string[][] {
  const captioned = can.captioned?.map(kind => parts[kind].toLowerCase());
  const captions = can.caption === false ? 'none: text goes separately' : limit(can.caption);
  return [
    ['Length of a text', limit(can.text)],
    ['Length of a caption', `${captions}${can.caption && captioned ? `, with ${listed(captioned)}` : ''}`],
    ['Formatting', can.marks.length === 0 ? 'none: written out as plain text' : listed(can.marks)],
    ['Attachments of a message', String(can.attachmentsPerMessage)],
    ['Quotes', support[can.quotes]],
    ['Reactions', support[can.reactions]],
    ['Edits', support[can.edits]],
    ['Deletions', support[can.deletes]],
    ['Receipts', can.receipts.length === 0 ? 'none' : listed(can.receipts)],
    [
      'Time for a reply',
      can.windowHours === undefined ? 'any' : `${can.windowHours} hours after the customer’s last message`,
    ],
    ...(can.messageOptsIn ? [['Opting out', 'lifted when the customer writes again']] : []),
    ...(can.rates?.channel ? [['Rate, in all', rate(can.rates.channel)]] : []),
    ...(can.rates?.conversation ? [['Rate, a conversation', rate(can.rates.conversation)]] : []),
  ];
}

function limit({ limit, unit }: TextLimit): string {
  return `${limit.toLocaleString('en')} ${units[unit]}`;
}

function rate({ count, seconds }: RateLimit): string {
  return `${count.toLocaleString('en')} in ${seconds === 1 ? 'a second' : `${seconds} seconds`}`;
}
