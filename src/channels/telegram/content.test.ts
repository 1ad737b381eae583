import { describe, expect, it } from 'vitest';
import type { Part } from '../../contract/message.ts';
import type { Dict } from '../../kit/read.ts';
import { forwardedFrom, partsOf, quoteOf } from './content.ts';
import { contentField, serviceField } from './fields.ts';
import { normalise } from './normalise.ts';
import { type BotApiSpec, config, hasShared, readShared, webhook } from './testing.ts';

const file = { file_id: 'f1', file_unique_id: 'u1', file_size: 1000 };

describe('files', () => {
  it.each<[string, Dict, Partial<Part>]>([
    [
      'video',
      { video: { ...file, width: 640, height: 360, duration: 9, mime_type: 'video/mp4', file_name: 'a.mp4' } },
      { kind: 'video', ref: 'f1', name: 'a.mp4', mime: 'video/mp4', width: 640, height: 360, seconds: 9, size: 1000 },
    ],
    [
      'video note',
      { video_note: { ...file, length: 240, duration: 5 } },
      { kind: 'video', mime: 'video/mp4', width: 240, height: 240 },
    ],
    ['voice', { voice: { ...file, duration: 2 } }, { kind: 'voice', mime: 'audio/ogg', seconds: 2 }],
    [
      'audio',
      { audio: { ...file, performer: 'Band', title: 'Song', duration: 2 } },
      { kind: 'audio', name: 'Band – Song' },
    ],
    ['named audio', { audio: { ...file, title: 'Song', file_name: 'x.mp3' } }, { kind: 'audio', name: 'x.mp3' }],
    [
      'document',
      { document: { ...file, mime_type: 'application/pdf', file_name: 'a.pdf' } },
      { kind: 'file', name: 'a.pdf' },
    ],
    [
      'animated sticker',
      { sticker: { ...file, is_animated: true } },
      { kind: 'sticker', mime: 'application/x-tgsticker' },
    ],
    ['video sticker', { sticker: { ...file, is_video: true } }, { kind: 'sticker', mime: 'video/webm' }],
    ['picture that moves', { animation: { ...file, mime_type: 'image/gif' } }, { kind: 'image', mime: 'image/gif' }],
  ])('%s', (_name, message, part) => {
    expect(partsOf(message)).toEqual([expect.objectContaining(part)]);
  });

  it('reads an animation once though it comes as a document too', () => {
    const animation = { ...file, mime_type: 'video/mp4', width: 10, height: 10, duration: 1 };
    expect(partsOf({ animation, document: file })).toMatchObject([{ kind: 'video', ref: 'f1' }]);
  });

  it('takes the largest size of a photo, wherever it stands', () => {
    const sizes = [90, 1280, 320].map(side => ({ file_id: `p${side}`, width: side, height: side }));
    expect(partsOf({ photo: sizes })).toMatchObject([{ ref: 'p1280', mime: 'image/jpeg' }]);
  });

  it('carries a live photo as its picture and its clip', () => {
    const photo = [{ file_id: 'p1', width: 10, height: 10 }];
    expect(partsOf({ photo, live_photo: { ...file, photo, width: 10, height: 10, duration: 2 } })).toMatchObject([
      { kind: 'image', ref: 'p1' },
      { kind: 'video', ref: 'f1' },
    ]);
  });

  it('carries what was paid for, and says what stays hidden', () => {
    const paid = [{ type: 'photo', photo: [{ file_id: 'p1', width: 1, height: 1 }] }, { type: 'preview' }];
    expect(partsOf({ paid_media: { star_count: 5, paid_media: paid } })).toMatchObject([
      { kind: 'image', ref: 'p1' },
      { kind: 'unsupported', text: 'Paid media (5 Telegram Stars)' },
    ]);
  });

  it('says why a file over 20 MB cannot be had, and only then', () => {
    const limit = 20 * 1024 * 1024;
    const unavailable = (size: number) => partsOf({ document: { ...file, file_size: size } })[0];
    expect(unavailable(limit)).not.toHaveProperty('unavailable', expect.any(String));
    expect(unavailable(limit + 1)).toHaveProperty('unavailable', expect.stringContaining('20 MB'));
  });

  it('puts a caption, with its formatting, behind the file', () => {
    const parts = partsOf({
      voice: file,
      caption: 'so much',
      caption_entities: [{ type: 'bold', offset: 3, length: 4 }],
    });
    expect(parts[1]).toEqual({ kind: 'text', text: 'so much', marks: [{ type: 'bold', start: 3, end: 7 }] });
  });
});

describe('places and contacts', () => {
  it('reads a place on the equator and the meridian', () => {
    expect(partsOf({ location: { latitude: 0, longitude: 0 } })).toMatchObject([{ kind: 'location', lat: 0, lng: 0 }]);
  });

  it('adds what only the contact’s card holds', () => {
    const vcard =
      'BEGIN:VCARD\r\nTEL;TYPE=cell:+1 (500) 555-0006\r\nitem1.TEL:+15005550007\r\nEMAIL;TYPE=work:ada@example.com\r\nEND:VCARD';
    expect(
      partsOf({ contact: { phone_number: '+15005550006', first_name: 'Ada', last_name: 'Example', vcard } }),
    ).toEqual([
      { kind: 'contact', name: 'Ada Example', phones: ['+15005550006', '+15005550007'], emails: ['ada@example.com'] },
    ]);
  });
});

describe('stand-ins', () => {
  it.each<[Dict, string]>([
    [{ poll: { question: 'When?', options: [{ text: 'Now' }, { text: 'Later' }] } }, 'Poll: When?\n– Now\n– Later'],
    [{ dice: { emoji: '🎯', value: 6 } }, '🎯 came up 6'],
    [{ story: { chat: { id: 1, title: 'Shop', username: 'shop' }, id: 4 } }, 'A story by Shop\nhttps://t.me/shop/s/4'],
    [{ game: { title: 'Chess' } }, 'Game: Chess'],
    [{ invoice: { title: 'Tea', description: 'A cup' } }, 'Invoice: Tea\nA cup'],
    [
      { checklist: { title: 'To do', tasks: [{ text: 'Call', completion_date: 5 }, { text: 'Wait' }] } },
      'Checklist: To do\n☑ Call\n☐ Wait',
    ],
    [{ gift: { gift: {}, text: 'Thank you' } }, 'A gift\nThank you'],
    [{ unique_gift: { gift: { base_name: 'Hat', number: 7 } } }, 'A gift: Hat #7'],
    [{ giveaway: { winner_count: 3, prize_description: 'A trip' } }, 'Giveaway with 3 winners\nA trip'],
    [
      { brand_new_thing: { a: 1 } },
      'A Telegram message that cannot be shown here (brand new thing). Open it in Telegram.',
    ],
    [{ photo: [] }, 'A Telegram message that cannot be shown here (photo). Open it in Telegram.'],
    [{}, 'A Telegram message that cannot be shown here. Open it in Telegram.'],
  ])('%j', (message, text) => {
    expect(partsOf(message)).toEqual([{ kind: 'unsupported', text }]);
  });

  it('passes on what a Web App sent, JSON or not', () => {
    expect(partsOf({ web_app_data: { data: '{"a":1}', button_text: 'Order' } })).toEqual([
      { kind: 'text', text: 'Order: {"a":1}' },
    ]);
  });
});

describe('rich messages', () => {
  it('are one text with formatting, and their files', () => {
    const blocks = [
      { type: 'heading', text: 'Menu', size: 1 },
      {
        type: 'paragraph',
        text: ['Tea, ', { type: 'bold', text: 'hot' }, ' ', { type: 'url', text: 'here', url: 'https://example.com/' }],
      },
      {
        type: 'list',
        items: [
          { label: '1.', blocks: [{ type: 'paragraph', text: 'one' }] },
          { label: '2.', has_checkbox: true, is_checked: true, blocks: [{ type: 'paragraph', text: 'two' }] },
        ],
      },
      { type: 'table', cells: [[{ text: 'a' }, { text: 'b' }]] },
      { type: 'photo', photo: [{ file_id: 'p1', width: 1, height: 1 }], caption: { text: 'a cup' } },
    ];
    expect(partsOf({ rich_message: { blocks } })).toEqual([
      expect.objectContaining({ kind: 'image', ref: 'p1' }),
      {
        kind: 'text',
        text: 'Menu\nTea, hot here\n1. one\n☑ two\na | b\na cup',
        marks: [
          { type: 'bold', start: 0, end: 4 },
          { type: 'bold', start: 10, end: 13 },
          { type: 'link', start: 14, end: 18, url: 'https://example.com/' },
        ],
      },
    ]);
  });

  it('may nest without end', () => {
    let text: unknown = 'deep';
    for (let depth = 0; depth < 3000; depth++) text = { type: 'bold', text };
    expect(
      partsOf({
        rich_message: {
          blocks: [
            { type: 'paragraph', text },
            { type: 'footer', text: 'end' },
          ],
        },
      }),
    ).toEqual([{ kind: 'text', text: 'end' }]);
  });
});

describe('replies and forwards', () => {
  const reply = { message_id: 4, text: 'the whole message' };

  it('quotes the part that was chosen, else the message', () => {
    expect(quoteOf({ reply_to_message: reply })).toEqual({ id: '4', text: 'the whole message' });
    expect(quoteOf({ reply_to_message: reply, quote: { text: 'whole', position: 4 } })).toEqual({
      id: '4',
      text: 'whole',
    });
  });

  it.each<[object, string | undefined]>([
    [{ photo: [{ file_id: 'p' }], caption: 'look' }, 'look'],
    [{ photo: [{ file_id: 'p' }] }, 'Photo'],
    [{ voice: file }, 'Voice message'],
    [{ document: { ...file, file_name: 'a.pdf' } }, 'a.pdf'],
    [{ sticker: file }, 'Sticker'],
    [{ location: { latitude: 1, longitude: 2 } }, 'Location'],
    [{ contact: { first_name: 'Ada' } }, 'Ada'],
    [{ dice: { emoji: '🎲', value: 1 } }, '🎲 came up 1'],
    [{}, undefined],
  ])('names what was answered: %j', (content, text) => {
    expect(quoteOf({ reply_to_message: { message_id: 4, ...content } })).toEqual({ id: '4', text });
  });

  it('takes the opening of a topic for no answer', () => {
    const topic = { is_topic_message: true, message_thread_id: 4 };
    expect(
      quoteOf({ ...topic, reply_to_message: { message_id: 4, forum_topic_created: { name: 'Help' } } }),
    ).toBeUndefined();
    expect(quoteOf({ ...topic, reply_to_message: { message_id: 5, text: 'x' } })).toEqual({ id: '5', text: 'x' });
  });

  it('knows answers to other chats and to stories, under ids that are no message’s here', () => {
    const external = { origin: {}, chat: { id: -5 }, message_id: 4 };
    expect(quoteOf({ external_reply: external, quote: { text: 'there' } })).toEqual({
      id: 'external:-5:4',
      text: 'there',
    });
    expect(quoteOf({ reply_to_story: { chat: { id: 1, title: 'Shop' }, id: 7 } })).toEqual({
      id: 'story:7',
      text: 'A story by Shop',
    });
    expect(quoteOf({ text: 'no reply' })).toBeUndefined();
  });

  it.each<[object, string]>([
    [{ type: 'user', sender_user: { id: 1, first_name: 'Bo', last_name: 'Example' } }, 'Bo Example'],
    [{ type: 'hidden_user', sender_user_name: 'Someone shy' }, 'Someone shy'],
    [{ type: 'chat', sender_chat: { id: -1, title: 'Group' } }, 'Group'],
    [{ type: 'channel', chat: { id: -1, title: 'News' }, message_id: 1 }, 'News'],
    [{ type: 'new' }, 'someone'],
  ])('names the first author: %j', (origin, name) => {
    expect(forwardedFrom({ forward_origin: origin })).toBe(name);
  });
});

describe.skipIf(!hasShared)('every field of a Telegram message', () => {
  const fields = hasShared ? (readShared<BotApiSpec>('contracts/telegram/api.json').types.Message?.fields ?? []) : [];
  const saidByPeople = new Set(['gift', 'unique_gift', 'web_app_data']);
  const told = fields.filter(({ description }) => /service message/i.test(description));

  it.each(told.filter(({ name }) => !saidByPeople.has(name)).map(({ name }) => name))(
    '%s is no customer text',
    name => {
      for (const value of [{ anything: 1 }, true, [{ id: 2 }], 'words']) {
        const message = { message_id: 1, date: 1, chat: { id: 1001, type: 'private' }, [name]: value };
        expect(normalise(webhook({ update_id: 5, message }), config)).toMatchObject([{ type: 'ignored', kind: name }]);
      }
    },
  );

  it('is sorted: about the message, told by Telegram, or said', () => {
    const said = fields.map(({ name }) => name).filter(name => contentField({ [name]: 1 }) !== undefined);
    expect(said.sort()).toEqual(
      [
        ...[
          'text',
          'caption',
          'rich_message',
          'animation',
          'audio',
          'document',
          'live_photo',
          'paid_media',
          'photo',
          'sticker',
        ],
        ...[
          'story',
          'video',
          'video_note',
          'voice',
          'checklist',
          'contact',
          'dice',
          'game',
          'poll',
          'venue',
          'location',
        ],
        ...['invoice', 'gift', 'unique_gift', 'giveaway', 'giveaway_winners', 'passport_data', 'web_app_data'],
      ].sort(),
    );
    expect(serviceField({ pinned_message: { message_id: 1 } })).toBe('pinned_message');
  });
});
