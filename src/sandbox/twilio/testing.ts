import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { request } from 'undici';
import type { TwilioAccount } from './types.ts';

/** The official client of an account, whose calls go to the sandbox instead of the vendor's hosts. */
export function officialClient(
  sandboxUrl: string,
  account: Pick<TwilioAccount, 'sid' | 'authToken'>,
  key?: { sid: string; secret: string },
): twilio.Twilio {
  const { sid, authToken } = account;
  const httpClient = new Rerouted(sandboxUrl);
  return key ? twilio(key.sid, key.secret, { accountSid: sid, httpClient }) : twilio(sid, authToken, { httpClient });
}

class Rerouted extends twilio.RequestClient {
  readonly #sandboxUrl: string;

  constructor(sandboxUrl: string) {
    super();
    this.#sandboxUrl = sandboxUrl;
  }

  override request<T>(options: RequestClient.RequestOptions<T>) {
    const uri = options.uri.replace(/^https:\//, this.#sandboxUrl);
    return super.request<T>({ ...options, uri });
  }
}

/** A call by hand, for what the official client does not send: a POST where there is a form. */
export async function call(
  sandboxUrl: string,
  { sid, authToken }: Pick<TwilioAccount, 'sid' | 'authToken'>,
  path: string,
  form?: Record<string, string | undefined>,
): Promise<{ status: number; body: unknown }> {
  const fields = Object.entries(form ?? {}).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const answer = await request(`${sandboxUrl}/api.twilio.com/2010-04-01/Accounts/${sid}${path}`, {
    method: form ? 'POST' : 'GET',
    headers: {
      authorization: `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`,
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(form ? { body: new URLSearchParams(fields).toString() } : {}),
  });
  return { status: answer.statusCode, body: await answer.body.json() };
}

/** What Twilio's client throws for this call. */
export async function refusal(work: Promise<unknown>): Promise<InstanceType<typeof twilio.RestException>> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof twilio.RestException) return error;
  throw new Error('The call was not refused by Twilio.', { cause: error });
}
