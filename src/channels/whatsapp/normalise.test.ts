import { describe, expect, it } from 'vitest';
import type { Event } from '../../contract/event.ts';
import type { Part } from '../../contract/message.ts';
import { normalise } from './normalise.ts';
import { ada, challenge, config, delivery, fromAda, webhook } from './testing.ts';

const adaSender = {
  id: '447700900417',
  kind: 'customer',
  name: 'Ada Example',
  username: 'ada',
  phone: '+447700900417',
};
const at = '2026-11-18T11:06:40.000Z';

function events(value: object, field?: string): Event[] {
  return normalise(webhook(delivery(value, field)), config);
}

function partsOf(message: object): Part[] {
  const [event] = fromAda(message);
  if (event?.type !== 'message') throw new Error(`${event?.type} is no message.`);
  return event.parts;
}

describe('a message', () => {
  it('is who, where, when and what', () => {
    expect(fromAda({ type: 'text', text: { body: 'Hello *there*' } })).toEqual([
      {
        type: 'message',
        key: 'wamid.A1',
        id: 'wamid.A1',
        conversation: '447700900417',
        at,
        sender: adaSender,
        parts: [{ kind: 'text', text: 'Hello *there*' }],
      },
    ]);
  });

  it('comes with all others of its delivery, of every entry and change', () => {
    const change = (id: string) => ({
      field: 'messages',
      value: {
        metadata: { phone_number_id: config.phoneNumberId },
        messages: [{ from: ada.wa_id, id, type: 'text', text: { body: id } }],
        statuses: [{ id: `wamid.OUT${id}`, status: 'read' }],
      },
    });
    const entry = [
      { id: '9', changes: [change('1'), change('2')] },
      { id: '9', changes: [change('3')] },
    ];
    const found = normalise(webhook({ object: 'whatsapp_business_account', entry }), config);
    expect(found.map(event => event.key)).toEqual([
      ...['1', 'status:wamid.OUT1:read', '2', 'status:wamid.OUT2:read', '3', 'status:wamid.OUT3:read'],
    ]);
  });

  it('of an unreadable form is unknown and takes no other with it', () => {
    const good = { from: ada.wa_id, id: 'wamid.A1', type: 'text', text: { body: 'Hello' } };
    const found = events({ messages: ['?', { from: ada.wa_id, type: 'text', text: { body: 'no id' } }, good] });
    expect(found.map(({ type }) => type)).toEqual(['unknown', 'unknown', 'message']);
    expect(new Set(found.map(({ key }) => key)).size).toBe(3);
  });

  it('without a number it is for is nobody’s', () => {
    const value = { metadata: undefined, messages: [{ from: ada.wa_id, id: 'wamid.A1', type: 'text' }] };
    expect(events(value)).toMatchObject([{ type: 'unknown', kind: 'messages' }]);
  });

  it('of a kind that is not known leaves a stand-in that names it', () => {
    expect(partsOf({ type: 'hologram_call', hologram_call: {} })).toEqual([
      { kind: 'unsupported', text: 'A WhatsApp message that cannot be shown here (hologram call).' },
    ]);
  });

  it('that WhatsApp does not hand on says why', () => {
    const errors = [{ code: 131051, title: 'Message type unknown', error_data: { details: 'Not supported.' } }];
    const [part] = partsOf({ type: 'unsupported', unsupported: { type: 'poll' }, errors });
    expect(part).toEqual({
      kind: 'unsupported',
      text: 'A WhatsApp message that cannot be shown here (poll). WhatsApp says: Message type unknown: Not supported.',
    });
  });

  it.each(['text', 'image', 'location', 'contacts', 'button', 'interactive', 'order'])(
    'of type %s with nothing in it leaves a stand-in',
    type => {
      for (const content of [undefined, null, 'odd', [], {}, { type: 'list_reply' }]) {
        const parts = partsOf({ type, [type]: content });
        expect(parts).toHaveLength(1);
        expect(parts[0]).toMatchObject({ kind: 'unsupported', text: expect.stringMatching(/\w/) });
      }
    },
  );
});

describe('who writes', () => {
  const hello = { id: 'wamid.A1', type: 'text', text: { body: 'Hello' } };
  const senderOf = (message: object, contacts: unknown[]) => {
    const [event] = events({ contacts, messages: [{ ...hello, ...message }] });
    return event && 'sender' in event ? event.sender : undefined;
  };

  it('is found by number in whatever spelling, or by business-scoped id', () => {
    const tadeo = { profile: { name: 'Tadeo' }, wa_id: '541100000035' };
    expect(senderOf({ from: '5491100000035' }, [ada, tadeo])).toMatchObject({ id: '5491100000035', name: 'Tadeo' });
    const nadia = { profile: { name: 'Nadia' }, user_id: 'GB.5550001112223334' };
    expect(senderOf({ from_user_id: 'GB.5550001112223334' }, [ada, nadia])).toEqual({
      id: 'GB.5550001112223334',
      kind: 'customer',
      name: 'Nadia',
    });
  });

  it('is the number where the list of contacts knows it', () => {
    const nadia = { user_id: 'GB.5550001112223334', wa_id: '447700900419' };
    expect(senderOf({ from_user_id: 'GB.5550001112223334' }, [nadia])).toMatchObject({
      id: '447700900419',
      phone: '+447700900419',
    });
  });

  it('has no name where the list of contacts holds others only', () => {
    expect(senderOf({ from: '447700900418' }, [ada])).toEqual({
      id: '447700900418',
      kind: 'customer',
      phone: '+447700900418',
    });
  });

  it('is the one contact where the message names nobody, and nobody where there are two', () => {
    const nadia = { profile: { name: 'Nadia' }, user_id: 'GB.5550001112223334' };
    expect(senderOf({}, [nadia])).toMatchObject({ id: 'GB.5550001112223334' });
    expect(events({ contacts: [ada, nadia], messages: [hello] })).toMatchObject([
      { type: 'unknown', key: 'wamid.A1', kind: 'message without a sender' },
    ]);
  });

  it('in a group is its member, and the group is the conversation', () => {
    const group = { id: 'group:Y2FwaV9ncm91cDox', name: 'WhatsApp group' };
    expect(fromAda({ type: 'text', text: { body: 'Hi all' }, group_id: 'Y2FwaV9ncm91cDox' })).toMatchObject([
      { conversation: group.id, group, sender: adaSender },
    ]);
  });
});

describe('what is about another message', () => {
  const scene = { conversation: '447700900417', at, sender: adaSender };

  it('is a reaction, or one taken back', () => {
    const react = (over: object) => fromAda({ type: 'reaction', reaction: { message_id: 'wamid.OUT1', ...over } });
    const common = { key: 'reaction:wamid.A1', ...scene, id: 'wamid.OUT1' };
    expect(react({ emoji: '👍🏻' })).toEqual([{ type: 'reaction', ...common, emoji: '👍🏻' }]);
    expect(react({ emoji: '' })).toEqual([{ type: 'reaction_removed', ...common }]);
    expect(react({})).toEqual([{ type: 'reaction_removed', ...common }]);
  });

  it('is an edit with the new parts', () => {
    const message = {
      context: { id: 'M0' },
      type: 'image',
      image: { id: '8101', mime_type: 'image/jpeg', caption: 'new' },
    };
    expect(fromAda({ type: 'edit', edit: { original_message_id: 'wamid.A0', message } })).toEqual([
      {
        type: 'edit',
        key: 'edit:wamid.A1',
        ...scene,
        id: 'wamid.A0',
        parts: [
          { kind: 'image', ref: '8101', mime: 'image/jpeg' },
          { kind: 'text', text: 'new' },
        ],
      },
    ]);
  });

  it('is a deletion', () => {
    expect(fromAda({ type: 'revoke', revoke: { original_message_id: 'wamid.A0' } })).toEqual([
      { type: 'delete', key: 'revoke:wamid.A1', ...scene, id: 'wamid.A0' },
    ]);
  });

  it.each(['reaction', 'edit', 'revoke'])('is unknown where a %s does not say of which', type => {
    expect(fromAda({ type, [type]: {} })).toMatchObject([{ type: 'unknown', kind: type }]);
  });
});

describe('a customer who moves', () => {
  const system = (over: object, message: object = {}) =>
    events({ messages: [{ id: 'wamid.S1', timestamp: '1795000000', type: 'system', system: over, ...message }] });

  it.each([{ wa_id: '447700900499' }, { new_wa_id: '447700900499' }])('to another number (%j)', number => {
    expect(system({ type: 'user_changed_number', ...number }, { from: '447700900417' })).toEqual([
      {
        type: 'chat_migrated',
        key: 'migrated:447700900417:447700900499',
        from: '447700900417',
        to: '447700900499',
        at,
      },
    ]);
  });

  it('to another business-scoped id is told in two places and moved once', () => {
    const body = 'User Nadia changed from GB.1010 to GB.2020';
    const told = system({ type: 'user_changed_user_id', user_id: 'GB.2020', body });
    const ids = { previous: 'GB.1010', current: 'GB.2020' };
    const again = events({ user_id_update: [{ user_id: ids, timestamp: '1795000000' }] }, 'user_id_update');
    expect(told).toEqual([
      { type: 'chat_migrated', key: 'migrated:GB.1010:GB.2020', from: 'GB.1010', to: 'GB.2020', at },
    ]);
    expect(again).toEqual(told);
  });

  it.each([
    [{ type: 'customer_identity_changed' }, { from: '447700900417' }],
    [{ type: 'user_changed_number', wa_id: '447700900417' }, { from: '447700900417' }],
    [{ type: 'user_changed_number', wa_id: '447700900499' }, {}],
    [{ type: 'user_changed_user_id', user_id: 'GB.2020', body: 'Something changed' }, {}],
  ])('%j from %j moves nothing', (content, message) => {
    expect(system(content, message)).toMatchObject([{ type: 'ignored', kind: content.type }]);
  });
});

describe('what the business writes on its phone', () => {
  const echo = (over: object) =>
    events(
      { message_echoes: [{ from: '12025550100', to: ada.wa_id, id: 'wamid.E1', timestamp: '1795000000', ...over }] },
      'smb_message_echoes',
    );

  it('is an echo in the customer’s conversation', () => {
    expect(echo({ type: 'text', text: { body: 'On my way' } })).toMatchObject([
      {
        type: 'echo',
        key: 'wamid.E1',
        id: 'wamid.E1',
        conversation: ada.wa_id,
        sender: { id: '12025550100', kind: 'business' },
        parts: [{ kind: 'text', text: 'On my way' }],
      },
    ]);
    expect(echo({ to: undefined, to_user_id: 'GB.1010', type: 'text', text: { body: 'Hi' } })).toMatchObject([
      { type: 'echo', conversation: 'GB.1010' },
    ]);
  });

  it('can be changed and taken back', () => {
    const message = { type: 'text', text: { body: 'Text was edited' } };
    expect(echo({ type: 'edit', edit: { original_message_id: 'wamid.E0', message } })).toMatchObject([
      { type: 'edit', conversation: ada.wa_id, id: 'wamid.E0', sender: { kind: 'business' } },
    ]);
    expect(echo({ type: 'revoke', revoke: { original_message_id: 'wamid.E0' } })).toMatchObject([
      { type: 'delete', conversation: ada.wa_id, id: 'wamid.E0' },
    ]);
  });

  it('to nobody is unknown', () => {
    expect(echo({ to: undefined })).toMatchObject([{ type: 'unknown', kind: 'echo without a recipient' }]);
  });
});

describe('a delivery', () => {
  it('for another number leaves a trace and nothing more', () => {
    const value = {
      metadata: { phone_number_id: '7009' },
      messages: [{ from: ada.wa_id, id: 'wamid.B1', type: 'text' }],
    };
    expect(events(value)).toMatchObject([{ type: 'ignored', kind: 'messages of another number' }]);
  });

  it('in a field that is not known is unknown under its name', () => {
    expect(events({}, 'brand_new_field')).toMatchObject([{ type: 'unknown', kind: 'brand_new_field' }]);
  });

  it.each(['', '{', 'null', '{"object":"page","entry":[]}', '{"object":"whatsapp_business_account"}'])(
    'of %j is unknown',
    body => {
      expect(normalise(webhook(body), config)).toMatchObject([
        { type: 'unknown', key: expect.stringMatching(/^body:/) },
      ]);
    },
  );

  it('that is only a challenge says nothing', () => {
    expect(normalise(challenge({ 'hub.mode': 'subscribe' }), config)).toEqual([]);
  });
});
