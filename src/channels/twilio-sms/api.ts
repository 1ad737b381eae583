import type { Context, HttpRequest } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { FailureError } from '../../kit/failure.ts';
import { type Dict, dict, list } from '../../kit/read.ts';
import { failureFrom } from './failures.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/** The part of a context that a call needs. */
export type Caller = Pick<Context<TwilioSmsConfig>, 'config' | 'http'>;

/** One call. With `form` it is a POST; names may repeat. */
export interface Call {
  url: string;
  query?: Readonly<Record<string, string>>;
  form?: readonly (readonly [name: string, value: string])[];
  /** True for calls that may be repeated without harm. */
  idempotent?: boolean;
  /** The Auth Token itself, even where there is an API key: a standard key may not read the account. */
  withAuthToken?: boolean;
}

export type Answer = { ok: true; body: Dict } | { ok: false; failure: Failure };

/** The address of the account, or of something in it. @see https://www.twilio.com/docs/usage/api */
export function accountUrl({ accountSid }: TwilioSmsConfig, path = ''): string {
  return `https://api.twilio.com/2010-04-01/Accounts/${accountSid}${path}.json`;
}

/** @see https://www.twilio.com/docs/messaging/api/service-resource */
export function serviceUrl(path: string): string {
  return `https://messaging.twilio.com/v1/Services${path}`;
}

/** Calls the REST API. Never throws for want of an answer: that is a failure too. */
export async function callApi({ config, http }: Caller, call: Call): Promise<Answer> {
  const idempotent = call.form === undefined || call.idempotent === true;
  try {
    const response = await http.request({ ...requestOf(call), headers: headersOf(config, call), idempotent });
    if (response.status >= 300) return { ok: false, failure: failureFrom(response, idempotent) };
    const body = dict(response.json());
    return body ? { ok: true, body } : { ok: false, failure: unreadable(idempotent) };
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** The entries of a list in an answer. */
export function entries(value: unknown): Dict[] {
  return list(value)
    .map(dict)
    .filter(entry => entry !== undefined);
}

/** Basic authentication, with the API key where there is one. */
export function authorization(config: TwilioSmsConfig, withAuthToken = false): string {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = config;
  const hasKey = !withAuthToken && apiKeySid !== undefined && apiKeySecret !== undefined;
  const credentials = hasKey ? `${apiKeySid}:${apiKeySecret}` : `${accountSid}:${authToken}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function requestOf({ url, query, form }: Call): Pick<HttpRequest, 'method' | 'url' | 'body'> {
  const address = query ? `${url}?${new URLSearchParams(query)}` : url;
  if (!form) return { method: 'GET', url: address };
  const written = new URLSearchParams();
  for (const [name, value] of form) written.append(name, value);
  return { method: 'POST', url: address, body: Buffer.from(written.toString()) };
}

function headersOf(config: TwilioSmsConfig, { form, withAuthToken }: Call): Record<string, string> {
  return {
    authorization: authorization(config, withAuthToken),
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
  };
}

function unreadable(idempotent: boolean): Failure {
  return {
    class: 'temporary',
    message: 'Twilio accepted the call, but its answer cannot be read.',
    ...(idempotent ? {} : { unconfirmed: true }),
  };
}
