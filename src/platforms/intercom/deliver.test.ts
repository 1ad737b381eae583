import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaPart, Part } from '../../contract/message.ts';
import type { Delivery } from '../../contract/platform.ts';
import { composeReply, largestFile } from './compose.ts';
import { deliver } from './deliver.ts';
import { error, media, startVendor, type Vendor } from './testing.ts';

const contact = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const text: Part = { kind: 'text', text: 'Where is my order?' };
const photo: MediaPart = { kind: 'image', ref: 'photo', name: 'box.jpg' };
const voice: MediaPart = { kind: 'voice', ref: 'voice' };

const files = media({
  photo: { bytes: Buffer.from('fake photo'), mime: 'image/jpeg', name: 'box.jpg' },
  voice: { bytes: Buffer.from('fake voice'), mime: 'audio/ogg', name: 'voice.ogg' },
  huge: { bytes: new Uint8Array(largestFile + 1), mime: 'video/mp4', name: 'huge.mp4' },
  large: { bytes: new Uint8Array(15 * 1024 * 1024), mime: 'video/mp4', name: 'large.mp4' },
});

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  id: 'fake-message',
  piece: 0,
  contact,
  thread: '7001',
  parts: [text],
  as: 'customer',
  at: '2026-11-25T12:00:00Z',
  ...more,
});
/** A delivery with no thread yet. */
const first = (more: Partial<Delivery> = {}): Delivery => {
  const { thread, ...rest } = delivery(more);
  return rest;
};

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(async () => {
  await vendor.close();
  expect(vendor.violations).toEqual([]);
});

const send = (what: Delivery, config = {}) => deliver(what, { ...vendor.context(config), media: files });
const sent = (call: string) =>
  vendor.seen.filter(({ method, path }) => `${method} ${path}` === call).map(({ json }) => json);

const conversation = (...parts: unknown[]) => ({
  json: { type: 'conversation', id: '7001', conversation_parts: { conversation_parts: parts } },
});
const part = (id: string, author: unknown, more = {}) => ({
  id,
  part_type: 'comment',
  created_at: 1790000000,
  author,
  ...more,
});
const customer = { type: 'user', id: contact };

describe('opening a thread', () => {
  const opened = { json: { type: 'user_message', id: '6001', conversation_id: '7001', body: 'x' } };

  it('keeps the conversation’s id, not the message’s', async () => {
    vendor.answer({ 'POST /conversations': opened });
    expect(await send(first())).toEqual({ ok: true, thread: '7001', ids: ['6001'] });
    expect(sent('POST /conversations')).toEqual([{ from: { type: 'user', id: contact }, body: 'Where is my order?' }]);
  });

  it('opens with a stand-in for files, which follow', async () => {
    vendor.answer({ 'POST /conversations': opened });
    expect(await send(first({ parts: [photo, voice] }))).toMatchObject({ thread: '7001', rest: [photo, voice] });
    expect(sent('POST /conversations')).toMatchObject([{ body: '[photo] [voice note]' }]);
  });

  it('opens with a caption where there is one', async () => {
    vendor.answer({ 'POST /conversations': opened });
    expect(await send(first({ parts: [text, photo] }))).toMatchObject({ rest: [photo] });
    expect(sent('POST /conversations')).toMatchObject([{ body: 'Where is my order?' }]);
  });

  it('opens as a lead for someone who is one', async () => {
    vendor.answer({
      'POST /conversations': ({ json }) =>
        JSON.stringify(json).includes('"lead"') ? opened : error(404, 'not_found', 'User Not Found'),
      [`GET /contacts/${contact}`]: { json: { id: contact, role: 'lead' } },
    });
    expect(await send(first())).toMatchObject({ ok: true, thread: '7001' });
  });

  it('waits a moment for a contact that was made just now', async () => {
    vendor.answer({
      'POST /conversations': error(404, 'not_found', 'User Not Found'),
      [`GET /contacts/${contact}`]: { json: { id: contact, role: 'user' } },
    });
    const result = await send(first());
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary', retryAfter: 3 } });
    expect(result).not.toHaveProperty('forget');
  });

  it('gives up a contact that is gone', async () => {
    vendor.answer({ 'POST /conversations': error(404, 'not_found', 'User Not Found') });
    expect(await send(first())).toMatchObject({ ok: false, forget: 'contact' });
  });
});

describe('appending to a thread', () => {
  const reply = 'POST /conversations/7001/reply';

  it('speaks as the contact and reports the newest part of theirs', async () => {
    vendor.answer({
      [reply]: conversation(
        part('503', customer, { created_at: 1790000002 }),
        part('502', { type: 'admin', id: '9000001' }, { created_at: 1790000003 }),
        part('501', customer, { part_type: 'open' }),
      ),
    });
    expect(await send(delivery())).toEqual({ ok: true, thread: '7001', ids: ['503'] });
    expect(sent(reply)).toEqual([
      { message_type: 'comment', type: 'user', intercom_user_id: contact, body: 'Where is my order?' },
    ]);
  });

  it('sends files with the words, in one call', async () => {
    vendor.answer({ [reply]: conversation(part('501', customer)) });
    await send(delivery({ parts: [text, photo, voice] }));
    expect(sent(reply)).toMatchObject([
      {
        body: 'Where is my order?',
        attachment_files: [
          { content_type: 'image/jpeg', name: 'box.jpg', data: Buffer.from('fake photo').toString('base64') },
          { content_type: 'audio/ogg', name: 'voice.ogg', data: Buffer.from('fake voice').toString('base64') },
        ],
      },
    ]);
  });

  it('sends files without words, and with a stand-in where words are demanded', async () => {
    vendor.answer({
      [reply]: ({ json }) =>
        JSON.stringify(json).includes('[photo]')
          ? conversation(part('501', customer))
          : error(400, 'parameter_invalid', 'Body is required'),
    });
    expect(await send(delivery({ parts: [photo] }))).toMatchObject({ ok: true, ids: ['501'] });
    expect(sent(reply)).toMatchObject([{ body: '' }, { body: '[photo]', attachment_files: [{ name: 'box.jpg' }] }]);
  });

  it('says in words what cannot be attached, and attaches the rest', async () => {
    vendor.answer({ [reply]: conversation(part('501', customer)) });
    const parts: Part[] = [
      photo,
      { kind: 'video', ref: 'gone' },
      { kind: 'video', ref: 'huge' },
      { kind: 'file', ref: 'x', name: 'a.zip', unavailable: 'Larger than the channel lets us fetch.' },
    ];
    await send(delivery({ parts }));
    expect(sent(reply)).toMatchObject([
      {
        body: [
          '[video: The attachment is gone.]',
          '[video] https://octopods.example/media/huge',
          '[file a.zip: Larger than the channel lets us fetch.]',
        ].join('\n'),
        attachment_files: [{ name: 'box.jpg' }],
      },
    ]);
  });

  it('leaves what one request cannot carry for the next', async () => {
    const large: MediaPart = { kind: 'video', ref: 'large' };
    const context = { ...vendor.context(), media: files };
    expect(await composeReply([large, large, large, photo], context)).toMatchObject({
      files: [{ name: 'large.mp4' }, { name: 'large.mp4' }],
      rest: [large, photo],
    });
    expect(
      await composeReply(
        Array.from({ length: 12 }, () => photo),
        context,
      ),
    ).toMatchObject({ rest: [photo, photo] });
  });

  it('writes out what Intercom has no form for', async () => {
    vendor.answer({ [reply]: conversation(part('501', customer)) });
    const parts: Part[] = [
      { kind: 'text', text: 'our page', marks: [{ type: 'link', start: 4, end: 8, url: 'https://example.com' }] },
      { kind: 'location', lat: 52.5, lng: -0.25, name: 'Depot', address: 'Fake Street 1' },
      { kind: 'contact', name: 'Sam Fake', phones: ['+12025550144'], emails: ['sam@example.com'] },
      { kind: 'choice', label: 'Yes', payload: 'y' },
      { kind: 'story', text: 'Mentioned you in a story' },
      { kind: 'unsupported', text: 'A poll: tea or coffee?' },
    ];
    await send(delivery({ parts }));
    expect(sent(reply)).toMatchObject([
      {
        body: [
          'our page (https://example.com)',
          'Location: Depot, Fake Street 1',
          'https://www.google.com/maps/search/?api=1&query=52.5,-0.25',
          'Contact: Sam Fake',
          '+12025550144',
          'sam@example.com',
          'Yes',
          'Mentioned you in a story',
          'A poll: tea or coffee?',
        ].join('\n'),
      },
    ]);
  });
});

describe('what the business sent from elsewhere', () => {
  const reply = 'POST /conversations/7001/reply';
  const asAdmin = (id: string) => ({
    json: { type: 'admin.list', admins: [{ type: 'admin', id, has_inbox_seat: true }] },
  });

  it('stands in the thread as the business’s own', async () => {
    vendor.answer({ [reply]: conversation(part('501', { type: 'admin', id: '9000001' }), part('502', customer)) });
    expect(await send(delivery({ as: 'business' }))).toEqual({ ok: true, thread: '7001', ids: ['501'] });
    expect(sent(reply)).toEqual([
      { message_type: 'comment', type: 'admin', admin_id: '9000001', body: '<p>Where is my order?</p>' },
    ]);
  });

  it('is posted by another teammate when the one we knew has left', async () => {
    vendor.answer({
      [reply]: ({ json }) =>
        JSON.stringify(json).includes('9000002')
          ? conversation(part('501', { type: 'admin', id: '9000002' }))
          : error(404, 'admin_not_found', 'Admin Not Found'),
      'GET /admins': asAdmin('9000002'),
    });
    expect(await send(delivery({ as: 'business' }))).toMatchObject({ ok: true, ids: ['501'] });
  });

  it('cannot be shown where no teammate is left, and the thread is not blamed', async () => {
    vendor.answer({
      [reply]: error(404, 'admin_not_found', 'Admin Not Found'),
      'GET /admins': asAdmin('9000001'),
    });
    const result = await send(delivery({ as: 'business' }));
    expect(result).toMatchObject({ ok: false, failure: { class: 'config' } });
    expect(result).not.toHaveProperty('forget');
  });

  it('opens a thread as an in-app message', async () => {
    vendor.answer({
      'POST /messages': { json: { type: 'admin_message', id: '6001', conversation_id: '7001', body: 'x' } },
      [`GET /contacts/${contact}`]: { json: { id: contact, role: 'user' } },
    });
    const parts: Part[] = [{ kind: 'text', text: 'a < b\nc' }];
    expect(await send(first({ as: 'business', parts }))).toEqual({ ok: true, thread: '7001', ids: ['6001'] });
    expect(sent('POST /messages')).toEqual([
      {
        message_type: 'in_app',
        body: '<p>a &lt; b<br>c</p>',
        from: { type: 'admin', id: 9000001 },
        to: { type: 'user', id: contact },
        create_conversation_without_contact_reply: true,
      },
    ]);
  });

  it('finds its thread by the message where the answer does not name it', async () => {
    const message = { 'POST /messages': { json: { type: 'admin_message', id: '6001', body: 'x' } } };
    vendor.answer({ ...message, 'POST /conversations/search': { json: { conversations: [{ id: '7001' }] } } });
    expect(await send(first({ as: 'business' }))).toMatchObject({ ok: true, thread: '7001' });
    vendor.answer({ 'POST /conversations/search': { json: { conversations: [] } } });
    expect(await send(first({ as: 'business' }))).toMatchObject({ ok: false, failure: { unconfirmed: true } });
  });
});

describe('a thread or contact that is gone', () => {
  const reply = 'POST /conversations/7001/reply';

  it('a deleted conversation, named so', async () => {
    vendor.answer({ [reply]: error(404, 'conversation_not_found', 'Fake.') });
    expect(await send(delivery())).toMatchObject({ ok: false, forget: 'thread' });
    expect(vendor.calls()).toHaveLength(1);
  });

  it('a deleted conversation, found out', async () => {
    vendor.answer({
      [reply]: error(404, 'not_found', 'Resource Not Found'),
      [`GET /contacts/${contact}`]: { json: { id: contact } },
    });
    expect(await send(delivery())).toMatchObject({ ok: false, forget: 'thread' });
  });

  it('a contact that was merged or deleted, while the conversation lives', async () => {
    vendor.answer({ [reply]: error(404, 'not_found', 'User Not Found'), 'GET /conversations/7001': conversation() });
    expect(await send(delivery())).toMatchObject({ ok: false, failure: { class: 'temporary' }, forget: 'contact' });
  });

  it('a contact that was merged, as newer versions say it', async () => {
    vendor.answer({ [reply]: error(410, 'contact_merged', 'Fake.') });
    expect(await send(delivery())).toMatchObject({ ok: false, forget: 'contact' });
  });

  it('neither: both can be seen, so it is tried again', async () => {
    vendor.answer({
      [reply]: error(404, 'not_found', 'Fake.'),
      'GET /conversations/7001': conversation(),
      [`GET /contacts/${contact}`]: { json: { id: contact } },
    });
    const result = await send(delivery());
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary', retryAfter: 3 } });
    expect(result).not.toHaveProperty('forget');
  });

  it('a conversation that the contact, though alive, is no party to', async () => {
    const contacts = { contacts: [{ type: 'contact', id: 'bbbbbbbbbbbbbbbbbbbbbbbb' }] };
    vendor.answer({
      [reply]: error(404, 'not_found', 'Fake.'),
      'GET /conversations/7001': { json: { id: '7001', contacts } },
      [`GET /contacts/${contact}`]: { json: { id: contact } },
    });
    expect(await send(delivery())).toMatchObject({ ok: false, forget: 'thread' });
  });

  it('a conversation that takes no more replies gives way to a new one', async () => {
    vendor.answer({ [reply]: error(403, 'action_forbidden', 'Fake.') });
    expect(await send(delivery())).toMatchObject({ ok: false, forget: 'thread' });
  });

  it('a workspace without a plan keeps its threads', async () => {
    vendor.answer({ [reply]: error(403, 'api_plan_restricted', 'Fake.') });
    const result = await send(delivery());
    expect(result).toMatchObject({ ok: false, failure: { class: 'policy' } });
    expect(result).not.toHaveProperty('forget');
  });
});

describe('an open outcome', () => {
  it.each([
    ['opening', 'POST /conversations', first()],
    ['appending', 'POST /conversations/7001/reply', delivery()],
  ])('after a vendor fault while %s is not repeated blindly', async (_what, call, what) => {
    vendor.answer({ [call]: error(500, 'server_error', 'Fake.') });
    expect(await send(what)).toMatchObject({ ok: false, failure: { class: 'temporary', unconfirmed: true } });
  });

  it('does not follow from a refusal', async () => {
    vendor.answer({ 'POST /conversations/7001/reply': error(429, 'rate_limit_exceeded', 'Fake.') });
    const result = await send(delivery());
    expect(result).toMatchObject({ ok: false, failure: { class: 'rate_limited', scope: 'channel' } });
    expect(result).not.toMatchObject({ failure: { unconfirmed: true } });
  });
});

it('goes to the workspace’s region', async () => {
  vendor.answer({ 'POST /conversations': { json: { id: '6001', conversation_id: '7001' } } });
  await send(first(), { region: 'EU' });
  expect(vendor.calls()).toEqual(['POST api.eu.intercom.io/conversations']);
});
