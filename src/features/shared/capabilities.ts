import { z } from 'zod';
import type { Capabilities } from '../../contract/capabilities.ts';

const support = z.enum(['full', 'partial', 'fallback', 'dropped', 'rejected']);

const part = z.object({
  support,
  maxBytes: z.int().optional(),
  mimes: z.array(z.string()).readonly().optional(),
  note: z.string().optional(),
});

const textLimit = z.object({ limit: z.int(), unit: z.enum(['utf16', 'codepoints', 'bytes']) });
const rate = z.object({ count: z.number(), seconds: z.number() });

export const capabilities = z
  .object({
    parts: z.record(z.string(), part),
    text: textLimit,
    caption: z.union([textLimit, z.literal(false)]),
    captioned: z.array(z.string()).readonly().optional(),
    marks: z.array(z.string()).readonly(),
    attachmentsPerMessage: z.int(),
    quotes: support,
    reactions: support,
    edits: support,
    deletes: support,
    receipts: z.array(z.string()).readonly(),
    windowHours: z.number().optional(),
    messageOptsIn: z.boolean().optional(),
    rates: z.object({ channel: rate.optional(), conversation: rate.optional() }).optional(),
  } satisfies Record<keyof Capabilities, z.ZodType>)
  .meta({ id: 'Capabilities', description: 'What becomes of each thing on its way out. See docs/channels.' });
