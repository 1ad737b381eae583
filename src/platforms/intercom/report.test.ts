import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Report } from '../../contract/platform.ts';
import { report } from './report.ts';
import { error, startVendor, type Vendor } from './testing.ts';

const read = 'GET /conversations/7001';
const note = 'POST /conversations/7001/reply';
const parts = 'POST /conversations/7001/parts';
const failed: Report = {
  thread: '7001',
  messageId: '501',
  status: 'failed',
  text: 'Not delivered: <blocked> & gone.\nTry another way.',
};

const conversation = (state: string, ...list: unknown[]) => ({
  json: { id: '7001', state, conversation_parts: { conversation_parts: list } },
});
const noted = conversation(
  'open',
  { id: '601', part_type: 'note', created_at: 2 },
  { id: '602', part_type: 'comment', created_at: 3 },
);
const opened = conversation('open', { id: '600', part_type: 'open', created_at: 1 });

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor({ [note]: noted, [parts]: opened, [read]: conversation('open') });
});
afterEach(async () => {
  await vendor.close();
  expect(vendor.violations).toEqual([]);
});

const bodies = (call: string) =>
  vendor.seen.filter(({ method, path }) => `${method} ${path}` === call).map(({ json }) => json);

it('writes an internal note in a teammate’s name, what it quotes escaped', async () => {
  expect(await report(failed, vendor.context())).toEqual({ ok: true, ids: ['601'] });
  expect(bodies(note)).toEqual([
    {
      message_type: 'note',
      type: 'admin',
      admin_id: '9000001',
      body: '<p>Not delivered: &lt;blocked&gt; &amp; gone.<br>Try another way.</p>',
    },
  ]);
  expect(bodies(parts)).toEqual([]);
});

it.each(['closed', 'snoozed'])('reopens a %s conversation, so that the note is seen', async state => {
  vendor.answer({ [read]: conversation(state) });
  expect(await report(failed, vendor.context())).toEqual({ ok: true, ids: ['600', '601'] });
  expect(bodies(parts)).toEqual([{ message_type: 'open', admin_id: '9000001' }]);
});

it('makes no second note when it is repeated after the reopening failed', async () => {
  vendor.answer({ [read]: conversation('closed'), [parts]: error(500, 'server_error', 'Fake.') });
  expect(await report(failed, vendor.context())).toMatchObject({ ok: false, failure: { class: 'temporary' } });
  expect(bodies(note)).toEqual([]);
});

it.each(['unconfirmed', 'notice'] as const)(
  'leaves a closed conversation closed for news of status %s',
  async status => {
    vendor.answer({ [read]: conversation('closed') });
    expect(await report({ ...failed, status }, vendor.context())).toMatchObject({ ok: true });
    expect(bodies(parts)).toEqual([]);
  },
);

it('takes another teammate when the one we knew has left', async () => {
  vendor.answer({
    [note]: ({ json }) => (JSON.stringify(json).includes('9000002') ? noted : error(404, 'admin_not_found', 'Fake.')),
    'GET /admins': {
      json: {
        admins: [
          { type: 'admin', id: '9000001', has_inbox_seat: true },
          { type: 'admin', id: '9000003', has_inbox_seat: false },
          { type: 'admin', id: '9000002', has_inbox_seat: true },
        ],
      },
    },
  });
  expect(await report(failed, vendor.context())).toMatchObject({ ok: true, ids: ['601'] });
});

it('does not try for ever in a conversation that was deleted', async () => {
  vendor.answer({ [read]: error(404, 'not_found', 'Fake.') });
  expect(await report(failed, vendor.context())).toMatchObject({ ok: false, failure: { class: 'invalid_recipient' } });
});

it('knows that a note may be there after a vendor fault', async () => {
  vendor.answer({ [note]: error(500, 'server_error', 'Fake.') });
  expect(await report(failed, vendor.context())).toMatchObject({ failure: { unconfirmed: true } });
});
