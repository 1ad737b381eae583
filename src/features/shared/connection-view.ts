import { type ZodType, z } from 'zod';
import { type Surroundings, webhookUrl } from '../../relay/context.ts';
import { secretFields } from '../../relay/secrets.ts';
import type { Principal } from './access.ts';

export const shownConfig = z.record(z.string(), z.unknown()).meta({
  description: 'The configuration. A secret is never shown: its field holds `{"set": true}` or `{"set": false}`.',
});

/** A configuration for people's eyes. `isSet` tells which of the secret fields hold a value. */
export function showConfig(
  schema: ZodType,
  open: Readonly<Record<string, unknown>>,
  isSet: (field: string) => boolean,
): z.infer<typeof shownConfig> {
  return { ...open, ...Object.fromEntries(secretFields(schema).map(name => [name, { set: isSet(name) }])) };
}

/** Where the provider is to post. The address is unguessable, so that only admins see it. */
export function addressFor(
  principal: Principal,
  row: { hook_token: string; sandbox: boolean },
  surroundings: Surroundings,
): string | null {
  if (principal.kind === 'person' && principal.role === 'member') return null;
  return webhookUrl({ hookToken: row.hook_token, sandbox: row.sandbox }, surroundings) || null;
}

/** What `check` found. */
export const health = z
  .object({
    status: z.enum(['pending', 'connected', 'offline', 'disconnected']),
    reason: z.string().optional(),
    advice: z.string().optional(),
    facts: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Health' });

/** Typed by a person before something goes that is not easily brought back. */
export const confirmation = z.object({
  confirm: z.string().meta({ description: 'The exact name of what is to go.' }),
});
