import { describe, expect, it } from 'vitest';
import type { Event } from '../../contract/event.ts';
import { dict, id, list } from '../../kit/read.ts';
import { normalise } from './normalise.ts';
import { config, hasShared, readShared, sharedFiles, webhook } from './testing.ts';

/** Each delivery in a file: the file itself, or several under names of their own. */
function deliveries(name: string, value: unknown): [string, object][] {
  const node = dict(value);
  if (!node) return [];
  const own: [string, object][] = Array.isArray(node.entry) ? [[name, { object: node.object, entry: node.entry }]] : [];
  const inner = Object.entries(node).filter(([key]) => key !== 'entry');
  return [...own, ...inner.flatMap(([key, entry]) => deliveries(`${name} ${key}`, entry))];
}

function examples(folder: string): [string, object][] {
  if (!hasShared) return [];
  const path = `contracts/whatsapp/${folder}`;
  return sharedFiles(path).flatMap(file => deliveries(file.replace('.json', ''), readShared(`${path}/${file}`)));
}

/** Read by the channel that the delivery is for. */
function read(body: object): Event[] {
  const entry = dict(list(dict(body)?.entry)[0]);
  const value = dict(dict(list(entry?.changes)[0])?.value);
  const phoneNumberId = id(dict(value?.metadata)?.phone_number_id) ?? config.phoneNumberId;
  const wabaId = id(dict(value?.waba_info)?.waba_id) ?? id(entry?.id);
  return normalise(webhook(body), { ...config, phoneNumberId, wabaId, number: undefined });
}

/** What matters of the parts of a message. */
function gist(event: Event): string {
  if (!('parts' in event)) {
    if (event.type === 'ignored') return `ignored ${event.kind}`;
    if (event.type === 'channel_status') return `channel ${event.status}`;
    if (event.type === 'receipt') return `receipt ${event.status}${event.failure ? ` ${event.failure.class}` : ''}`;
    return event.type;
  }
  return `${event.type} ${event.parts.map(part => part.kind).join('+')}`;
}

const expected: Readonly<Record<string, string | string[]>> = {
  'account_update account_deleted': 'channel disconnected',
  'account_update account_disabled': 'channel connected',
  'account_update account_offboarded': 'channel disconnected',
  'account_update account_reconnected': 'channel connected',
  'account_update partner_removed': 'channel disconnected',
  'account_update partner_removed_wa_app_disconnection': 'channel disconnected',
  'call_permission_update accept': 'message unsupported',
  'call_permission_update reject': 'message unsupported',
  'callback_button button': 'message choice',
  'callback_button quick_reply': 'message choice',
  'callback_button quick_reply_without_context': 'message choice',
  'callback_selection callback': 'message choice',
  'callback_selection description': 'message choice',
  'deleted_message revoke': 'delete',
  'edited_message image': 'edit image+text',
  'message audio': 'message audio',
  'message chosen_location': 'message location',
  'message contacts': 'message contact+contact+contact',
  'message current_location': 'message location',
  'message document': 'message file+text',
  'message image': 'message image',
  'message media_with_url': 'message image',
  'message order': 'message unsupported',
  'message animated_sticker': 'message sticker',
  'message static_sticker': 'message sticker',
  'message video': 'message video+text',
  'message voice': 'message voice',
  'message reaction': 'reaction',
  'message unreaction_empty': 'reaction_removed',
  'message unreaction_no_emoji': 'reaction_removed',
  'message interactive_message_with_err': 'message unsupported',
  'message unsupported': 'message unsupported',
  'message unsupported_with_type': 'message unsupported',
  'message_status sent': 'receipt sent',
  'message_status with_tracker': 'receipt sent',
  'message_status delivered': 'receipt delivered',
  'message_status read': 'receipt read',
  'message_status played': 'receipt read',
  'message_status group': 'receipt read',
  'message_status failed': 'receipt failed policy',
  'outgoing_message text': 'echo text',
  'outgoing_message delete': 'delete',
  'outgoing_message edit': 'edit text',
  'system phone_number_change': 'chat_migrated',
  'system identity_change': 'ignored customer_identity_changed',
  'webhook-accountUpdate-banned': 'ignored account_update DISABLED_UPDATE',
  'webhook-incoming-message-audio': 'message voice',
  'webhook-incoming-message-button': 'message choice',
  'webhook-incoming-message-contacts': 'message contact',
  'webhook-incoming-message-contacts2': 'message contact+contact',
  'webhook-incoming-message-contacts-request-bsuid': 'message contact',
  'webhook-incoming-message-document': 'message file+text',
  'webhook-incoming-message-emoji': 'reaction',
  'webhook-incoming-message-error': 'message unsupported',
  'webhook-incoming-message-image': 'message image+text',
  'webhook-incoming-message-interactive-btn': 'message choice',
  'webhook-incoming-message-interactive-list': 'message choice',
  'webhook-incoming-message-location': 'message location',
  'webhook-incoming-message-status-bsuid': 'receipt delivered',
  'webhook-incoming-message-status-errors': 'receipt failed unreachable',
  'webhook-incoming-message-status-group-bsuid': 'receipt read',
  'webhook-incoming-message-status-ui': 'receipt sent',
  'webhook-incoming-message-sticker': 'message sticker',
  'webhook-incoming-message-system': 'chat_migrated',
  'webhook-incoming-message-system-bsuid': 'chat_migrated',
  'webhook-incoming-message-unsupported': 'message unsupported',
  'webhook-incoming-message-video': 'message video+text',
  'webhook-userIdUpdate': 'chat_migrated',
  accountRestricted: 'channel offline',
  mediaUploadError: 'receipt failed media',
  messageDeleted: 'message unsupported',
  reEngagementMessageError: 'receipt failed window_closed',
  reactMessage: 'reaction',
  'dm_whatsapp statusUpdate': 'receipt sent',
};

const texts =
  /^(message (text|reply|forwarded|forwarded_many_times|referral)|webhook-incoming-message-(text|text-bsuid|ads)|dm_whatsapp (first|second)Message)$/;

describe.skipIf(!hasShared)('the published examples', () => {
  const all = ['webhook-examples-pywa', 'webhook-examples-restfb', 'error-examples', 'replay'].flatMap(examples);

  it('are there', () => {
    expect(all.length).toBeGreaterThan(100);
    const names = all.map(([name]) => name);
    expect(Object.keys(expected).filter(name => !names.includes(name))).toEqual([]);
  });

  it.each(all)('%s', (name, body) => {
    const found = read(body).map(gist);
    if (texts.test(name)) return expect(found).toEqual(['message text']);
    if (name.startsWith('flow_completion')) return expect(found).toEqual(['message unsupported']);
    const wanted = expected[name];
    if (wanted !== undefined) return expect(found).toEqual([wanted].flat());
    // All others are about calls, templates, preferences and the account, and are kept for later under their field's name.
    const fields = list(dict(body)?.entry).flatMap(entry =>
      list(dict(entry)?.changes).map(change => String(dict(change)?.field)),
    );
    expect(found).toEqual(fields.map(field => expect.stringMatching(`^ignored ${field}`)));
    expect(fields).not.toContain('messages');
  });
});
