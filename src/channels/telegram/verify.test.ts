import { describe, expect, it } from 'vitest';
import { config, webhook } from './testing.ts';
import { verify } from './verify.ts';

const header = 'x-telegram-bot-api-secret-token';

describe('verify', () => {
  it('accepts the secret that the webhook was registered with', () => {
    expect(verify(webhook({}, { [header]: 'not-a-real-secret' }), config)).toEqual({ ok: true });
  });

  it.each([
    ['no header', {}],
    ['an empty one', { [header]: '' }],
    ['another secret', { [header]: 'not-a-real-secres' }],
    ['the secret and more', { [header]: 'not-a-real-secret, not-a-real-secret' }],
  ])('refuses %s', (_name, headers) => {
    expect(verify(webhook({}, headers), config)).toMatchObject({ ok: false });
  });

  it('refuses everything while the channel has no secret', () => {
    const bare = { token: config.token };
    expect(verify(webhook({}, { [header]: '' }), bare)).toMatchObject({ ok: false });
    expect(verify(webhook({}, { [header]: 'undefined' }), bare)).toMatchObject({ ok: false });
  });
});
