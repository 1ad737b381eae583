import { describe, expect, it } from 'vitest';
import type { Part } from '../../contract/message.ts';
import { fromAda } from './testing.ts';

function partsOf(message: object): Part[] {
  const [event] = fromAda(message);
  if (event?.type !== 'message') throw new Error(`${event?.type} is no message.`);
  return event.parts;
}

describe('files', () => {
  it.each([
    ['image', {}, 'image'],
    ['video', {}, 'video'],
    ['audio', { voice: false }, 'audio'],
    ['audio', { voice: true }, 'voice'],
    ['document', { filename: 'Re\u0301sume\u0301.pdf' }, 'file'],
    ['sticker', { animated: true }, 'sticker'],
  ])('%s %j', (type, over, kind) => {
    const file = { id: '8100', mime_type: 'made/up', sha256: 'x', url: 'https://lookaside.fbsbx.com/x', ...over };
    const name = 'filename' in over ? { name: over.filename } : {};
    expect(partsOf({ type, [type]: file })).toEqual([{ kind, ref: '8100', mime: 'made/up', ...name }]);
  });

  it('keep their caption, also when they are gone', () => {
    const image = { id: '8100', mime_type: 'image/jpeg', caption: 'see the crack' };
    const errors = [{ code: 131052, title: 'Media download error' }];
    expect(partsOf({ type: 'image', image, errors })).toEqual([
      {
        kind: 'image',
        ref: '8100',
        mime: 'image/jpeg',
        unavailable: 'A picture that WhatsApp did not hand over. Media download error',
      },
      { kind: 'text', text: 'see the crack' },
    ]);
    expect(partsOf({ type: 'video', video: { caption: 'and the sound' } })).toEqual([
      { kind: 'unsupported', text: 'A video that WhatsApp did not hand over.' },
      { kind: 'text', text: 'and the sound' },
    ]);
  });
});

describe('other content', () => {
  it('has places, whose coordinates may be zero', () => {
    const location = {
      latitude: 0,
      longitude: -0.1277,
      name: 'Pier 4',
      address: '1 Quay Rd',
      url: 'https://maps.example',
    };
    expect(partsOf({ type: 'location', location })).toEqual([
      { kind: 'location', lat: 0, lng: -0.1277, name: 'Pier 4', address: '1 Quay Rd' },
    ]);
  });

  it('has contacts, with what they tell of themselves', () => {
    const contacts = [
      {
        name: { formatted_name: 'Grace Example', first_name: 'Grace' },
        phones: [{ phone: '+1 202 555 0143', wa_id: '12025550143' }, { wa_id: '12025550144' }],
        emails: [{ email: 'grace@example.com' }],
      },
      { vcard: 'BEGIN:VCARD\nVERSION:3.0\nFN:Mary Example\nEND:VCARD', phones: [{ phone: '12025550145' }] },
      { name: { first_name: 'Joan', last_name: 'Example' } },
      { org: { company: 'Example Ltd' } },
      {},
    ];
    expect(partsOf({ type: 'contacts', contacts })).toEqual([
      {
        kind: 'contact',
        name: 'Grace Example',
        phones: ['+1 202 555 0143', '12025550144'],
        emails: ['grace@example.com'],
      },
      { kind: 'contact', name: 'Mary Example', phones: ['12025550145'] },
      { kind: 'contact', name: 'Joan Example', phones: [] },
      { kind: 'contact', name: 'Example Ltd', phones: [] },
      { kind: 'contact', name: 'Contact', phones: [] },
    ]);
  });

  it('has choices: buttons of templates and messages, rows of lists', () => {
    const interactive = (type: string, reply: object) => ({
      type: 'interactive',
      interactive: { type, [type]: reply },
    });
    const label = 'Yes, keep it';
    const choice = { kind: 'choice', label, payload: 'CONFIRM-9' };
    expect(partsOf({ type: 'button', button: { payload: 'CONFIRM-9', text: label } })).toEqual([choice]);
    expect(partsOf(interactive('button_reply', { id: 'CONFIRM-9', title: label }))).toEqual([choice]);
    expect(partsOf(interactive('list_reply', { id: 'CONFIRM-9', title: label, description: 'Free' }))).toEqual([
      choice,
    ]);
  });

  it.each([
    [
      '{"size":"M","flow_token":"secret","count":2,"extras":["a"]}',
      'A form filled in:\n– size: M\n– count: 2\n– extras: ["a"]',
    ],
    ['{broken', 'A form filled in:\n{broken'],
    ['"text"', 'A form filled in:\n"text"'],
    [undefined, 'A form filled in:\nSent'],
  ])('has forms, answered by %j', (response_json, text) => {
    const interactive = { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json } };
    expect(partsOf({ type: 'interactive', interactive })).toEqual([{ kind: 'unsupported', text }]);
  });

  it('has orders', () => {
    const product_items = [
      { product_retailer_id: 'HAMBURGER', quantity: 3, item_price: 30.5, currency: 'ILS' },
      { product_retailer_id: 'SODA' },
    ];
    expect(partsOf({ type: 'order', order: { catalog_id: '1', text: 'No onions', product_items } })).toEqual([
      { kind: 'unsupported', text: 'An order:\n– 3 × HAMBURGER at 30.5 ILS\n– 1 × SODA\nNo onions' },
    ]);
  });

  it('has what a message answers, where it comes from, and what brought the customer', () => {
    const text = { type: 'text', text: { body: 'Hi' } };
    expect(fromAda({ ...text, context: { from: '12025550100', id: 'wamid.OUT1' } })).toMatchObject([
      { replyTo: { id: 'wamid.OUT1' } },
    ]);
    const [forwarded] = fromAda({ ...text, context: { frequently_forwarded: true } });
    expect(forwarded).toMatchObject({ forwardedFrom: 'someone' });
    expect(forwarded).not.toHaveProperty('replyTo', expect.anything());
    const referral = {
      source_url: 'https://fb.example/1',
      source_id: '12',
      source_type: 'ad',
      headline: 'Plants',
      ctwa_clid: 'Aff',
    };
    expect(fromAda({ ...text, referral })).toMatchObject([
      { referral: { payload: 'Aff', source: 'ad', url: 'https://fb.example/1', title: 'Plants' } },
    ]);
    const referred_product = { catalog_id: '19', product_retailer_id: 'di9' };
    expect(fromAda({ ...text, context: { id: 'wamid.OUT1', referred_product } })).toMatchObject([
      { referral: { source: 'product', payload: 'di9' } },
    ]);
  });
});
