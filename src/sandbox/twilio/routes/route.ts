import type { Answer } from '../../vendor.ts';
import type { Account } from '../account.ts';
import type { Form } from '../signature.ts';

/** A call whose credentials have been found good. */
export interface ApiCall {
  account: Account;
  /** API keys may not do everything. */
  signedInWith: 'token' | 'key';
  /** From the path. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  form: Form;
  path: string;
}

export interface Route {
  /** The operationId in the OpenAPI documents. */
  operation: string;
  host: 'api.twilio.com' | 'messaging.twilio.com';
  method: 'GET' | 'POST';
  /** As the documents write it: `/2010-04-01/Accounts/{Sid}.json`. */
  path: string;
  /** Throws a TwilioError for any outcome but success. */
  handle(call: ApiCall): Answer | Promise<Answer>;
}

/** The values of a path's placeholders; undefined where the path is another. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const pattern = template.replaceAll('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/.]+)');
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found ? { ...found.groups } : undefined;
}
