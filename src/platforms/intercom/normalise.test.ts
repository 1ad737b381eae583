import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHtml } from './body.ts';
import { normalise } from './normalise.ts';
import { config, contract, hasShared, said, typesOf, webhook } from './testing.ts';

type Json = Record<string, unknown>;

const ada = { type: 'admin', id: '9000042', name: 'Ada Fake' };

const comment = (more: Json = {}): Json => ({
  type: 'conversation_part',
  id: '501',
  part_type: 'comment',
  body: '<p>Hello</p>',
  created_at: 1790000100,
  author: ada,
  attachments: [],
  redacted: false,
  ...more,
});

function notification(topic: string, item: Json, more: Json = {}): Json {
  return {
    type: 'notification_event',
    app_id: 'fake0001',
    id: 'notif_fake',
    topic,
    created_at: 1790000101,
    data: { type: 'notification_event_data', item },
    ...more,
  };
}

const conversation = (...parts: Json[]): Json => ({
  type: 'conversation',
  id: '7001',
  created_at: 1790000000,
  source: { type: 'conversation', id: '6001', body: '<p>Hi</p>', author: { type: 'user', id: 'fake-contact' } },
  contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: 'fake-contact', external_id: 'tg:1001' }] },
  conversation_parts: { type: 'conversation_part.list', conversation_parts: parts, total_count: parts.length },
});

const eventsOf = (topic: string, ...parts: Json[]) =>
  normalise(webhook(notification(topic, conversation(...parts))), config);

function messageOf(topic: string, part: Json) {
  const [event] = eventsOf(topic, part);
  if (event?.type !== 'message') throw new Error(`No message but ${event?.type}.`);
  return event;
}

describe('what never leaves', () => {
  const topics = (contract<{ topics: { topic: string }[] }>('webhook-topics.json')?.topics ?? []).map(
    ({ topic }) => topic,
  );
  const note = comment({
    part_type: 'note',
    body: '<p>the customer is upset</p>',
    attachments: [{ url: 'https://x.example/n' }],
  });

  it.skipIf(!hasShared).each(topics)('a note, under %s (needs ../shared)', topic => {
    const items = [
      conversation(note),
      conversation({ ...note, author: { type: 'bot', id: '1' } }),
      { type: 'ticket', id: '7001', ticket_parts: { ticket_parts: [note] } },
      { type: 'ticket', ticket: { id: '7001' }, ticket_part: note },
    ];
    for (const item of items) expect(said(normalise(webhook(notification(topic, item)), config))).toEqual([]);
  });

  it.each(['note', 'snoozed', 'away_mode_assignment', 'conversation_attribute_updated_by_admin', undefined])(
    'a part of type %s',
    part_type => {
      expect(said(eventsOf('conversation.admin.replied', comment({ part_type })))).toEqual([]);
    },
  );

  it.each(['user', 'lead', 'contact', 'stranger', undefined])('words of an author of type %s', type => {
    expect(said(eventsOf('conversation.admin.replied', comment({ author: { type, id: '1' } })))).toEqual([]);
  });

  it.each(['conversation.admin.assigned', 'conversation.admin.open.assigned'])(
    'a word to the colleague who takes over, under %s',
    topic => {
      for (const part_type of ['assignment', 'open']) {
        const events = eventsOf(topic, comment({ part_type }));
        expect(said(events)).toEqual([]);
        expect(typesOf(events)).toContain('assigned');
      }
    },
  );

  it.each(['<p></p>', '<p><br></p>', '<p>&nbsp;</p>', '', ' \n ', null])('an empty body: %j', body => {
    expect(typesOf(eventsOf('conversation.admin.replied', comment({ body })))).toEqual(['ignored']);
  });

  it('a conversation that Intercom carries by e-mail itself', () => {
    const item = { ...conversation(), source: { type: 'email', id: '1', body: '<p>Offer</p>', author: ada } };
    expect(typesOf(normalise(webhook(notification('conversation.admin.single.created', item)), config))).toEqual([
      'ignored',
    ]);
  });

  it('a word of another workspace', () => {
    const body = notification('conversation.admin.replied', conversation(comment()), { app_id: 'fake9999' });
    expect(normalise(webhook(body), config)).toMatchObject([{ type: 'ignored' }]);
  });
});

describe('what goes out', () => {
  it.each(['comment', 'quick_reply', 'close', 'open', 'assignment'])('a reply in a part of type %s', part_type => {
    expect(said(eventsOf('conversation.admin.replied', comment({ part_type })))).toEqual(['Hello']);
  });

  it.each([
    ['bot', 'bot'],
    ['team', 'teammate'],
    ['admin', 'teammate'],
  ])('words of a %s, said as by a %s', (type, kind) => {
    const { sender } = messageOf('conversation.operator.replied', comment({ author: { type, id: '3', name: 'Fake' } }));
    expect(sender).toEqual({ id: '3', kind, name: 'Fake' });
  });

  it('Fin’s answer, when it speaks in a teammate’s name', () => {
    const part = comment({ author: { ...ada, from_ai_agent: true } });
    expect(messageOf('conversation.admin.replied', part).sender.kind).toBe('bot');
  });

  it('the reply of a reopening, and the news of it', () => {
    expect(typesOf(eventsOf('conversation.admin.opened', comment({ part_type: 'open' })))).toEqual([
      'message',
      'conversation_opened',
    ]);
  });

  it('one part told of under several topics as one event', () => {
    const part = comment({ part_type: 'close' });
    const topics = ['conversation.admin.replied', 'conversation.admin.closed', 'ticket.admin.replied'];
    expect(new Set(topics.map(topic => messageOf(topic, part).key))).toEqual(new Set(['part:501']));
  });

  it('several parts by time, then by id', () => {
    const parts = [
      comment({ id: '1000', body: 'c' }),
      comment({ id: '999', body: 'b' }),
      comment({ id: '2000', created_at: 1790000099, body: 'a' }),
    ];
    expect(said(eventsOf('conversation.admin.replied', ...parts))).toEqual(['a', 'b', 'c']);
  });

  it('lists, links, breaks and emoji', () => {
    const body =
      '<p>Bring:</p><ul><li>id 🪪</li><li><a href="https://example.com">form</a></li></ul><p>Thanks<br>👩‍🚀</p>';
    expect(said(eventsOf('conversation.admin.replied', comment({ body })))).toEqual([
      'Bring:\n- id 🪪\n- form\nThanks\n👩‍🚀',
    ]);
  });

  it('the buttons of a quick reply, for those who cannot press them', () => {
    const part = comment({
      part_type: 'quick_reply',
      body: '<p>Which?</p>',
      metadata: {
        quick_reply_options: [
          { text: 'A', uuid: '1' },
          { text: 'B', uuid: '2' },
        ],
      },
    });
    expect(said(eventsOf('conversation.admin.replied', part))).toEqual(['Which?\n- A\n- B']);
  });

  it('an inline image once, though it is listed as attachment too', () => {
    const body = '<p>See</p><img src="https://downloads.intercomcdn.com/i/1/a.png?signature=x">';
    const attachments = [
      { name: 'a.png', url: 'https://downloads.intercomcdn.com/i/1/a.png?signature=y', content_type: 'image/png' },
    ];
    expect(messageOf('conversation.admin.replied', comment({ body, attachments })).parts).toMatchObject([
      { kind: 'text', text: 'See' },
      { kind: 'image', ref: 'https://downloads.intercomcdn.com/i/1/a.png?signature=y', mime: 'image/png' },
    ]);
  });

  it('attachments as what they are', () => {
    const types = ['image/png', 'video/mp4', 'audio/mpeg', 'application/zip', null];
    const attachments = types.map((content_type, index) => ({
      url: `https://downloads.intercomcdn.com/${index}`,
      content_type,
    }));
    const { parts } = messageOf('conversation.admin.replied', comment({ body: null, attachments }));
    expect(parts.map(({ kind }) => kind)).toEqual(['image', 'video', 'audio', 'file', 'file']);
  });

  it('word of an attachment that has no address', () => {
    const { parts } = messageOf(
      'conversation.admin.replied',
      comment({ body: null, attachments: [{ name: 'a.pdf' }] }),
    );
    expect(parts).toMatchObject([{ kind: 'file', name: 'a.pdf', unavailable: expect.any(String) }]);
  });
});

describe('a reply in a ticket', () => {
  const ticket = (...parts: Json[]) =>
    normalise(
      webhook(
        notification('ticket.admin.replied', { type: 'ticket', id: '7001', ticket_parts: { ticket_parts: parts } }),
      ),
      config,
    );

  it('is read from the ticket’s parts, in the conversation it came from', () => {
    expect(ticket(comment())).toMatchObject([{ type: 'message', key: 'part:501', conversation: '7001' }]);
  });

  it('does not bring the ticket’s history along', () => {
    const old = comment({ id: '400', created_at: 1789990000, body: 'long ago' });
    expect(said(ticket(old, comment()))).toEqual(['Hello']);
  });

  it('is read where ticket and part are wrapped', () => {
    const item = { type: 'ticket', ticket: { id: '7001' }, ticket_part: comment() };
    expect(normalise(webhook(notification('ticket.admin.replied', item)), config)).toMatchObject([
      { conversation: '7001', id: '501' },
    ]);
  });
});

describe('plain text and HTML', () => {
  it.each([
    '<p>a</p>',
    ' <div class="x">a</div>',
    '<b>a</b>',
    '<ul><li>a</li></ul>',
    '<img src="x">',
    '<h2 id="1">a</h2>',
  ])('%s is HTML', body => {
    expect(isHtml(body)).toBe(true);
  });

  it.each([
    'a < b',
    '<3 you',
    'x <b>y</b>',
    '<p> starts a paragraph',
    '<foo>a</foo>',
    '<ada@example.com> wrote',
    '&lt;p&gt;',
  ])('%s is what was typed', body => {
    expect(said(eventsOf('conversation.admin.replied', comment({ body })))).toEqual([body]);
  });
});

describe('what becomes of people and threads', () => {
  const of = (topic: string, item: Json) => normalise(webhook(notification(topic, item)), config);

  it('merged: the absorbed contact’s mappings go to the survivor', () => {
    const item = {
      type: 'contact',
      id: 'fake-survivor',
      external_id: 'tg:1',
      merged_from: { type: 'contact', id: 'fake-absorbed' },
    };
    expect(of('contact.merged', item)).toMatchObject([
      { type: 'contact_merged', from: 'fake-absorbed', to: 'fake-survivor' },
    ]);
  });

  it.each(['contact.deleted', 'contact.archived', 'contact.archive'])('%s: gone', topic => {
    expect(of(topic, { type: 'contact', id: 'fake-contact' })).toMatchObject([
      { type: 'contact_gone', contact: 'fake-contact' },
    ]);
  });

  it.each([
    ['conversation.admin.opened', ['conversation_opened']],
    ['conversation.admin.unsnoozed', ['conversation_opened']],
    ['conversation.admin.open.assigned', ['conversation_opened', 'assigned']],
    ['conversation.deleted', ['conversation_deleted']],
  ])('%s', (topic, types) => {
    expect(typesOf(of(topic, { type: 'conversation', id: '7001' }))).toEqual(types);
  });

  it('a redacted reply is a withdrawal under every topic, never an empty message', () => {
    const part = comment({ redacted: true, body: '' });
    for (const topic of ['conversation_part.redacted', 'conversation.admin.replied', 'conversation.admin.closed']) {
      expect(eventsOf(topic, part)).toContainEqual({
        type: 'delete',
        key: 'redacted:501',
        id: '501',
        conversation: '7001',
      });
      expect(said(eventsOf(topic, part))).toEqual([]);
    }
  });

  it('a redacted word of the customer withdraws nothing', () => {
    const part = comment({ redacted: true, author: { type: 'user', id: 'fake-contact' } });
    expect(typesOf(eventsOf('conversation_part.redacted', part))).toEqual(['ignored']);
  });
});

describe('odd input', () => {
  it('of an unknown topic is kept as unknown', () => {
    expect(normalise(webhook(notification('conversation.sang', {})), config)).toMatchObject([
      { type: 'unknown', kind: 'conversation.sang' },
    ]);
  });

  it.each(['', 'no json', '[]', '1', '{"a":1}', '['.repeat(50_000)])('is kept as unknown: %.20s', body => {
    expect(normalise(webhook(body), config)).toMatchObject([
      { type: 'unknown', key: expect.stringMatching(/^body:\w{32}$/) },
    ]);
  });

  it('a redelivery without an id has the same key, another notification a different one', () => {
    const key = (attempts: number, item: Json) =>
      normalise(
        webhook(notification('conversation.deleted', item, { id: null, delivery_attempts: attempts })),
        config,
      )[0]?.key;
    expect(key(1, { id: '7001' })).toBe(key(2, { id: '7001' }));
    expect(key(1, { id: '7001' })).not.toBe(key(1, { id: '7002' }));
  });

  it('ids beyond 2^53 are not rounded', () => {
    const body = JSON.stringify(notification('conversation.deleted', { id: 'ID' })).replace('"ID"', '9007199254740993');
    expect(normalise(webhook(body), config)).toMatchObject([{ conversation: '9007199254740993' }]);
  });

  it('of any shape gives events with keys and throws nothing', () => {
    const topic = fc.constantFrom(
      'conversation.admin.replied',
      'conversation.admin.closed',
      'conversation.admin.single.created',
      'conversation_part.redacted',
      'contact.merged',
      'contact.deleted',
      'ticket.admin.replied',
      'toString',
      'x',
    );
    const value = fc.jsonValue();
    const part = fc.record(
      {
        id: fc.oneof(value, fc.string()),
        part_type: fc.constantFrom('comment', 'close', 'note', 3),
        body: value,
        created_at: fc.oneof(fc.double(), fc.integer(), value),
        author: fc.oneof(value, fc.constant(ada)),
        attachments: value,
        redacted: value,
        metadata: value,
      },
      { requiredKeys: [] },
    );
    const item = fc.record(
      {
        id: fc.oneof(value, fc.string()),
        type: value,
        source: fc.oneof(value, part),
        contacts: value,
        conversation_parts: fc.oneof(value, fc.record({ conversation_parts: fc.array(part) })),
        ticket_part: part,
        merged_from: value,
        external_id: value,
      },
      { requiredKeys: [] },
    );
    const envelope = fc.record(
      {
        topic: fc.oneof(topic, value),
        id: value,
        app_id: fc.oneof(fc.constant('fake0001'), value),
        created_at: value,
        data: fc.oneof(value, fc.record({ item: fc.oneof(value, item) })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(envelope, value), body => {
        const events = normalise(webhook(body), config);
        expect(events.length).toBeGreaterThan(0);
        for (const event of events) {
          expect(event.key).toMatch(/./);
          if (event.at !== undefined) expect(event.at).toMatch(/^[+-]?\d+-\d\d-\d\dT/);
          for (const field of ['id', 'conversation', 'contact', 'from', 'to', 'kind'] as const) {
            if (field in event) expect(Reflect.get(event, field)).toMatch(/./s);
          }
          if (event.type === 'message') expect(event.parts.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
