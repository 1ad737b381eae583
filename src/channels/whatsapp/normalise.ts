import type { RawRequest } from '../../contract/adapter.ts';
import type { Event } from '../../contract/event.ts';
import { toJson } from '../../kit/json.ts';
import { isChallenge } from '../../kit/meta.ts';
import { type Dict, dict, list } from '../../kit/read.ts';
import { sha256 } from '../../kit/signatures.ts';
import { readAccount } from './account.ts';
import { type Change, changesOf } from './envelope.ts';
import type { WhatsAppConfig } from './manifest.ts';
import { readEcho, readMessage } from './message.ts';
import { readStatus } from './receipts.ts';
import { readUserIdUpdate } from './system.ts';

type ReadChange = (change: Change, config: WhatsAppConfig) => Event[];

const ignore: ReadChange = ({ field, fingerprint }) => [
  { type: 'ignored', key: `${field}:${fingerprint}`, kind: field },
];

/** What each webhook field is read by. A field that is not here is unknown; the ignored ones stay in the journal. */
const readers: ReadonlyMap<string, ReadChange> = new Map([
  ['messages', ofNumber(readMessages)],
  ['smb_message_echoes', ofNumber(change => each(change.value.message_echoes, echo => readEcho(echo, change)))],
  ['user_id_update', ofNumber(({ value }) => each(value.user_id_update, readUserIdUpdate))],
  ['account_update', readAccount],
  ['account_review_update', readAccount],
  ...[
    'account_alerts',
    'account_settings_update',
    'automatic_events',
    'business_capability_update',
    'business_status_update',
    'business_username_update',
    'calls',
    'flows',
    'group_lifecycle_update',
    'group_participants_update',
    'group_settings_update',
    'group_status_update',
    'history',
    'message_echoes',
    'message_template_components_update',
    'message_template_quality_update',
    'message_template_status_update',
    'messaging_handovers',
    'partner_solutions',
    'payment_configuration_update',
    'phone_number_name_update',
    'phone_number_quality_update',
    'security',
    'smb_app_state_sync',
    'template_category_update',
    'template_correct_category_detection',
    'tracking_events',
    'user_preferences',
  ].map(field => [field, ignore] as const),
]);

/**
 * The events of one delivery that concern this channel's number or account.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */
export function normalise(request: RawRequest, config: WhatsAppConfig): Event[] {
  if (isChallenge(request)) return [];
  const changes = changesOf(request);
  if (!changes) return [{ type: 'unknown', key: `body:${sha256(request.body)}`, kind: 'unreadable body' }];
  if (changes.length === 0) return [{ type: 'unknown', key: `body:${sha256(request.body)}`, kind: 'empty delivery' }];
  return changes.flatMap(change => readChange(change, config));
}

function readChange(change: Change, config: WhatsAppConfig): Event[] {
  const { field, phoneNumberId, fingerprint } = change;
  const key = `change:${fingerprint}`;
  if (phoneNumberId !== undefined && phoneNumberId !== config.phoneNumberId) {
    return [{ type: 'ignored', key, kind: `${field} of another number` }];
  }
  const events = readers.get(field)?.(change, config) ?? [];
  return events.length > 0 ? events : [{ type: 'unknown', key, kind: field || 'change without a field' }];
}

/** Without its number a message could be anybody's. */
function ofNumber(read: ReadChange): ReadChange {
  return (change, config) => (change.phoneNumberId === undefined ? [] : read(change, config));
}

function readMessages(change: Change): Event[] {
  const { value, fingerprint } = change;
  const events = [
    ...each(value.messages, message => readMessage(message, change)),
    ...each(value.statuses, readStatus),
  ];
  if (events.length > 0 || list(value.errors).length === 0) return events;
  // About the account rather than a message; the checks say more of it.
  return [{ type: 'ignored', key: `errors:${fingerprint}`, kind: 'errors' }];
}

/** An item that cannot be read is unknown, and takes no other with it. */
function each(items: unknown, read: (item: Dict) => Event[]): Event[] {
  return list(items).flatMap(item => {
    const events = read(dict(item) ?? {});
    return events.length > 0
      ? events
      : [{ type: 'unknown', key: `item:${sha256(toJson(item))}`, kind: 'unreadable item' }];
  });
}
