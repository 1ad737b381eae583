import type { Health } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import { type Dict, text } from '../../kit/read.ts';
import { accountUrl, type Caller, callApi } from './api.ts';
import type { TwilioSmsConfig } from './manifest.ts';

/** What is wrong with the credentials, and which of them it is. */
export interface Refusal {
  failure: Failure;
  field?: keyof TwilioSmsConfig;
}

/**
 * Reads the account, which proves the Auth Token: without the right one every webhook would be refused. An API key is
 * proved by a call that it is for.
 * @see https://www.twilio.com/docs/iam/api/account
 */
export async function readAccount(caller: Caller): Promise<{ account: Dict } | Refusal> {
  const account = await callApi(caller, { url: accountUrl(caller.config), withAuthToken: true });
  if (!account.ok) return refusal(account.failure, 'authToken');
  if (caller.config.apiKeySid !== undefined) {
    const messages = await callApi(caller, { url: accountUrl(caller.config, '/Messages'), query: { PageSize: '1' } });
    if (!messages.ok) return refusal(messages.failure, 'apiKeySecret');
  }
  return { account: account.body };
}

function refusal(failure: Failure, credential: keyof TwilioSmsConfig): Refusal {
  if (failure.class === 'auth') return { failure, field: credential };
  return failure.status === 404 ? { failure, field: 'accountSid' } : { failure };
}

/** Set when the account itself is stopped. */
export function accountTrouble(account: Dict): Health | undefined {
  switch (account.status) {
    case 'suspended':
      return {
        status: 'offline',
        reason: 'Twilio has suspended the account.',
        advice: 'Open the Twilio Console, which says why; often a payment is due. It goes on by itself afterwards.',
      };
    case 'closed':
      return {
        status: 'disconnected',
        reason: 'The Twilio account is closed.',
        advice: 'Connect a sender of another account.',
      };
    default:
      return undefined;
  }
}

export function accountFacts(account: Dict): Record<string, string> {
  return {
    'Twilio account': text(account.friendly_name) ?? 'unnamed',
    'Account type': text(account.type) ?? 'unknown',
  };
}

/** What a trial account cannot do would otherwise be learnt from failing messages. */
export function trialAdvice(account: Dict): string | undefined {
  if (account.type !== 'Trial') return undefined;
  return 'This is a trial account: it sends only to numbers verified in Twilio and puts its own words before every text. Upgrade it for real use.';
}
