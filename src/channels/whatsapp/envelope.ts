import type { RawRequest } from '../../contract/adapter.ts';
import { toJson } from '../../kit/json.ts';
import { type Dict, dict, id, list, number, text, unixTime } from '../../kit/read.ts';
import { sha256 } from '../../kit/signatures.ts';

/** One change that a delivery tells. A delivery holds any number of them, of several accounts and numbers. */
export interface Change {
  /** WhatsApp Business Account; for changes that tell a partner of its client, the partner's. */
  account?: string;
  /** Which of the webhook fields it is, such as `messages`. */
  field: string;
  value: Dict;
  /** The number that it concerns; absent for what concerns a whole account. */
  phoneNumberId?: string;
  /** The same for each delivery of this very change: for those whose content has no id. */
  fingerprint: string;
}

/**
 * The changes of a delivery, in order. Undefined when the body is no WhatsApp delivery at all; a part of it that has not
 * the expected form becomes a change without a field.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */
export function changesOf(request: RawRequest): Change[] | undefined {
  const body = bodyOf(request);
  if (body?.object !== 'whatsapp_business_account') return undefined;
  return list(body.entry).flatMap(value => {
    const entry = dict(value) ?? {};
    const changes = list(entry.changes);
    return (changes.length > 0 ? changes : [undefined]).map(change => changeOf(entry, dict(change) ?? {}));
  });
}

function bodyOf(request: RawRequest): Dict | undefined {
  try {
    return dict(request.json());
  } catch {
    return undefined; // Becomes an `unknown` event, with the body kept in the journal.
  }
}

function changeOf(entry: Dict, change: Dict): Change {
  const value = dict(change.value) ?? {};
  return {
    account: id(entry.id),
    field: text(change.field) ?? '',
    value,
    phoneNumberId: id(dict(value.metadata)?.phone_number_id),
    fingerprint: sha256(toJson([entry.id, entry.time, change])),
  };
}

/** Webhooks write Unix seconds as text, and now and then as a number. */
export function secondsToTime(value: unknown): string | undefined {
  return unixTime(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : number(value));
}
