import type { Failure } from '../../contract/failure.ts';
import { type Dict, dict, text } from '../../kit/read.ts';
import { type Answer, accountUrl, type Caller, callApi, entries, serviceUrl } from './api.ts';
import type { Origin } from './origin.ts';

/** A number or short code of the account: what its resource says about where messages to it go. */
export interface Receiver {
  /** Its own address in the REST API. */
  url: string;
  sid: string;
  smsUrl?: string;
  /** A TwiML application, which Twilio asks instead of `smsUrl`. */
  application?: string;
  mms?: boolean;
}

/**
 * Finds a number or short code in the account; `receiver` is absent where the account has no such one.
 * @see https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export async function findReceiver(
  { kind, value }: Origin,
  caller: Caller,
): Promise<{ receiver?: Receiver } | { failure: Failure }> {
  const isNumber = kind === 'number';
  const path = isNumber ? '/IncomingPhoneNumbers' : '/SMS/ShortCodes';
  const query: Record<string, string> = isNumber ? { PhoneNumber: value } : { ShortCode: value };
  const answer = await callApi(caller, { url: accountUrl(caller.config, path), query });
  if (!answer.ok) return { failure: answer.failure };
  const found = entries(isNumber ? answer.body.incoming_phone_numbers : answer.body.short_codes).find(
    entry => (isNumber ? entry.phone_number : entry.short_code) === value,
  );
  const sid = text(found?.sid);
  if (!found || sid === undefined) return {};
  return { receiver: { url: accountUrl(caller.config, `${path}/${sid}`), sid, ...stateOf(found) } };
}

function stateOf(resource: Dict): Pick<Receiver, 'smsUrl' | 'application' | 'mms'> {
  const mms = dict(resource.capabilities)?.mms;
  return {
    smsUrl: text(resource.sms_url),
    application: text(resource.sms_application_sid),
    mms: typeof mms === 'boolean' ? mms : undefined,
  };
}

/** Has Twilio post the messages of a receiver to an address, or to nowhere. An empty value clears a field. */
export function pointTo(url: string, receiver: Receiver, caller: Caller): Promise<Answer> {
  return callApi(caller, {
    url: receiver.url,
    form: [
      ['SmsUrl', url],
      ['SmsMethod', 'POST'],
      ...(receiver.application === undefined ? [] : [['SmsApplicationSid', ''] as const]),
    ],
    idempotent: true,
  });
}

/**
 * The messaging service that takes a number's incoming messages for itself, by name; undefined where there is none. US
 * registration puts numbers into a service, so this is common and easily overlooked. Where the credentials may not read
 * services nothing is known, and nothing is said.
 * @see https://www.twilio.com/docs/messaging/api/service-resource
 */
export async function serviceBefore(
  receiver: Receiver,
  webhookUrl: string,
  caller: Caller,
): Promise<string | undefined> {
  const answer = await callApi(caller, { url: serviceUrl(''), query: { PageSize: '50' } });
  const services = answer.ok ? entries(answer.body.services) : [];
  for (const service of services) {
    const sid = text(service.sid);
    if (sid === undefined || service.use_inbound_webhook_on_number === true) continue;
    if (service.inbound_request_url === webhookUrl) continue;
    const member = await callApi(caller, { url: serviceUrl(`/${sid}/PhoneNumbers/${receiver.sid}`) });
    if (member.ok) return text(service.friendly_name) ?? sid;
  }
  return undefined;
}
