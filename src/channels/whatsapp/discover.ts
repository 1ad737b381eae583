import type { Failure } from '../../contract/failure.ts';
import { type Dict, dict, id, list, text } from '../../kit/read.ts';
import { digitsOf } from './address.ts';
import { type Caller, callGraph } from './graph.ts';
import { identityOf } from './manifest.ts';
import { inspectToken } from './token.ts';

/** A number that a token can be used for: all that a channel needs beside the token. */
export interface FoundNumber {
  /** As `connect` would report it: tells which of them are connected already. */
  identity: string;
  phoneNumberId: string;
  wabaId: string;
  /** The name that Meta has verified, with the number. */
  name: string;
}

export type Discovery = { ok: true; numbers: FoundNumber[] } | { ok: false; failure: Failure };

/** Most pages of a list that are read. A page holds up to 100. */
const mostPages = 20;

/**
 * The numbers of the given accounts, or of all that the token can see: those it was given by name in a business login,
 * else those assigned to its user. Fails only where no account could be read.
 */
export async function discoverNumbers(caller: Caller, wabaIds?: readonly string[]): Promise<Discovery> {
  const accounts = wabaIds ? { ids: wabaIds } : await accountsOf(caller);
  if ('failure' in accounts) return { ok: false, failure: accounts.failure };
  const numbers: FoundNumber[] = [];
  let failure: Failure | undefined;
  for (const wabaId of new Set(accounts.ids)) {
    const listed = await pagesOf(caller, `${wabaId}/phone_numbers`, 'id,display_phone_number,verified_name');
    if ('failure' in listed) failure = listed.failure;
    else numbers.push(...listed.items.flatMap(item => numberOf(item, wabaId) ?? []));
  }
  return failure && numbers.length === 0 ? { ok: false, failure } : { ok: true, numbers };
}

async function accountsOf(caller: Caller): Promise<{ ids: string[] } | { failure: Failure }> {
  const token = await inspectToken(caller);
  if (token && token.accounts.length > 0) return { ids: token.accounts };
  const listed = await pagesOf(caller, `${token?.userId ?? 'me'}/assigned_whatsapp_business_accounts`, 'id');
  return 'failure' in listed ? listed : { ids: listed.items.flatMap(item => id(item.id) ?? []) };
}

async function pagesOf(
  caller: Caller,
  path: string,
  fields: string,
): Promise<{ items: Dict[] } | { failure: Failure }> {
  const items: Dict[] = [];
  let after: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await callGraph(caller, { path, query: { fields, limit: '100', after } });
    if (!answer.ok) return { failure: answer.failure };
    items.push(...list(answer.result.data).map(item => dict(item) ?? {}));
    const paging = dict(answer.result.paging);
    after = paging?.next === undefined ? undefined : text(dict(paging.cursors)?.after);
    if (after === undefined) break;
  }
  return { items };
}

function numberOf(item: Dict, wabaId: string): FoundNumber | undefined {
  const phoneNumberId = id(item.id);
  if (phoneNumberId === undefined) return undefined;
  return { identity: identityOf(phoneNumberId), phoneNumberId, wabaId, name: numberName(item) ?? phoneNumberId };
}

/** What people call a number: its verified name and how it is written. */
export function numberName(item: Dict): string | undefined {
  const verified = text(item.verified_name);
  const written = text(item.display_phone_number);
  return verified && written ? `${verified} (${written})` : (verified ?? written);
}

/** E.164, from the way Meta writes a number for people: `+1 631-555-5555`. */
export function e164(written: unknown): string | undefined {
  const digits = digitsOf(text(written)?.replace(/\D/g, ''));
  return digits === undefined ? undefined : `+${digits}`;
}
