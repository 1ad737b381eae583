import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { normalise } from './normalise.ts';
import { ada, config, delivery, webhook } from './testing.ts';

const words = z.string().min(1);
const media = z.strictObject({
  kind: z.enum(['image', 'video', 'audio', 'voice', 'file', 'sticker']),
  ref: words,
  name: words.optional(),
  mime: words.optional(),
  size: z.number().optional(),
  unavailable: words.optional(),
});
const part = z.union([
  z.strictObject({ kind: z.literal('text'), text: words }),
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
  kind: z.enum(['customer', 'business']),
  name: words.optional(),
  username: words.optional(),
  phone: z
    .string()
    .regex(/^\+\d+$/)
    .optional(),
});
const base = { key: words, at: z.iso.datetime().optional() };
const place = { ...base, conversation: words, sender: sender.optional() };
const failure = z.strictObject({ class: words, message: words, code: words.optional() });
const event = z.union([
  z.strictObject({
    type: z.enum(['message', 'echo']),
    ...place,
    id: words,
    sender,
    parts: z.array(part).min(1),
    replyTo: z.strictObject({ id: words }).optional(),
    referral: z
      .strictObject({
        payload: words.optional(),
        source: words.optional(),
        url: words.optional(),
        title: words.optional(),
      })
      .optional(),
    forwardedFrom: words.optional(),
    group: z.strictObject({ id: words, name: words }).optional(),
  }),
  z.strictObject({ type: z.literal('edit'), ...place, id: words, parts: z.array(part).min(1) }),
  z.strictObject({ type: z.literal('delete'), ...place, id: words }),
  z.strictObject({ type: z.literal('reaction'), ...place, id: words, emoji: words }),
  z.strictObject({ type: z.literal('reaction_removed'), ...place, id: words }),
  z.strictObject({
    type: z.literal('receipt'),
    ...base,
    id: words,
    status: z.enum(['sent', 'delivered', 'read', 'failed']),
    conversation: words.optional(),
    failure: failure.optional(),
  }),
  z.strictObject({ type: z.literal('chat_migrated'), ...base, from: words, to: words }),
  z.strictObject({
    type: z.literal('channel_status'),
    ...base,
    status: z.enum(['connected', 'offline', 'disconnected']),
    reason: words,
  }),
  z.strictObject({ type: z.enum(['unknown', 'ignored']), ...base, kind: words }),
]);
const wellTyped = z.array(event).min(1);

function expectWellTyped(body: unknown): void {
  const events = normalise(webhook(body), config);
  expect(wellTyped.safeParse(events).error?.issues).toBeUndefined();
}

const names =
  `from from_user_id to to_user_id id timestamp type text body image video audio voice document sticker mime_type
  caption filename file_size errors code title message error_data details location latitude longitude name address contacts
  phones phone wa_id emails email vcard formatted_name first_name org company button payload interactive button_reply
  list_reply nfm_reply response_json call_permission_reply response order product_items quantity item_price currency
  product_retailer_id reaction emoji message_id edit original_message_id revoke system new_wa_id user_id context forwarded
  referred_product referral source_url source_type headline ctwa_clid group_id status recipient_id recipient_type
  recipient_participant_id unsupported profile username previous current event ban_info waba_ban_state restriction_info
  restriction_type waba_info waba_id phone_number decision`.split(/\s+/);
const types =
  `text image video audio document sticker location contacts button interactive order reaction edit revoke system
  unsupported unknown button_reply list_reply nfm_reply call_permission_reply user_changed_number sent delivered read played
  failed group DISABLED_UPDATE ACCOUNT_RESTRICTION DISABLE`.split(/\s+/);

const leaf = fc.oneof(
  fc.constantFrom<unknown>(...types),
  fc.constantFrom<unknown>(
    '',
    '__proto__',
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    131053,
    '1795000000',
    ada.wa_id,
    '{"a":1}',
    '{',
  ),
  fc.string(),
  fc.integer(),
);
const { value, object } = fc.letrec<{ value: unknown; object: Record<string, unknown> }>(tie => ({
  object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 8 }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));

describe('normalise', () => {
  it('reads any bytes', () => {
    fc.assert(fc.property(fc.string(), body => expectWellTyped(body)));
  });

  it('reads any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), body => expectWellTyped(JSON.stringify(body))));
  });

  it('reads any JSON within the envelope', () => {
    const entry = fc.oneof(
      value,
      fc.record(
        { id: value, changes: fc.oneof(value, fc.array(fc.record({ field: value, value }))) },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.oneof(value, fc.array(entry)), entries =>
        expectWellTyped({ object: 'whatsapp_business_account', entry: entries }),
      ),
      { numRuns: 500 },
    );
  });

  it('reads any mixture of WhatsApp’s own field names and values of any type', () => {
    const said = fc
      .tuple(object, fc.constantFrom(...types), value, fc.boolean())
      .map(([fields, type, content, real]) =>
        real
          ? { ...fields, from: ada.wa_id, id: 'wamid.A1', type, [type]: content }
          : { ...fields, type, [type]: content },
      );
    const field = fc.constantFrom(
      'messages',
      'smb_message_echoes',
      'user_id_update',
      'account_update',
      'account_review_update',
    );
    const lists = fc.record(
      {
        contacts: fc.array(fc.oneof(fc.constant<unknown>(ada), value), { maxLength: 2 }),
        messages: fc.array(fc.oneof(said, value), { maxLength: 3 }),
        statuses: fc.array(fc.oneof(object, value), { maxLength: 3 }),
        message_echoes: fc.array(fc.oneof(said, value), { maxLength: 3 }),
        user_id_update: fc.array(value, { maxLength: 2 }),
        errors: fc.array(value, { maxLength: 2 }),
        event: leaf,
        ban_info: value,
        restriction_info: value,
        waba_info: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(field, lists, (name, content) => expectWellTyped(delivery(content, name))),
      { numRuns: 2000 },
    );
  });
});
