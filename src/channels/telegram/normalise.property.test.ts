import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { normalise } from './normalise.ts';
import { type BotApiSpec, config, hasShared, readShared, webhook } from './testing.ts';

const words = z.string().min(1);
const mark = z.strictObject({
  type: z.enum(['bold', 'italic', 'underline', 'strike', 'code', 'pre', 'quote', 'spoiler', 'link']),
  start: z.int().min(0),
  end: z.int().min(1),
  url: words.optional(),
});
const amount = z.number().optional();
const media = z.strictObject({
  kind: z.enum(['image', 'video', 'audio', 'voice', 'file', 'sticker']),
  ref: words,
  name: words.optional(),
  mime: words.optional(),
  size: amount,
  width: amount,
  height: amount,
  seconds: amount,
  unavailable: words.optional(),
});
const part = z.union([
  z.strictObject({ kind: z.literal('text'), text: words, marks: z.array(mark).optional() }),
  media,
  z.strictObject({
    kind: z.literal('location'),
    lat: z.number(),
    lng: z.number(),
    name: words.optional(),
    address: words.optional(),
  }),
  z.strictObject({
    kind: z.literal('contact'),
    name: words,
    phones: z.array(words),
    emails: z.array(words).optional(),
  }),
  z.strictObject({ kind: z.literal('choice'), label: words, payload: words.optional() }),
  z.strictObject({ kind: z.literal('unsupported'), text: words }),
]);
const sender = z.strictObject({
  id: words,
  kind: z.enum(['customer', 'bot', 'business']),
  name: words.optional(),
  username: words.optional(),
  language: words.optional(),
});
const base = { key: words, at: z.iso.datetime().optional() };
const place = { ...base, conversation: words, sender: sender.optional() };
const message = {
  ...place,
  id: words,
  sender,
  parts: z.array(part).min(1),
  replyTo: z.strictObject({ id: words, text: words.optional() }).optional(),
  forwardedFrom: words.optional(),
  album: words.optional(),
  group: z.strictObject({ id: words, name: words }).optional(),
};
const event = z.union([
  z.strictObject({ type: z.enum(['message', 'echo']), ...message }),
  z.strictObject({ type: z.literal('edit'), ...place, id: words, parts: z.array(part).min(1) }),
  z.strictObject({ type: z.literal('delete'), ...place, id: words }),
  z.strictObject({ type: z.enum(['reaction', 'reaction_removed']), ...place, id: words, emoji: words }),
  z.strictObject({ type: z.enum(['opted_in', 'opted_out']), ...place, contact: words }),
  z.strictObject({
    type: z.literal('conversation_started'),
    ...place,
    referral: z.strictObject({ payload: words }).optional(),
  }),
  z.strictObject({ type: z.literal('chat_migrated'), ...base, from: words, to: words }),
  z.strictObject({ type: z.enum(['unknown', 'ignored']), ...base, kind: words }),
]);
const wellTyped = z.array(event).min(1);

function expectWellTyped(body: unknown): void {
  const events = normalise(webhook(body), config);
  expect(wellTyped.safeParse(events).error?.issues).toBeUndefined();
  expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  for (const { text, marks } of events.flatMap(textsOf)) {
    for (const { start, end } of marks ?? []) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  }
}

function textsOf(one: ReturnType<typeof normalise>[number]) {
  return 'parts' in one ? one.parts.filter(entry => entry.kind === 'text') : [];
}

/** Every name that the Bot API gives a field, so that made-up updates look like real ones from afar. */
function fieldNames(): string[] {
  const { types } = readShared<BotApiSpec>('contracts/telegram/api.json');
  const names = ['Update', 'Message', 'Chat', 'User', 'PhotoSize', 'Sticker', 'MessageEntity', 'RichBlockParagraph']
    .concat(['MessageReactionUpdated', 'ChatMemberUpdated', 'CallbackQuery', 'BusinessMessagesDeleted', 'Venue'])
    .flatMap(type => types[type]?.fields?.map(({ name }) => name) ?? []);
  return [...new Set(names)];
}

describe('normalise', () => {
  it('reads any bytes', () => {
    fc.assert(fc.property(fc.string(), body => expectWellTyped(body)));
  });

  it('reads any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), body => expectWellTyped(JSON.stringify(body))));
  });

  it.skipIf(!hasShared)('reads any mixture of Telegram’s own field names and values of any type', () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        '',
        'private',
        'supergroup',
        'kicked',
        'emoji',
        'custom_emoji',
        'paragraph',
        'bold',
        '/start a',
      ),
      fc.constantFrom<unknown>(null, true, false, 0, -1009001, 1001, 1.5, 1e21, 7001),
      fc.string(),
      fc.integer(),
    );
    const { value } = fc.letrec<{ value: unknown; object: unknown }>(tie => ({
      object: fc.dictionary(fc.constantFrom(...fieldNames()), tie('value'), { maxKeys: 8 }),
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        leaf,
        tie('object'),
        fc.array(tie('value'), { maxLength: 4 }),
      ),
    }));
    const chat = fc.constantFrom(
      { id: 1001, type: 'private' },
      { id: -1009001, type: 'supergroup' },
      { id: -5, type: 'group', title: '' },
    );
    const payload = fc
      .tuple(fc.dictionary(fc.constantFrom(...fieldNames()), value, { maxKeys: 10 }), chat, fc.boolean())
      .map(([fields, where, real]) => (real ? { ...fields, chat: where, message_id: 3 } : fields));
    const kind = fc.constantFrom(
      'message',
      'edited_message',
      'business_message',
      'callback_query',
      'message_reaction',
      'my_chat_member',
      'deleted_business_messages',
    );
    fc.assert(
      fc.property(kind, payload, (name, fields) => expectWellTyped(JSON.stringify({ update_id: 5, [name]: fields }))),
      { numRuns: 1500 },
    );
  });
});
