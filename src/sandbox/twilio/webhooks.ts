import { randomUUID } from 'node:crypto';
import type { Delivery } from '../types.ts';
import type { Account } from './account.ts';
import { answer } from './inbound.ts';
import type { Line } from './line.ts';

interface Notice {
  /** The message's status: `received`, `sent`. */
  operation: string;
  /** Notices of one lane leave one after another; a failed one holds nothing back. */
  lane: string;
  /** Undefined: posted nowhere. */
  url: string | undefined;
  form: Readonly<Record<string, string>>;
  answered?(answer: { type: string; body: string }): void;
}

/** Posts a form, signed for the address exactly as it was configured; connection overrides after `#` never travel. */
export function postNotice(account: Account, { operation, lane, url: configured, form, answered }: Notice): Delivery {
  const url = configured?.split('#')[0];
  const body = new URLSearchParams(form).toString();
  const token = randomUUID();
  return account.core.outbox[url === undefined ? 'drop' : 'post']({
    vendor: 'twilio',
    account: account.sid,
    operation,
    lane: `twilio:${account.sid}:${lane}`,
    payload: form,
    render: () => ({
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'user-agent': 'TwilioProxy/1.1',
        'i-twilio-idempotency-token': token,
        'x-twilio-signature': account.signer(account.authToken, url ?? '', form),
      },
    }),
    target: () => url,
    retry: { tries: 2, delay: account.core.redelivery.twilio?.delay ?? 200, blocking: false, unconnectedOnly: true },
    ...(answered ? { answered } : {}),
  });
}

/** Posts an incoming message where the line's messages go, and does what the answer says. */
export function postInbound(line: Line, from: string, form: Readonly<Record<string, string>>): Delivery {
  if (line.smsMethod === 'GET') line.account.violate('received', 'SmsMethod is GET, and the double only posts');
  return postNotice(line.account, {
    operation: 'received',
    lane: `${line.address}:${from}`,
    url: line.inboundUrl,
    form,
    answered: given => answer(line, from, given),
  });
}
