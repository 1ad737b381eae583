/** A field of an adapter's configuration, as far as a form needs to know it. */
export interface ConfigField {
  name: string;
  title: string;
  description?: string;
  kind: 'text' | 'number' | 'boolean' | 'choice';
  choices: string[];
  required: boolean;
  secret: boolean;
  initial: string | boolean;
  /** Letters in either case pass: JSON Schema cannot say whether they matter, and the server looks anyhow. */
  pattern?: RegExp;
}

export type ConfigValues = Record<string, string | boolean>;

/** The fields that a person fills in. Those made or found on connecting are left out. */
export function fieldsOf(schema: Record<string, unknown>): ConfigField[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(record(schema.properties)).flatMap(([name, raw]) => {
    const property = record(raw);
    if (property.generated === true) return [];
    const choices = Array.isArray(property.enum) ? property.enum.map(String) : [];
    return [
      {
        name,
        title: text(property.title) ?? name,
        ...optional('description', text(property.description)),
        kind: kindOf(property.type, choices),
        choices,
        required: required.includes(name) && property.default === undefined,
        secret: property.secret === true,
        initial: property.type === 'boolean' ? property.default === true : String(property.default ?? ''),
        ...optional('pattern', patternOf(property.pattern)),
      },
    ];
  });
}

/** What is wrong with a value, in words; null when nothing is known to be. */
export function checkField(field: ConfigField, value: string | boolean | undefined, kept: boolean): string | null {
  const typed = typeof value === 'string' ? value.trim() : '';
  if (typed === '') return field.required && field.kind !== 'boolean' && !kept ? `${field.title} is needed.` : null;
  if (field.kind === 'number' && Number.isNaN(Number(typed))) return 'This is to be a number.';
  if (field.pattern && !field.pattern.test(typed)) return `This does not look right. ${field.description ?? ''}`.trim();
  return null;
}

/** What is sent: typed values only; `before` is what need not be sent again. */
export function toConfig(
  fields: readonly ConfigField[],
  values: ConfigValues,
  before: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    const typed = typeof value === 'string' ? value.trim() : value;
    if (typed === undefined || typed === '') continue;
    const meant = kind === 'number' ? Number(typed) : typed;
    if (before[name] !== meant) config[name] = meant;
  }
  return config;
}

function kindOf(type: unknown, choices: readonly string[]): ConfigField['kind'] {
  if (choices.length > 0) return 'choice';
  if (type === 'boolean') return 'boolean';
  return type === 'number' || type === 'integer' ? 'number' : 'text';
}

function patternOf(pattern: unknown): RegExp | undefined {
  return typeof pattern === 'string' ? new RegExp(pattern, 'i') : undefined;
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function optional<K extends string, V>(key: K, value: V | undefined): Record<K, V> | Record<never, never> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
