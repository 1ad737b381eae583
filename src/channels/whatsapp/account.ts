import type { Event, StatusEvent } from '../../contract/event.ts';
import { type Dict, dict, id, list, text } from '../../kit/read.ts';
import { digitsOf } from './address.ts';
import type { Change } from './envelope.ts';
import type { WhatsAppConfig } from './manifest.ts';

type News = Pick<StatusEvent, 'status' | 'reason'>;

/**
 * What Meta decides about the account or the number, as far as it stops or frees the channel. The rest is kept in the
 * journal, and what can be read at any time is read by the checks.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update
 */
export function readAccount(change: Change, config: WhatsAppConfig): Event[] {
  const key = `${change.field}:${change.fingerprint}`;
  if (isOfAnother(change, config)) return [{ type: 'ignored', key, kind: `${change.field} of another account` }];
  const news = change.field === 'account_review_update' ? ofReview(change.value) : ofAccount(change.value);
  if (news) return [{ type: 'channel_status', key, ...news }];
  return [{ type: 'ignored', key, kind: [change.field, text(change.value.event)].filter(Boolean).join(' ') }];
}

/** Some of these come to a partner about its client; then the client's account stands inside. */
function isOfAnother({ account, value }: Change, config: WhatsAppConfig): boolean {
  const concerned = id(dict(value.waba_info)?.waba_id) ?? account;
  if (config.wabaId !== undefined && concerned !== undefined && concerned !== config.wabaId) return true;
  const number = digitsOf(id(value.phone_number));
  return number !== undefined && config.number !== undefined && `+${number}` !== config.number;
}

function ofReview({ decision }: Dict): News | undefined {
  if (decision !== 'REJECTED') return undefined;
  return { status: 'offline', reason: 'Meta’s review has rejected the WhatsApp account.' };
}

function ofAccount(value: Dict): News | undefined {
  switch (value.event) {
    case 'DISABLED_UPDATE':
      return ofBan(dict(value.ban_info) ?? {});
    case 'ACCOUNT_RESTRICTION':
      return ofRestriction(value);
    case 'ACCOUNT_DELETED':
      return { status: 'disconnected', reason: 'The WhatsApp account was deleted.' };
    case 'ACCOUNT_OFFBOARDED':
      return { status: 'disconnected', reason: 'The number was taken off the Cloud API.' };
    case 'ACCOUNT_RECONNECTED':
      return { status: 'connected', reason: 'The number is back on the Cloud API.' };
    case 'PARTNER_REMOVED':
      return { status: 'disconnected', reason: 'The business has ended its connection with the app.' };
    default:
      return undefined;
  }
}

function ofBan({ waba_ban_state: state, waba_ban_date: date }: Dict): News | undefined {
  const when = text(date) === undefined ? '' : ` (${text(date)})`;
  if (state === 'DISABLE') return { status: 'disconnected', reason: `Meta has disabled the WhatsApp account${when}.` };
  if (state === 'REINSTATE') return { status: 'connected', reason: `Meta has reinstated the WhatsApp account${when}.` };
  return undefined;
}

/** Restrictions on templates and on further numbers do not keep anybody from answering. */
function ofRestriction(value: Dict): News | undefined {
  const stopped = list(value.restriction_info)
    .map(entry => text(dict(entry)?.restriction_type))
    .includes('RESTRICTED_CUSTOMER_INITIATED_MESSAGING');
  if (!stopped) return undefined;
  return {
    status: 'offline',
    reason: 'Meta has restricted the WhatsApp account: it may not answer customers for now.',
  };
}
