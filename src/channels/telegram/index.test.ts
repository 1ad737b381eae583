import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PartKind } from '../../contract/message.ts';
import { telegram } from './index.ts';
import { config } from './testing.ts';

describe('the configuration', () => {
  const parse = (input: unknown) => telegram.manifest.config.safeParse(input);

  it('needs a token only, and takes white space from around it', () => {
    expect(parse({ token: ' 7001:not-a-real_token\n' }).data).toEqual({ token: '7001:not-a-real_token' });
  });

  it.each([{}, { token: '' }, { token: '7001' }, { token: 'bot:abc' }, { token: '7001:ab c' }])('refuses %j', input => {
    expect(parse(input).success).toBe(false);
  });

  it.each(['', 'with space', 'ä', 'x'.repeat(257)])('refuses the webhook secret %j', secretToken => {
    expect(parse({ ...config, secretToken }).success).toBe(false);
  });

  it('marks what is secret and what is not asked for', () => {
    const { properties } = z.toJSONSchema(telegram.manifest.config, { io: 'input' });
    expect(properties).toMatchObject({
      token: { secret: true, title: 'Bot token' },
      secretToken: { secret: true, generated: true },
      username: { generated: true },
    });
    expect(properties).not.toHaveProperty('username.secret');
  });
});

describe('the adapter', () => {
  it('knows a contact by the person’s or group’s id, also where only an address is at hand', () => {
    expect(telegram.externalId('1001', config)).toBe('tg:1001');
    expect(telegram.externalId('-1009001', config)).toBe('tg:-1009001');
    expect(telegram.externalId('1001:bAb_1', config)).toBe('tg:1001');
  });

  it('says for every kind of part what becomes of it, and why where it is not carried whole', () => {
    const { parts } = telegram.capabilities(config);
    for (const kind of Object.keys(parts) as PartKind[]) {
      if (parts[kind].support !== 'full') expect(parts[kind].note, kind).toMatch(/\.$/);
    }
  });

  it('has its README in the form that all adapters share', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    for (const section of ['Set-up', 'What is carried', 'Failures', 'Limits'])
      expect(readme).toContain(`\n## ${section}\n`);
  });
});
