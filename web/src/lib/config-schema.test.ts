import { describe, expect, test } from 'vitest';
import { checkField, fieldsOf, toConfig } from './config-schema.ts';

const schema = {
  type: 'object',
  properties: {
    token: { type: 'string', title: 'Token', description: 'From the bot.', secret: true, pattern: '^T[0-9a-f]+$' },
    region: { type: 'string', title: 'Region', enum: ['US', 'EU'], default: 'US' },
    groups: { type: 'boolean', title: 'Groups', default: true },
    limit: { type: 'integer' },
    hook: { type: 'string', secret: true, generated: true },
  },
  required: ['token', 'region'],
};

const fields = fieldsOf(schema);
const [token] = fields;

describe('the form of an adapter', () => {
  test('asks for what a person knows, in the schema’s order', () => {
    expect(fields.map(({ name, kind, required, secret }) => [name, kind, required, secret])).toEqual([
      ['token', 'text', true, true],
      ['region', 'choice', false, false],
      ['groups', 'boolean', false, false],
      ['limit', 'number', false, false],
    ]);
  });

  test('begins with the defaults', () => {
    expect(fields.map(({ initial }) => initial)).toEqual(['', 'US', true, '']);
  });

  test.each([
    ['', false, 'Token is needed.'],
    ['', true, null],
    ['wrong', false, 'This does not look right. From the bot.'],
    ['  T12ab ', false, null],
    ['T12AB', false, null],
  ])('judges the value %j (kept: %s)', (value, kept, verdict) => {
    expect(token && checkField(token, value, kept)).toBe(verdict);
  });

  test('sends what was typed, as what it is', () => {
    const values = { token: ' T1 ', region: 'EU', groups: false, limit: '5' };
    expect(toConfig(fields, values)).toEqual({ token: 'T1', region: 'EU', groups: false, limit: 5 });
  });

  test('sends only what is new', () => {
    const values = { token: '', region: 'EU', groups: true, limit: '' };
    expect(toConfig(fields, values, { token: { set: true }, region: 'US', groups: true })).toEqual({ region: 'EU' });
  });
});
