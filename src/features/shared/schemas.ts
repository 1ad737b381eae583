import { z } from 'zod';

/** Building blocks of request and answer schemas. */
export const id = z.uuid();
export const time = z.iso.datetime();
export const idParams = z.object({ id });

/** A name that people give: no blank, no control characters. */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, 'Leave out control characters.');

export const iso = (date: Date): string => date.toISOString();
export const isoOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;

export const connectionStatus = z.enum(['pending', 'connected', 'offline', 'disconnected']);

export const failure = z
  .object({
    class: z.string().meta({ description: 'One of the failure classes in docs/failures.md.', examples: ['auth'] }),
    message: z.string().meta({ description: 'The provider’s own words, or ours where it said nothing.' }),
    code: z.string().optional(),
    status: z.int().optional(),
    requestId: z.string().optional(),
    advice: z.string().meta({ description: 'What an admin can do.' }),
  })
  .meta({ id: 'Failure' });

/** The answer to an action that gives nothing back. */
export const done = z.object({ ok: z.literal(true) });
