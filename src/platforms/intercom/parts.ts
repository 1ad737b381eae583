import type { DeleteEvent, MessageEvent } from '../../contract/event.ts';
import type { Sender } from '../../contract/message.ts';
import { type Dict, dict, id, list, number, text, unixTime } from '../../kit/read.ts';
import { readBody } from './body.ts';
import { dicts } from './dicts.ts';

/** Where a part stands: the thread, and what kind of notification told of it. */
export interface PartSetting {
  conversation: string;
  /** Whether text in a part that closes, opens or assigns is meant for the customer. */
  statePartsSpeak: boolean;
}

/** The parts of a conversation or ticket, oldest first. The item of a notification can also be one part itself. */
export function partsOf(item: Dict): Dict[] {
  const parts = [
    item.type === 'conversation_part' ? item : undefined,
    ...list(dict(item.conversation_parts)?.conversation_parts),
    ...list(dict(item.ticket_parts)?.ticket_parts),
    item.conversation_part,
    item.ticket_part,
  ];
  return dicts(parts).sort(byAge);
}

/** By time, and within one second by id: a teammate can send several parts in a second, and ids only grow. */
function byAge(a: Dict, b: Dict): number {
  return (number(a.created_at) ?? 0) - (number(b.created_at) ?? 0) || compareIds(id(a.id) ?? '', id(b.id) ?? '');
}

/**
 * What a part means for the customer, if anything: a message, or the withdrawal of one. Whatever is not known to be meant
 * for the customer stays inside.
 */
export function partEvent(part: Dict, setting: PartSetting): MessageEvent | DeleteEvent | undefined {
  const partId = id(part.id);
  const sender = senderOf(dict(part.author));
  if (partId === undefined || sender === undefined) return undefined;
  if (part.redacted === true) return part.part_type === 'note' ? undefined : redaction(partId, setting.conversation);
  if (!isSpoken(part.part_type, setting)) return undefined;
  const parts = readBody(part);
  const at = unixTime(part.created_at);
  if (parts.length === 0) return undefined;
  return {
    type: 'message',
    // The part's own id: one part can be told of under several topics.
    key: `part:${partId}`,
    id: partId,
    conversation: setting.conversation,
    sender,
    parts,
    ...(at === undefined ? {} : { at }),
  };
}

/** A part whose content was taken away in the inbox. */
export function redaction(partId: string, conversation: string): DeleteEvent {
  return { type: 'delete', key: `redacted:${partId}`, id: partId, conversation };
}

/** Who answers the customer: a teammate, a team, a workflow or Fin. Undefined for the customer's own side and for strangers. */
export function senderOf(author: Dict | undefined): Sender | undefined {
  const type = text(author?.type);
  if (author === undefined || (type !== 'admin' && type !== 'team' && type !== 'bot')) return undefined;
  const name = text(author.name);
  const kind = type === 'bot' || author.from_ai_agent === true ? 'bot' : 'teammate';
  return { id: id(author.id) ?? type, kind, ...(name === undefined ? {} : { name }) };
}

/**
 * Reply-and-close, a reply on a closed conversation and reply-and-assign each make one part of type `close`, `open` or
 * `assignment` that carries the text; no `comment` part exists then.
 */
function isSpoken(partType: unknown, setting: PartSetting): boolean {
  switch (partType) {
    case 'comment':
    case 'quick_reply':
      return true;
    case 'close':
    case 'open':
    case 'assignment':
      return setting.statePartsSpeak;
    default:
      return false;
  }
}

/** Ids are decimal numbers of any length, written as text. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
