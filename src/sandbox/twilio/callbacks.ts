import type { Delivery } from '../types.ts';
import type { Message } from './message.ts';
import { postNotice } from './notices.ts';

/** Posts a message's present status to the address that asked for it. */
export function reportStatus(message: Message): Delivery {
  const { account, sid, status, serviceSid, errorCode } = message;
  return postNotice(account, {
    operation: status,
    lane: sid,
    url: message.statusCallback,
    form: {
      SmsSid: sid,
      MessageSid: sid,
      SmsStatus: status,
      MessageStatus: status,
      To: message.to,
      From: message.from ?? '',
      AccountSid: account.sid,
      ApiVersion: '2010-04-01',
      ...(serviceSid === undefined ? {} : { MessagingServiceSid: serviceSid }),
      ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
      ...(status === 'delivered' ? { RawDlrDoneDate: minute(account.core.now()) } : {}),
    },
  });
}

/** `YYMMDDhhmm`, as carriers write times. */
function minute(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(2, 12);
}
