import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Context } from '../../contract/adapter.ts';
import type { Failure } from '../../contract/failure.ts';
import type { ContactIdentity, ContactResult } from '../../contract/platform.ts';
import { type Dict, id, number } from '../../kit/read.ts';
import { type Answer, call } from './api.ts';
import { dicts } from './dicts.ts';
import type { IntercomConfig } from './manifest.ts';

type C = Context<IntercomConfig>;

/**
 * Finds the customer by our external id, then by phone among the people the workspace knew before, and makes them
 * otherwise. Made as `user`, so that Intercom itself keeps external ids unique; safe to repeat.
 */
export async function resolve(identity: ContactIdentity, context: C): Promise<ContactResult> {
  const known = await findByExternalId(identity.externalId, context);
  if (known !== undefined) return known;
  const met =
    identity.phone === undefined ? undefined : await findByPhone(identity.phone, identity.externalId, context);
  return met ?? create(identity, context);
}

/** A direct read: the search index lags behind for minutes after a contact is made. */
async function findByExternalId(externalId: string, context: C): Promise<ContactResult | undefined> {
  const path = `/contacts/find_by_external_id/${encodeURIComponent(externalId)}`;
  const answer = await call(context, { method: 'GET', path });
  if (!answer.ok && answer.mergedInto !== undefined) return { ok: true, id: answer.mergedInto };
  return isMissing(answer) ? undefined : contactOf(answer);
}

async function findByPhone(phone: string, externalId: string, context: C): Promise<ContactResult | undefined> {
  const value = spellings(phone).map(spelling => ({ field: 'phone', operator: '=', value: spelling }));
  const json = { query: { operator: 'OR', value } };
  const answer = await call(context, { method: 'POST', path: '/contacts/search', json });
  if (!answer.ok) return answer;
  const best = dicts(answer.body.data).sort(usersThenLatest)[0];
  const contact = id(best?.id);
  if (best === undefined || contact === undefined) return undefined;
  return id(best.external_id) === undefined ? claim(contact, externalId, context) : { ok: true, id: contact };
}

/**
 * How a number may stand in a contact: only forms with the country in them. A national form would also find strangers of
 * another country, and one person's messages would land on another's record.
 */
function spellings(phone: string): string[] {
  const digits = phone.replace(/\D/g, '');
  const international = parsePhoneNumberFromString(`+${digits}`)?.formatInternational();
  return [...new Set([`+${digits}`, digits, `00${digits}`, ...(international === undefined ? [] : [international])])];
}

function usersThenLatest(a: Dict, b: Dict): number {
  const users = Number(b.role === 'user') - Number(a.role === 'user');
  return users || (number(b.last_replied_at) ?? 0) - (number(a.last_replied_at) ?? 0);
}

/** Writes our external id into a contact that has none, so that it is found directly from now on. */
async function claim(contact: string, externalId: string, context: C): Promise<ContactResult> {
  const path = `/contacts/${encodeURIComponent(contact)}`;
  const answer = await call(context, { method: 'PUT', path, json: { external_id: externalId } });
  if (answer.ok) return { ok: true, id: contact };
  if (answer.failure.status === 409) return holderOf(answer.failure, context);
  // A contact that may not carry the id is still the right person.
  return answer.failure.class === 'content' ? { ok: true, id: contact } : answer;
}

async function create(identity: ContactIdentity, context: C): Promise<ContactResult> {
  const name = identity.name ?? identity.username;
  const json = {
    role: 'user',
    external_id: identity.externalId,
    ...(identity.phone === undefined ? {} : { phone: identity.phone }),
    ...(name === undefined ? {} : { name }),
  };
  // Repeating it is harmless: the second try answers 409 with the first one's id.
  const answer = await call(context, { method: 'POST', path: '/contacts', json });
  if (!answer.ok && answer.failure.status === 409) return holderOf(answer.failure, context);
  return contactOf(answer);
}

/**
 * A 409 names who holds the external id, in words: "A contact matching those details already exists with id=<24 hex>". An
 * archived one can be neither read nor found; it is brought back by that id.
 */
async function holderOf(failure: Failure, context: C): Promise<ContactResult> {
  const holder = /\bid=([0-9a-f]{24})\b/i.exec(failure.message)?.[1];
  if (holder === undefined) return { ok: false, failure };
  if (!/archived/i.test(failure.message)) return { ok: true, id: holder };
  const answer = await call(context, { method: 'POST', path: `/contacts/${holder}/unarchive` });
  return answer.ok ? { ok: true, id: holder } : answer;
}

/** Whether a contact that a call did not find is gone (deleted, archived, merged into another), and else what it is. */
export async function lookUp(contact: string, context: C): Promise<{ gone: boolean; role?: 'user' | 'lead' }> {
  const answer = await call(context, { method: 'GET', path: `/contacts/${encodeURIComponent(contact)}` });
  if (!answer.ok) return { gone: answer.failure.status === 404 || answer.failure.status === 410 };
  return { gone: false, role: answer.body.role === 'lead' ? 'lead' : 'user' };
}

function isMissing(answer: Answer): boolean {
  return !answer.ok && answer.failure.status === 404;
}

function contactOf(answer: Answer): ContactResult {
  if (!answer.ok) return answer;
  const contact = id(answer.body.id);
  if (contact !== undefined) return { ok: true, id: contact };
  return { ok: false, failure: { class: 'temporary', message: 'Intercom answered with a contact that has no id.' } };
}
