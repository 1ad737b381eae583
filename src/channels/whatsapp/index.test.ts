import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PartKind } from '../../contract/message.ts';
import { whatsapp } from './index.ts';
import { config } from './testing.ts';

describe('the configuration', () => {
  const parse = (input: unknown) => whatsapp.manifest.config.safeParse(input);

  it('needs a token and the number’s id only, and takes white space from around them', () => {
    expect(parse({ accessToken: ' EAAnotARealToken\n', phoneNumberId: ' 7001 ' }).data).toEqual({
      accessToken: 'EAAnotARealToken',
      phoneNumberId: '7001',
    });
  });

  it.each([
    {},
    { accessToken: 'EAAx' },
    { accessToken: '', phoneNumberId: '7001' },
    { accessToken: 'two words', phoneNumberId: '7001' },
    { accessToken: 'EAAx', phoneNumberId: '+1 202 555 0100' },
    { accessToken: 'EAAx', phoneNumberId: '7001', wabaId: 'Example Ltd' },
    { accessToken: 'EAAx', phoneNumberId: '7001', appSecret: ' ' },
  ])('refuses %j', input => {
    expect(parse(input).success).toBe(false);
  });

  it('marks what is secret and what is not asked for', () => {
    const { properties } = z.toJSONSchema(whatsapp.manifest.config, { io: 'input' });
    expect(properties).toMatchObject({
      accessToken: { secret: true },
      appSecret: { secret: true },
      verifyToken: { secret: true, generated: true },
      number: { generated: true },
    });
    expect(properties).not.toHaveProperty('phoneNumberId.secret');
  });

  it('has a step for each field that a person must fill in', () => {
    const fields = whatsapp.manifest.steps.flatMap(({ field }) => field ?? []);
    expect(fields.toSorted()).toEqual(['accessToken', 'appSecret', 'phoneNumberId']);
  });
});

describe('the adapter', () => {
  it('knows a contact by number in one spelling, by business-scoped id, or as a group', () => {
    expect(whatsapp.externalId('447700900417', config)).toBe('wa:447700900417');
    expect(whatsapp.externalId('5491100000035', config)).toBe('wa:541100000035');
    expect(whatsapp.externalId('US.1349', config)).toBe('wa:US.1349');
    expect(whatsapp.externalId('group:Y2Fw', config)).toBe('wa:group:Y2Fw');
  });

  it('says for every kind of part what becomes of it, and why where it is not carried whole', () => {
    const { parts } = whatsapp.capabilities(config);
    for (const kind of Object.keys(parts) as PartKind[]) {
      if (parts[kind].support !== 'full') expect(parts[kind].note, kind).toMatch(/\.$/);
    }
  });

  it('knows the window before anything is sent', () => {
    expect(whatsapp.capabilities(config).windowHours).toBe(24);
  });

  it('has its README in the form that all adapters share', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    for (const section of ['Set-up', 'What is carried', 'Failures', 'Limits'])
      expect(readme).toContain(`\n## ${section}\n`);
  });
});
