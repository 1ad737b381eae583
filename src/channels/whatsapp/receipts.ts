import type { Event, ReceiptStatus } from '../../contract/event.ts';
import { type Dict, id, list, text } from '../../kit/read.ts';
import { digitsOf, groupAddress } from './address.ts';
import { secondsToTime } from './envelope.ts';
import { failureOfStatus } from './failures.ts';

const fates: ReadonlyMap<string, ReceiptStatus> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  // A voice message that was listened to.
  ['played', 'read'],
  ['failed', 'failed'],
]);

/**
 * News of a message that was sent. They come in any order and more than once; the relay ranks them.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
 */
export function readStatus(status: Dict): Event[] {
  const messageId = id(status.id);
  const word = text(status.status);
  if (messageId === undefined || word === undefined) return [];
  const key = `status:${messageId}:${word}`;
  const at = secondsToTime(status.timestamp);
  const fate = fates.get(word);
  if (fate === undefined) return [{ type: 'ignored', key, kind: `status ${word}`, at }];
  // One member whom a message did not reach is no failure of the message to the group.
  if (fate === 'failed' && isMembers(status))
    return [{ type: 'ignored', key, kind: 'status failed for one member', at }];
  const failure = fate === 'failed' ? failureOfStatus(list(status.errors)[0]) : undefined;
  return [{ type: 'receipt', key, id: messageId, status: fate, at, conversation: recipientOf(status), failure }];
}

/** In a group each member has a status of their own. */
function isMembers(status: Dict): boolean {
  return id(status.recipient_participant_id) !== undefined || id(status.recipient_participant_user_id) !== undefined;
}

function recipientOf(status: Dict): string | undefined {
  const recipient = id(status.recipient_id);
  if (status.recipient_type === 'group' && recipient !== undefined) return groupAddress(recipient);
  return digitsOf(recipient) ?? recipient ?? id(status.recipient_user_id);
}
