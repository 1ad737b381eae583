import type { RawReply, RawRequest } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import { text } from '../../kit/read.ts';
import { sha256 } from '../../kit/signatures.ts';
import { carriesJson, fieldsOf } from './fields.ts';
import { readMessage } from './message.ts';
import { readStatus } from './status.ts';

/**
 * The events of one webhook: a message that came in, or a status of one that went out. Nothing in it says when, so the
 * time of receipt stands.
 * @see https://www.twilio.com/docs/messaging/guides/webhook-request
 */
export function normalise(request: RawRequest): Event[] {
  if (carriesJson(request)) return [{ type: 'unknown', key: `body:${sha256(request.body)}`, kind: 'JSON body' }];
  const fields = fieldsOf(request);
  const sid = text(fields.get('MessageSid')) ?? text(fields.get('SmsSid'));
  if (sid === undefined) {
    return [{ type: 'unknown', key: `fields:${sha256(fields.toString())}`, kind: 'request without MessageSid' }];
  }
  const status = outgoingStatus(fields);
  return status === undefined ? readMessage(sid, fields) : readStatus(sid, status, fields);
}

/**
 * A message that came in is answered with empty TwiML: any text in the answer would be sent to the customer, and no TwiML
 * at all is a warning in the account's log. Status callbacks want no answer.
 * @see https://www.twilio.com/docs/messaging/twiml
 */
export function handshake(request: RawRequest): RawReply | undefined {
  if (carriesJson(request) || outgoingStatus(fieldsOf(request)) !== undefined) return undefined;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response/>' };
}

/** The status of a message that went out; undefined for one that came in, whose status is that it was received. */
function outgoingStatus(fields: URLSearchParams): string | undefined {
  const status = text(fields.get('MessageStatus')) ?? text(fields.get('SmsStatus'));
  return status === 'received' || status === 'receiving' ? undefined : status;
}
