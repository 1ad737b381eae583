import { type ZodType, z } from 'zod';

/** Names of the fields that an adapter's schema marks as secret. */
export function secretFields(schema: ZodType): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties)
    .filter(([, field]) => typeof field === 'object' && field.secret === true)
    .map(([name]) => name);
}

/** Parts a configuration into what may be shown and what is encrypted at rest. */
export function splitSecrets(
  schema: ZodType,
  config: Readonly<Record<string, unknown>>,
): { open: Record<string, unknown>; secret: Record<string, unknown> } {
  const secret = new Set(secretFields(schema));
  const entries = Object.entries(config).filter(([, value]) => value !== undefined);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !secret.has(name))),
    secret: Object.fromEntries(entries.filter(([name]) => secret.has(name))),
  };
}
