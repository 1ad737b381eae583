import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rawRequest } from '../../kit/request.ts';
import { handshake, normalise } from './normalise.ts';
import { config, webhookUrl } from './testing.ts';
import { verify } from './verify.ts';

const words = z.string().min(1);
const sender = z.strictObject({
  id: words,
  kind: z.literal('customer'),
  phone: z
    .string()
    .regex(/^\+\d+$/)
    .optional(),
});
const part = z.union([
  z.strictObject({ kind: z.enum(['text', 'unsupported']), text: words }),
  z.strictObject({
    kind: z.enum(['image', 'video', 'audio', 'file']),
    ref: words,
    mime: words.optional(),
    name: words.optional(),
  }),
]);
const failure = z.strictObject({ class: words, message: words, code: words.optional() });
const base = { key: words };
const event = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('message'),
    conversation: words,
    id: words,
    sender,
    parts: z.array(part).min(1),
  }),
  z.strictObject({
    ...base,
    type: z.enum(['opted_in', 'opted_out']),
    conversation: words,
    contact: words,
    sender: sender.optional(),
  }),
  z.strictObject({
    ...base,
    type: z.literal('receipt'),
    id: words,
    status: z.enum(['sent', 'delivered', 'read', 'failed']),
    conversation: words.optional(),
    failure: failure.optional(),
  }),
  z.strictObject({ ...base, type: z.enum(['unknown', 'ignored']), kind: words }),
]);

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '+15005550006',
    '38438',
    'PARCELCO',
    'STOP',
    'start',
    'received',
    'sent',
    'failed',
    '21610',
    '1e9',
  ),
);
const name = fc.oneof(
  fc.constantFrom(
    'MessageSid',
    'SmsSid',
    'From',
    'To',
    'Body',
    'MessageStatus',
    'SmsStatus',
    'ErrorCode',
    'OptOutType',
    'NumMedia',
  ),
  fc.constantFrom(
    'MediaUrl0',
    'MediaUrl1',
    'MediaUrl99999999999999999999',
    'MediaContentType0',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary' }),
);
const form = fc.array(fc.tuple(name, value), { maxLength: 20 }).map(fields => {
  const written = new URLSearchParams();
  for (const [field, words] of fields) written.append(field, words);
  return Buffer.from(written.toString());
});
const body = fc.oneof(
  { weight: 4, arbitrary: form },
  { weight: 1, arbitrary: fc.json().map(text => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)) },
);
const type = fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain', undefined);

describe('whatever comes in', () => {
  it('is read without a throw, into events that are whole', () => {
    fc.assert(
      fc.property(body, type, fc.constantFrom('POST', 'GET'), (bytes, contentType, method) => {
        const url =
          method === 'GET' ? `${webhookUrl}?${bytes.toString('latin1').replace(/[^\x21-\x7e]/g, '')}` : webhookUrl;
        const request = rawRequest({ method, url, headers: { 'content-type': contentType }, body: bytes });
        const events = normalise(request);
        expect(events.length).toBeGreaterThan(0);
        for (const found of events) expect(event.safeParse(found).error?.message).toBeUndefined();
        expect(new Set(events.map(found => found.key)).size).toBe(events.length);
        expect(handshake(request)?.status ?? 200).toBe(200);
        expect(verify(request, config).ok).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
