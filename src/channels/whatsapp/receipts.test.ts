import { describe, expect, it } from 'vitest';
import type { Event } from '../../contract/event.ts';
import { normalise } from './normalise.ts';
import { ada, config, delivery, webhook } from './testing.ts';

const at = '2026-11-18T11:06:40.000Z';

function events(value: object, field?: string): Event[] {
  return normalise(webhook(delivery(value, field)), config);
}

describe('receipts', () => {
  const receipt = (over: object) =>
    events({ statuses: [{ id: 'wamid.OUT1', timestamp: '1795000000', recipient_id: ada.wa_id, ...over }] });

  it.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['played', 'read'],
  ])('%s', (status, fate) => {
    expect(receipt({ status })).toEqual([
      {
        type: 'receipt',
        key: `status:wamid.OUT1:${status}`,
        id: 'wamid.OUT1',
        status: fate,
        at,
        conversation: ada.wa_id,
      },
    ]);
  });

  it('say why a message failed', () => {
    const errors = [{ code: 131053, title: 'Media upload error', error_data: { details: 'HTTP 404' } }];
    expect(receipt({ status: 'failed', errors })).toMatchObject([
      { status: 'failed', failure: { class: 'media', code: '131053', message: 'Media upload error: HTTP 404' } },
    ]);
    expect(receipt({ status: 'failed' })).toMatchObject([{ status: 'failed', failure: { class: 'unknown' } }]);
  });

  it('reach people without a number', () => {
    expect(receipt({ status: 'read', recipient_id: undefined, recipient_user_id: 'GB.1010' })).toMatchObject([
      { type: 'receipt', conversation: 'GB.1010' },
    ]);
  });

  it('of a group come once a member, none of whom can fail for all', () => {
    const group = { recipient_type: 'group', recipient_id: 'Y2Fw', recipient_participant_id: ada.wa_id };
    expect(receipt({ status: 'read', ...group })).toMatchObject([{ type: 'receipt', conversation: 'group:Y2Fw' }]);
    expect(receipt({ status: 'failed', ...group })).toMatchObject([{ type: 'ignored' }]);
    expect(receipt({ status: 'failed', ...group, recipient_participant_id: undefined })).toMatchObject([
      { type: 'receipt', status: 'failed' },
    ]);
  });

  it.each(['deleted', 'warning', 'SENT', 'captured'])('with the word %s are ignored', status => {
    expect(receipt({ status })).toMatchObject([{ type: 'ignored', kind: `status ${status}` }]);
  });

  it('without id or word are unknown', () => {
    expect(receipt({ id: undefined, status: 'sent' })).toMatchObject([{ type: 'unknown' }]);
    expect(receipt({})).toMatchObject([{ type: 'unknown' }]);
  });
});
