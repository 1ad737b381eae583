import type { Event, Group, MessageEvent } from '../../contract/event.ts';
import type { Sender } from '../../contract/message.ts';
import { type Dict, dict, id, text } from '../../kit/read.ts';
import { groupAddress } from './address.ts';
import { forwardedFrom, partsOf, quoteOf, referralOf } from './content.ts';
import { type Change, secondsToTime } from './envelope.ts';
import { customer } from './people.ts';
import { readSystem } from './system.ts';

/** Who speaks in which conversation. */
interface Scene {
  /** Message id. */
  id: string;
  conversation: string;
  at?: string;
  sender: Sender;
  group?: Group;
}

/** A message from a customer. Its `wamid` is the event's key, because Meta repeats a message under its own id only. */
export function readMessage(message: Dict, { value }: Change): Event[] {
  const messageId = id(message.id);
  const at = secondsToTime(message.timestamp);
  if (messageId === undefined) return [];
  if (message.type === 'system') return readSystem(message, value);

  const sender = customer({ number: message.from, userId: message.from_user_id }, value);
  if (!sender) return [{ type: 'unknown', key: messageId, kind: 'message without a sender', at }];
  const groupId = id(message.group_id);
  // Meta names no group's subject in a message; the inbox needs something to call it.
  const group = groupId === undefined ? undefined : { id: groupAddress(groupId), name: 'WhatsApp group' };
  const scene = { id: messageId, conversation: group?.id ?? sender.id, at, sender, group };
  return change(message, scene) ?? [{ type: 'message', ...said(message, scene) }];
}

/**
 * What the business itself wrote in the WhatsApp Business app, on a number that is used in both ("coexistence"). The
 * conversation is its recipient's.
 */
export function readEcho(message: Dict, { value }: Change): Event[] {
  const messageId = id(message.id);
  if (messageId === undefined) return [];
  const at = secondsToTime(message.timestamp);
  const recipient = customer({ number: message.to, userId: message.to_user_id }, value);
  if (!recipient) return [{ type: 'unknown', key: messageId, kind: 'echo without a recipient', at }];
  const sender: Sender = { id: id(message.from) ?? 'business', kind: 'business' };
  const scene = { id: messageId, conversation: recipient.id, at, sender };
  return change(message, scene) ?? [{ type: 'echo', ...said(message, scene) }];
}

function said(message: Dict, scene: Scene): Omit<MessageEvent, 'type'> {
  return {
    key: scene.id,
    ...scene,
    parts: partsOf(message),
    replyTo: quoteOf(message),
    referral: referralOf(message),
    forwardedFrom: forwardedFrom(message),
  };
}

/** For the types that say something about another message; undefined for all others. */
function change(message: Dict, { id: own, group: _, ...scene }: Scene): Event[] | undefined {
  const type = text(message.type) ?? '';
  const key = `${type}:${own}`;
  const content = dict(message[type]);
  const target = text(content?.message_id) ?? text(content?.original_message_id);
  switch (type) {
    case 'reaction': {
      if (target === undefined) return [{ type: 'unknown', key, kind: type }];
      // A reaction that is taken back comes without an emoji, in older versions with an empty one.
      const emoji = text(content?.emoji);
      return [
        emoji
          ? { type: 'reaction', key, ...scene, id: target, emoji }
          : { type: 'reaction_removed', key, ...scene, id: target },
      ];
    }
    case 'edit': {
      const edited = dict(content?.message);
      if (target === undefined || !edited) return [{ type: 'unknown', key, kind: type }];
      return [{ type: 'edit', key, ...scene, id: target, parts: partsOf(edited) }];
    }
    case 'revoke':
      return [
        target === undefined ? { type: 'unknown', key, kind: type } : { type: 'delete', key, ...scene, id: target },
      ];
    default:
      return undefined;
  }
}
