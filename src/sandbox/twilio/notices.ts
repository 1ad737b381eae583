import { randomUUID } from 'node:crypto';
import type { Delivery } from '../types.ts';
import type { Account } from './account.ts';

interface Notice {
  /** The message's status: `received`, `sent`. */
  operation: string;
  /** Notices of one lane set out one after another; a failed one holds nothing back. */
  lane: string;
  /** Undefined: it is posted nowhere. */
  url: string | undefined;
  form: Readonly<Record<string, string>>;
  /** Told of what a 2xx answer says. */
  answered?(answer: { type: string; body: string }): void;
}

/**
 * Posts a form, signed for the address exactly as it was configured; connection overrides behind a `#` do not travel.
 * Where no connection is made it is tried once more, and after any other failure it is lost, as with the vendor's defaults.
 */
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
