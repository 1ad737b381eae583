import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
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
