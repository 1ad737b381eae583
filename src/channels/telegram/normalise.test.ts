import { describe, expect, it } from 'vitest';
import type { Event, MessageEvent } from '../../contract/event.ts';
import { normalise } from './normalise.ts';
import { config, hasShared, readShared, sharedCases, webhook } from './testing.ts';

const ada = { id: 1001, is_bot: false, first_name: 'Ada', last_name: 'Example', username: 'ada', language_code: 'en' };
const adaSender = { id: '1001', kind: 'customer', name: 'Ada Example', username: 'ada', language: 'en' };
const privateChat = { id: 1001, type: 'private', first_name: 'Ada', last_name: 'Example', username: 'ada' };
const group = { id: -1009001, type: 'supergroup', title: 'Street group' };
const bot = { id: 7001, is_bot: true, first_name: 'Desk', username: 'example_desk_bot' };

function events(update: object): Event[] {
  return normalise(webhook({ update_id: 5, ...update }), config);
}

function message(over: object): object {
  return { message_id: 9, from: ada, chat: privateChat, date: 1_760_000_000, ...over };
}

/** The one event of an update. */
function only(update: object): Event {
  const [event, ...others] = events(update);
  expect(others).toEqual([]);
  if (!event) throw new Error('No event.');
  return event;
}

function said(over: object, kind = 'message'): MessageEvent {
  const event = only({ [kind]: message(over) });
  if (event.type !== 'message') throw new Error(`A ${event.type} event, not a message.`);
  return event;
}

describe.skipIf(!hasShared)('the published examples', () => {
  const path = 'contracts/telegram/updates.examples.json';
  const { updates } = hasShared ? readShared<{ updates: { name: string; update: object }[] }>(path) : { updates: [] };
  const from1001 = { id: '1001', kind: 'customer', name: 'Ada', language: 'en' };
  const g = { id: '-1001180035764', name: 'G' };
  const photo = (ref: string, side: number) => ({ kind: 'image', ref, width: side, height: side, mime: 'image/jpeg' });

  const expected: Record<string, object> = {
    text: {
      type: 'message',
      key: 'update:900001',
      id: '1',
      conversation: '1001',
      sender: from1001,
      at: '2025-10-09T08:53:20.000Z',
    },
    'start with payload': {
      type: 'conversation_started',
      conversation: '1001',
      sender: from1001,
      referral: { payload: 'ref_42' },
    },
    'photo (sizes ascending) with caption': {
      type: 'message',
      parts: [
        { ...photo('p2', 1280), size: 220000 },
        { kind: 'text', text: 'look' },
      ],
    },
    'album item 1': { type: 'message', album: '77', parts: [photo('p3', 90)] },
    'album item 2': { type: 'message', album: '77', parts: [photo('p4', 90)] },
    'document over the 20 MB download limit': {
      type: 'message',
      parts: [
        {
          kind: 'file',
          ref: 'd1',
          name: 'a.zip',
          mime: 'application/zip',
          size: 30000000,
          unavailable: expect.stringContaining('30 MB'),
        },
      ],
    },
    voice: { type: 'message', parts: [{ kind: 'voice', ref: 'v1', seconds: 3, mime: 'audio/ogg', size: 9000 }] },
    sticker: {
      type: 'message',
      parts: [
        { kind: 'sticker', ref: 's1', mime: 'image/webp', width: 512, height: 512 },
        { kind: 'text', text: '👍' },
      ],
    },
    location: { type: 'message', parts: [{ kind: 'location', lat: 52.1, lng: 4.3 }] },
    contact: { type: 'message', parts: [{ kind: 'contact', name: 'Ada', phones: ['+15005550006'] }] },
    'reply with quote': { type: 'message', replyTo: { id: '1', text: 'Hi' } },
    'edited text': { type: 'edit', id: '1', key: 'update:900012:1760000060', parts: [{ kind: 'text', text: 'Hi!' }] },
    'button press': {
      type: 'message',
      id: 'callback:cb1',
      conversation: '1001',
      parts: [{ kind: 'choice', label: 'opt:1', payload: 'opt:1' }],
    },
    'button press on a message too old to read': {
      type: 'message',
      id: 'callback:cb2',
      conversation: '1001',
      parts: [{ kind: 'choice', label: 'opt:2', payload: 'opt:2' }],
    },
    'bot blocked by the user': { type: 'opted_out', contact: '1001', conversation: '1001', sender: from1001 },
    'bot unblocked': { type: 'opted_in', contact: '1001', conversation: '1001' },
    'bot removed from a group': { type: 'opted_out', contact: '-354277871', conversation: '-354277871' },
    'migration, seen in the old group': { type: 'chat_migrated', from: '-354277871', to: '-1001180035764' },
    'migration, seen in the new supergroup': { type: 'chat_migrated', from: '-354277871', to: '-1001180035764' },
    'reaction (needs admin + allowed_updates)': { type: 'reaction', id: '5', emoji: '👍', sender: from1001 },
    'topic message in a forum': { type: 'message', conversation: '-1001180035764:t3', group: g, sender: from1001 },
    'sent as a channel (anonymous)': {
      type: 'message',
      conversation: '-1001180035764',
      group: g,
      sender: { id: '-1002000000001', kind: 'customer', name: 'C' },
    },
    'kind unknown to us': { type: 'unknown', kind: 'brand_new_kind' },
  };

  it.each(updates.map(({ name, update }) => [name, update] as const))('%s', (name, update) => {
    const [event, ...others] = normalise(webhook(update), config);
    expect(others).toEqual([]);
    expect(event).toMatchObject(expected[name] ?? { type: `an expectation for "${name}"` });
  });

  it('are read as one migration, from whichever chat it is told', () => {
    const keys = updates
      .filter(({ name }) => name.startsWith('migration'))
      .flatMap(({ update }) => normalise(webhook(update), config).map(event => event.key));
    expect(new Set(keys)).toEqual(new Set(['migrated:-354277871:-1001180035764']));
  });
});

interface Case {
  id: string;
  kind: string;
  config: { bot_id: number; bot_username: string; secret_token: string };
  request: { body: unknown };
  expect: { messages?: Record<string, unknown>[]; events?: Record<string, unknown>[]; ignored?: string };
}

describe.skipIf(!hasShared)('the conformance cases', () => {
  const cases = hasShared ? sharedCases<Case>('tg-').filter(({ kind }) => kind === 'inbound') : [];

  it.each(cases.map(one => [one.id, one] as const))('%s', (_id, one) => {
    const own = {
      token: `${one.config.bot_id}:not-a-real-token`,
      secretToken: one.config.secret_token,
      username: one.config.bot_username,
    };
    const found = normalise(webhook(one.request.body), own);
    const messages = found.filter(event => event.type === 'message');
    const others = found.filter(event => event.type !== 'message' && event.type !== 'ignored');
    expect(messages.map(asCase)).toMatchObject(one.expect.messages?.map(({ text_contains: _, ...rest }) => rest) ?? []);
    expect(others.map(eventAsCase)).toMatchObject(one.expect.events ?? []);
    for (const [index, { text_contains: words }] of (one.expect.messages ?? []).entries()) {
      if (words !== undefined) expect(asCase(messages[index] as MessageEvent).text).toContain(words);
    }
  });

  function asCase({ id, sender, parts }: MessageEvent) {
    const location = parts.find(part => part.kind === 'location');
    const words = parts.flatMap(part => ('text' in part ? [part.text] : []));
    return {
      id,
      sender_id: sender.id,
      sender_name: sender.name,
      text: words.join('\n'),
      attachments: parts.flatMap(part =>
        'ref' in part && part.kind !== 'story' ? [{ type: part.kind, mime: part.mime, media_id: part.ref }] : [],
      ),
      ...(location ? { location } : {}),
      placeholder: parts.some(part => part.kind === 'unsupported'),
    };
  }

  function eventAsCase(event: Event) {
    const payload = 'referral' in event ? event.referral?.payload : undefined;
    return { ...event, ...('id' in event ? { message_id: event.id } : {}), payload };
  }
});

describe('who and where', () => {
  it('takes the chat for the sender where a private message names none', () => {
    expect(said({ from: undefined, text: 'x' }).sender).toMatchObject({ id: '1001', name: 'Ada Example' });
  });

  it('shows an anonymous administrator as the group itself', () => {
    const from = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
    const event = said({ chat: group, from, sender_chat: group, author_signature: 'Boss', text: 'x' });
    expect(event.sender).toEqual({ id: '-1009001', kind: 'customer', name: 'Street group' });
    expect(event.group).toEqual({ id: '-1009001', name: 'Street group' });
  });

  it('shows a channel’s post in its discussion group as the channel’s', () => {
    const from = { id: 777000, is_bot: false, first_name: 'Telegram' };
    const channel = { id: -1009002, type: 'channel', title: 'News' };
    const event = said({ chat: group, from, sender_chat: channel, is_automatic_forward: true, text: 'x' });
    expect(event.sender).toEqual({ id: '-1009002', kind: 'customer', name: 'News' });
  });

  it('keeps ids beyond 2^53 whole', () => {
    const body =
      '{"update_id":9007199254740993,"message":{"message_id":9007199254740995,"date":1760000000,"text":"x","from":{"id":9007199254740997,"first_name":"A"},"chat":{"id":9007199254740997,"type":"private"}}}';
    expect(normalise(webhook(body), config)).toMatchObject([
      {
        key: 'update:9007199254740993',
        id: '9007199254740995',
        conversation: '9007199254740997',
        sender: { id: '9007199254740997' },
      },
    ]);
  });

  it('leaves a channel’s own posts alone', () => {
    const channel = { id: -1009002, type: 'channel', title: 'News' };
    for (const kind of ['channel_post', 'edited_channel_post']) {
      expect(
        only({ [kind]: message({ chat: channel, from: undefined, sender_chat: channel, text: 'x' }) }),
      ).toMatchObject({
        type: 'ignored',
        kind,
      });
    }
  });

  it('ignores what the bot wrote itself', () => {
    expect(only({ message: message({ from: bot, chat: group, text: 'x' }) })).toMatchObject({ type: 'ignored' });
  });

  it('reads other bots in a group as bots', () => {
    const other = { id: 7999, is_bot: true, first_name: 'Helper' };
    expect(said({ from: other, chat: group, text: 'x' }).sender).toMatchObject({ id: '7999', kind: 'bot' });
  });

  it('takes the thread of an ordinary reply for no topic', () => {
    expect(said({ chat: group, message_thread_id: 3, text: 'x' }).conversation).toBe('-1009001');
  });

  it('keeps the direct messages of a channel apart by person', () => {
    const chat = { id: -1009003, type: 'supergroup', title: 'News', is_direct_messages: true };
    const topic = { direct_messages_topic: { topic_id: 1001, user: ada } };
    const event = said({ chat, ...topic, text: 'x' });
    expect(event).toMatchObject({ conversation: '-1009003:d1001', sender: { id: '1001', kind: 'customer' } });
    expect(event.group).toBeUndefined();
    const channel = { id: -1009002, type: 'channel', title: 'News' };
    expect(only({ message: message({ chat, ...topic, sender_chat: channel, text: 'x' }) })).toMatchObject({
      type: 'echo',
      sender: { id: '-1009002', kind: 'business' },
    });
  });
});

describe('business accounts', () => {
  const owner = { id: 3003, is_bot: false, first_name: 'Shop' };
  const link = { business_connection_id: 'bc_1' };

  it('keeps the account’s chat apart from the bot’s own with the same person', () => {
    expect(said({ ...link, text: 'x' }, 'business_message')).toMatchObject({
      conversation: '1001:bbc_1',
      sender: adaSender,
    });
  });

  it('shows what the owner writes as the business’s, and ignores what we sent in the owner’s name', () => {
    expect(only({ business_message: message({ ...link, from: owner, text: 'x' }) })).toMatchObject({
      type: 'echo',
      conversation: '1001:bbc_1',
      sender: { id: '3003', kind: 'business', name: 'Shop' },
    });
    const sent = message({ ...link, from: owner, sender_business_bot: bot, text: 'x' });
    expect(only({ business_message: sent })).toMatchObject({ type: 'ignored' });
  });

  it('reads edits and deletions', () => {
    const edited = message({ ...link, text: 'y', edit_date: 1_760_000_100 });
    expect(only({ edited_business_message: edited })).toMatchObject({
      type: 'edit',
      id: '9',
      conversation: '1001:bbc_1',
    });
    expect(events({ deleted_business_messages: { ...link, chat: privateChat, message_ids: [7, 8] } })).toEqual([
      { type: 'delete', key: 'update:5:7', conversation: '1001:bbc_1', id: '7' },
      { type: 'delete', key: 'update:5:8', conversation: '1001:bbc_1', id: '8' },
    ]);
  });

  it('notes that an account was attached, without doing anything', () => {
    expect(only({ business_connection: { id: 'bc_1', user: owner } })).toMatchObject({ type: 'ignored' });
  });
});

describe('/start', () => {
  it('starts a conversation and is no customer text', () => {
    expect(only({ message: message({ text: '/start' }) })).toEqual({
      type: 'conversation_started',
      key: 'update:5',
      conversation: '1001',
      at: '2025-10-09T08:53:20.000Z',
      sender: adaSender,
    });
  });

  it('is text as soon as there are words behind it', () => {
    expect(said({ text: '/start the engine, please' }).parts).toEqual([
      { kind: 'text', text: '/start the engine, please' },
    ]);
    expect(said({ text: 'please /start' }).parts).toHaveLength(1);
  });

  it('may name the bot, and another bot’s is text', () => {
    expect(only({ message: message({ text: '/start@Example_Desk_Bot a-1' }) })).toMatchObject({
      referral: { payload: 'a-1' },
    });
    expect(said({ text: '/start@other_bot' }).parts).toHaveLength(1);
  });

  it('says nothing in a group', () => {
    expect(only({ message: message({ chat: group, text: '/start' }) })).toMatchObject({
      type: 'ignored',
      kind: '/start',
    });
  });
});

describe('buttons', () => {
  const press = (over: object) => ({ callback_query: { id: '9007199254740993', from: ada, data: 'opt:1', ...over } });

  it('are shown by what was written on them', () => {
    const keyboard = {
      inline_keyboard: [[{ text: 'Yes', callback_data: 'opt:1' }], [{ text: 'No', callback_data: 'opt:2' }]],
    };
    const pressed = press({ message: { message_id: 3, chat: group, date: 1, reply_markup: keyboard } });
    expect(only(pressed)).toMatchObject({
      id: 'callback:9007199254740993',
      conversation: '-1009001',
      group: { name: 'Street group' },
      parts: [{ kind: 'choice', label: 'Yes', payload: 'opt:1' }],
    });
  });

  it('belong to the presser where no message comes along', () => {
    expect(only(press({ inline_message_id: 'x' }))).toMatchObject({ conversation: '1001' });
    expect(only(press({ data: undefined, game_short_name: 'chess' }))).toMatchObject({ parts: [{ label: 'chess' }] });
  });

  it('without anything on them are kept as unknown', () => {
    expect(only(press({ data: undefined }))).toMatchObject({ type: 'unknown', kind: 'callback_query' });
  });
});

describe('reactions', () => {
  const change = (before: object[], after: object[], over: object = {}) => ({
    message_reaction: {
      chat: group,
      message_id: 3,
      user: ada,
      date: 1_760_000_000,
      old_reaction: before,
      new_reaction: after,
      ...over,
    },
  });
  const emoji = (sign: string) => ({ type: 'emoji', emoji: sign });
  const custom = (id: string) => ({ type: 'custom_emoji', custom_emoji_id: id });

  it('tells what was taken back and what was added', () => {
    expect(events(change([emoji('🔥'), emoji('👍')], [emoji('👍'), emoji('❤')]))).toMatchObject([
      { type: 'reaction_removed', key: 'update:5:0', id: '3', emoji: '🔥', sender: { id: '1001' } },
      { type: 'reaction', key: 'update:5:1', id: '3', emoji: '❤' },
    ]);
  });

  it('tells custom emoji apart and gives readable words for what cannot be drawn', () => {
    expect(events(change([custom('1')], [custom('2'), { type: 'paid' }]))).toMatchObject([
      { type: 'reaction_removed', emoji: 'custom emoji' },
      { type: 'reaction', emoji: 'custom emoji' },
      { type: 'reaction', emoji: '⭐' },
    ]);
  });

  it('may come from a chat, and ignores lists that are the same', () => {
    expect(only(change([], [emoji('👍')], { user: undefined, actor_chat: group }))).toMatchObject({
      sender: { id: '-1009001' },
    });
    expect(only(change([emoji('👍')], [emoji('👍')]))).toMatchObject({ type: 'ignored' });
    expect(only({ message_reaction_count: { chat: group, message_id: 3 } })).toMatchObject({ type: 'ignored' });
  });
});

describe('membership', () => {
  const change = (chat: object, before: object, after: object) => ({
    my_chat_member: { chat, from: ada, date: 1_760_000_000, old_chat_member: before, new_chat_member: after },
  });
  const status = (word: string, over: object = {}) => ({ status: word, user: bot, ...over });

  it.each([
    ['added to a group', group, status('left'), status('member'), 'opted_in'],
    ['removed from a group', group, status('administrator'), status('kicked'), 'opted_out'],
    ['put out by a restriction', group, status('member'), status('restricted', { is_member: false }), 'opted_out'],
    ['made administrator', group, status('member'), status('administrator'), 'ignored'],
    ['blocked before a word was said', privateChat, status('left'), status('kicked'), 'opted_out'],
    ['added to a channel', { id: -1, type: 'channel' }, status('left'), status('administrator'), 'ignored'],
    ['something new', group, status('member'), status('hovering'), 'unknown'],
  ])('%s: %s', (_name, chat, before, after, type) => {
    expect(only(change(chat, before, after)).type).toBe(type);
  });

  it('of a group has the group as its contact', () => {
    const event = only(change(group, status('left'), status('member')));
    expect(event).toMatchObject({ contact: '-1009001', conversation: '-1009001' });
    expect(event).not.toHaveProperty('sender.id');
  });
});

describe('edits', () => {
  it('carry the new parts and when they were made', () => {
    const photo = [{ file_id: 'p1', width: 10, height: 10 }];
    expect(only({ edited_message: message({ photo, caption: 'new', edit_date: 1_760_000_100 }) })).toMatchObject({
      type: 'edit',
      key: 'update:5:1760000100',
      at: '2025-10-09T08:55:00.000Z',
      id: '9',
      sender: adaSender,
      parts: [
        { kind: 'image', ref: 'p1' },
        { kind: 'text', text: 'new' },
      ],
    });
  });
});

describe('migration', () => {
  it('is told even where the message is the bot’s own or has no sender', () => {
    const told = message({ from: bot, chat: { id: -40, type: 'group', title: 'G' }, migrate_to_chat_id: -1009001 });
    expect(only({ message: told })).toMatchObject({ type: 'chat_migrated', key: 'migrated:-40:-1009001' });
  });
});

describe('what cannot be read', () => {
  it.each([
    ['no JSON', '{"update_id":'],
    ['an empty body', ''],
    ['a list', '[1]'],
    ['a number', '7'],
    ['null', 'null'],
    ['nesting without end', '['.repeat(200_000)],
  ])('%s is one unknown event, the same each time', (_name, body) => {
    const found = normalise(webhook(body), config);
    expect(found).toEqual([
      { type: 'unknown', key: expect.stringMatching(/^body:[0-9a-f]{64}$/), kind: 'unreadable body' },
    ]);
    expect(normalise(webhook(body), config)).toEqual(found);
    expect(normalise(webhook(`${body} `), config)[0]?.key).not.toBe(found[0]?.key);
  });

  it.each([
    'message',
    'edited_message',
    'callback_query',
    'message_reaction',
    'my_chat_member',
    'deleted_business_messages',
  ])('a %s of odd types is unknown', kind => {
    for (const payload of [null, 7, 'x', [], {}, { chat: 7, message_id: {} }, { chat: { id: [] }, message_id: true }]) {
      expect(only({ [kind]: payload })).toEqual({ type: 'unknown', key: 'update:5', kind });
    }
  });

  it('keeps every part of an update that has more than one, or none', () => {
    expect(events({ message: message({ text: 'x' }), brand_new: 1 })).toMatchObject([
      { type: 'message', key: 'update:5:message' },
      { type: 'unknown', key: 'update:5:brand_new' },
    ]);
    expect(only({})).toMatchObject({ type: 'unknown', kind: 'empty update' });
  });

  it('does not take the names of JavaScript’s own properties for kinds', () => {
    expect(only({ constructor: {} })).toMatchObject({ type: 'unknown', kind: 'constructor' });
  });

  it('gives an update without an id a key of its own', () => {
    const [event] = normalise(webhook({ message: message({ text: 'x' }) }), config);
    expect(event).toMatchObject({ type: 'message', key: expect.stringMatching(/^body:/) });
  });
});
