import { dict, id, list, number, unixTime } from '../../kit/read.ts';
import { type Caller, callGraph } from './graph.ts';

/** What Meta knows about a token. */
export interface TokenFacts {
  /** The system user it belongs to. */
  userId?: string;
  /** ISO 8601; absent where it never expires. */
  expiresAt?: string;
  /** WhatsApp Business Accounts that it was given by name. Empty for one that may see all of its user's. */
  accounts: string[];
}

/**
 * Asks what a token may do. Undefined where Meta does not tell: nothing depends on it but convenience.
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging
 */
export async function inspectToken(caller: Caller): Promise<TokenFacts | undefined> {
  const answer = await callGraph(caller, { path: 'debug_token', query: { input_token: caller.config.accessToken } });
  const data = answer.ok ? dict(answer.result.data) : undefined;
  if (!data) return undefined;
  const accounts = list(data.granular_scopes).flatMap(entry => {
    const scope = dict(entry);
    return scope?.scope === 'whatsapp_business_management' ? list(scope.target_ids).flatMap(one => id(one) ?? []) : [];
  });
  return {
    userId: id(data.user_id),
    expiresAt: unixTime(number(data.expires_at)),
    accounts,
  };
}
