import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Part } from '../../contract/message.ts';
import type { Delivery } from '../../contract/platform.ts';
import { find } from './find.ts';
import { error, media, startVendor, type Vendor } from './testing.ts';

const contact = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const customer = { type: 'user', id: contact };
const since = new Date('2026-11-25T12:00:00.500Z');
const second = since.getTime() / 1000;
const photo: Part = { kind: 'image', ref: 'photo', name: 'box.jpg' };
const read = 'GET /conversations/7001';
const search = 'POST /conversations/search';

const opening: Delivery = {
  id: 'fake-message',
  piece: 0,
  contact,
  parts: [{ kind: 'text', text: 'a < b\n\nsee https://example.com' }],
  as: 'customer',
  at: since.toISOString(),
};
const reply: Delivery = { ...opening, thread: '7001' };

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(async () => {
  await vendor.close();
  expect(vendor.violations).toEqual([]);
});

const look = (delivery: Delivery, secondsLater = 2) =>
  find(delivery, {
    ...vendor.context({}, new Date(since.getTime() + secondsLater * 1000)),
    media: media({ photo: { bytes: Buffer.from('fake'), mime: 'image/jpeg', name: 'box.jpg' } }),
    since,
  });

const thread = (...parts: unknown[]) => ({ json: { id: '7001', conversation_parts: { conversation_parts: parts } } });
const part = (id: string, more = {}) => ({
  id,
  part_type: 'comment',
  created_at: Math.floor(second),
  author: customer,
  body: '<p>a &lt; b</p><p></p><p>see <a href="https://example.com">https://example.com</a></p>',
  ...more,
});

describe('in a thread', () => {
  it('finds the message in the form Intercom gave it', async () => {
    vendor.answer({ [read]: thread(part('501')) });
    expect(await look(reply)).toEqual({ thread: '7001', ids: ['501'] });
  });

  it.each([
    ['another’s', { author: { type: 'admin', id: '1' } }],
    ['an older one', { created_at: second - 60 }],
    ['one with other words', { body: '<p>a &lt; c</p>' }],
    ['one with a file', { attachments: [{ url: 'https://downloads.intercomcdn.com/1', content_type: 'image/png' }] }],
  ])('does not take %s for it', async (_what, more) => {
    vendor.answer({ [read]: thread(part('501', more)) });
    expect(await look(reply)).toEqual({ ids: [] });
  });

  it('takes the newest of equal messages: the ones before it were confirmed', async () => {
    vendor.answer({ [read]: thread(part('502'), part('501'), part('499')) });
    expect(await look(reply)).toMatchObject({ ids: ['502'] });
  });

  it('finds a file without words, also under its stand-in', async () => {
    const attachments = [{ url: 'https://downloads.intercomcdn.com/1', name: 'box.jpg', content_type: 'image/jpeg' }];
    for (const body of ['', null, '<p>[photo]</p>']) {
      vendor.answer({ [read]: thread(part('501', { body, attachments })) });
      expect(await look({ ...reply, parts: [photo] })).toMatchObject({ ids: ['501'] });
    }
  });

  it('finds what the business said, but no note', async () => {
    const author = { type: 'admin', id: '9000001' };
    vendor.answer({ [read]: thread(part('501', { author }), part('502', { author, part_type: 'note' })) });
    expect(await look({ ...reply, as: 'business' })).toMatchObject({ ids: ['501'] });
  });

  it('knows that nothing arrived in a conversation that is gone', async () => {
    expect(await look(reply)).toEqual({ ids: [] });
  });

  it('does not guess when it cannot look', async () => {
    vendor.answer({ [read]: error(503, 'service_unavailable', 'Fake.') });
    expect(await look(reply)).toMatchObject({ failure: { class: 'temporary' } });
  });
});

describe('without a thread', () => {
  const conversation = (id: string, more = {}) => ({
    id,
    created_at: Math.floor(second),
    source: { id: `6${id}`, author: customer, body: part('x').body },
    ...more,
  });
  const hits = (...conversations: unknown[]) => ({ [search]: { json: { conversations } } });

  it('finds the conversation among the contact’s', async () => {
    vendor.answer(hits(conversation('7001', { created_at: second - 3600 }), conversation('7002')));
    expect(await look(opening)).toEqual({ thread: '7002', ids: ['67002'] });
    expect(vendor.seen[0]?.json).toMatchObject({
      query: {
        operator: 'AND',
        value: [{ field: 'contact_ids', operator: '=', value: contact }, { field: 'created_at' }],
      },
    });
  });

  it('hands back the files that still have to follow', async () => {
    vendor.answer(hits(conversation('7001', { source: { id: '6001', author: customer, body: '<p>[photo]</p>' } })));
    expect(await look({ ...opening, parts: [photo] })).toEqual({ thread: '7001', ids: ['6001'], rest: [photo] });
  });

  it('waits for the search to catch up before it says no', async () => {
    vendor.answer(hits());
    expect(await look(opening, 20)).toMatchObject({ failure: { class: 'temporary', retryAfter: 40 } });
    expect(await look(opening, 60)).toEqual({ ids: [] });
  });
});
