import type { Event } from '../../contract/event.ts';
import { type Dict, dict, id, text } from '../../kit/read.ts';
import { digitsOf } from './address.ts';
import { secondsToTime } from './envelope.ts';
import { customer } from './people.ts';

/**
 * A message of type `system`: the customer has another number, or another business-scoped id, and the conversation goes
 * on there.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system
 */
export function readSystem(message: Dict, value: Dict): Event[] {
  const key = `system:${id(message.id)}`;
  const at = secondsToTime(message.timestamp);
  const system = dict(message.system) ?? {};
  const kind = text(system.type) ?? 'system';
  const number = id(system.wa_id) ?? id(system.new_wa_id);
  if (number !== undefined) {
    const from = customer({ number: message.from, userId: message.from_user_id }, value)?.id;
    return [moved(from, digitsOf(number) ?? number, at) ?? { type: 'ignored', key, kind, at }];
  }
  const userId = id(system.user_id);
  // The former id is told nowhere else.
  const from = id(message.from_user_id) ?? / from ([A-Z]{2}\.[\w.]+) to /.exec(text(system.body) ?? '')?.[1];
  return [moved(from, userId, at) ?? { type: 'ignored', key, kind, at }];
}

/** The field `user_id_update` tells the same as a system message, in a form that needs no reading of sentences. */
export function readUserIdUpdate(update: Dict): Event[] {
  const ids = dict(update.user_id);
  const move = moved(id(ids?.previous), id(ids?.current), secondsToTime(update.timestamp));
  return move ? [move] : [];
}

/** The key is the same wherever the move is told, so that it is made once. */
function moved(from: string | undefined, to: string | undefined, at: string | undefined): Event | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  return { type: 'chat_migrated', key: `migrated:${from}:${to}`, from, to, at };
}
