import { type Dict, dict, id, unixTime } from '../../kit/read.ts';
import { conversationOf } from './address.ts';
import type { ReadUpdate } from './message.ts';
import { groupOf, person } from './people.ts';

/**
 * `my_chat_member`: where the bot itself stands in a chat. A person who blocks the bot opts out and one who unblocks it
 * opts in; so does a group that removes or adds it, with the group as the contact.
 */
export const readMembership: ReadUpdate = (update, key, _config, kind) => {
  const conversation = conversationOf(update);
  const chat = dict(update.chat);
  const contact = id(chat?.id);
  const now = isIn(update.new_chat_member);
  if (conversation === undefined || contact === undefined || now === undefined) return [{ type: 'unknown', key, kind }];
  const at = unixTime(update.date);
  const isGroup = groupOf(chat) !== undefined;
  // A change of rights leaves the bot where it was; a channel is no one to write to.
  const stayed = now && isIn(update.old_chat_member) === true;
  if (stayed || (chat?.type !== 'private' && !isGroup)) return [{ type: 'ignored', key, kind, at }];
  const sender = isGroup ? undefined : person(update.from);
  return [{ type: now ? 'opted_in' : 'opted_out', key, conversation, contact, sender, at }];
};

/** Whether a `ChatMember` can be written to; undefined when it says nothing we know. */
function isIn(value: unknown): boolean | undefined {
  const member: Dict = dict(value) ?? {};
  switch (member.status) {
    case 'creator':
    case 'administrator':
    case 'member':
      return true;
    case 'restricted':
      return member.is_member !== false;
    case 'left':
    case 'kicked':
      return false;
    default:
      return undefined;
  }
}
