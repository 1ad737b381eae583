import { describe, expect, it } from 'vitest';
import type { Event } from '../../contract/event.ts';
import { normalise } from './normalise.ts';
import { config, delivery, webhook } from './testing.ts';

function events(value: object, field?: string): Event[] {
  return normalise(webhook(delivery(value, field)), config);
}

describe('the account', () => {
  const update = (value: object, field = 'account_update') => events({ metadata: undefined, ...value }, field);
  const restricted = (restriction_type: string) =>
    update({ event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type }] });

  it.each([
    ['disconnected', update({ event: 'ACCOUNT_DELETED' })],
    ['disconnected', update({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } })],
    ['connected', update({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } })],
    ['offline', restricted('RESTRICTED_CUSTOMER_INITIATED_MESSAGING')],
    ['offline', update({ decision: 'REJECTED' }, 'account_review_update')],
    ['disconnected', update({ event: 'PARTNER_REMOVED', waba_info: { waba_id: config.wabaId } })],
  ])('makes the channel %s', (status, found) => {
    expect(found).toMatchObject([{ type: 'channel_status', status, reason: expect.stringMatching(/\.$/) }]);
  });

  it.each([
    ['restricted in what answers do not need', restricted('RESTRICTED_BIZ_INITIATED_MESSAGING')],
    ['warned', update({ event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'ADULT' } })],
    [
      'to be disabled some day',
      update({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE' } }),
    ],
    ['reviewed', update({ decision: 'APPROVED' }, 'account_review_update')],
    ['another one', update({ event: 'PARTNER_REMOVED', waba_info: { waba_id: '900000000000009' } })],
    ['another number’s', update({ event: 'ACCOUNT_DELETED', phone_number: '12025550199' })],
  ])('%s changes nothing', (_what, found) => {
    expect(found).toMatchObject([{ type: 'ignored' }]);
  });

  it('may tell the same twice, at different times', () => {
    const told = (time: number) => {
      const changes = [{ field: 'account_update', value: { event: 'ACCOUNT_DELETED' } }];
      const entry = [{ id: config.wabaId, time, changes }];
      return normalise(webhook({ object: 'whatsapp_business_account', entry }), config).map(({ key }) => key);
    };
    expect(told(1795000000)).toEqual(told(1795000000));
    expect(told(1795000000)).not.toEqual(told(1795000001));
  });

  it('has errors of its own, which are no message', () => {
    expect(events({ errors: [{ code: 131000, title: 'Something went wrong' }] })).toMatchObject([
      { type: 'ignored', kind: 'errors' },
    ]);
  });
});
