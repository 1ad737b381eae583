import type { Event, ReceiptEvent, ReceiptStatus } from '../../contract/event.ts';
import { phoneAddress } from '../../kit/phone.ts';
import { text } from '../../kit/read.ts';
import { failureOfCode } from './failures.ts';

/**
 * What each status tells. `undelivered` is the carrier's refusal and `failed` Twilio's; `canceled` was stopped in Twilio
 * before it left. Those left out (accepted, scheduled, queued, sending) say nothing new, and new words may come.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
 */
const receiptOf: ReadonlyMap<string, ReceiptStatus> = new Map([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

/** A status callback. They come in any order, more than once, and before the call that sent has its answer. */
export function readStatus(sid: string, word: string, fields: URLSearchParams): Event[] {
  const key = `status:${sid}:${word}`;
  const status = receiptOf.get(word);
  if (status === undefined) return [{ type: 'ignored', key, kind: word }];
  const to = text(fields.get('To')?.trim());
  const conversation = to === undefined ? undefined : phoneAddress(to);
  const receipt: ReceiptEvent = { type: 'receipt', key, id: sid, status, conversation };
  if (status !== 'failed') return [receipt];

  const failure = failureOfCode(text(fields.get('ErrorCode')), { word, message: text(fields.get('ErrorMessage')) });
  const failed: ReceiptEvent = { ...receipt, failure };
  if (failure.class !== 'opted_out' || conversation === undefined) return [failed];
  return [failed, { type: 'opted_out', key: `opted_out:${sid}`, conversation, contact: conversation }];
}
