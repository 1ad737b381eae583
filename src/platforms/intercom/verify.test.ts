import { describe, expect, it } from 'vitest';
import { intercom } from './index.ts';
import { config, contract, hasShared, webhook } from './testing.ts';

const signed = (signature: string | undefined, body = '{}') =>
  webhook(body, signature === undefined ? {} : { 'X-Hub-Signature': signature });

describe.skipIf(!hasShared)('the contract’s vectors (needs ../shared)', () => {
  const vectors = contract<Record<string, string>>('signature-vectors.json') ?? {};
  const body = vectors.body ?? '';
  const signature = vectors['X-Hub-Signature (webhooks)'] ?? '';
  const app = { clientId: 'fake-client', clientSecret: vectors.secret ?? '' };
  const own = { ...config, clientSecret: app.clientSecret };

  it('are accepted for a workspace’s own webhook and for the app’s', () => {
    expect(intercom.verify(signed(signature, body), own)).toEqual({ ok: true });
    expect(intercom.app?.verify(signed(signature, body), app)).toEqual({ ok: true });
  });

  it.each([
    ['another body', signature, `${body} `],
    ['another secret’s signature', 'sha1=0000000000000000000000000000000000000000', body],
    ['a truncated signature', signature.slice(0, -1), body],
    ['no algorithm', signature.replace('sha1=', ''), body],
    ['another algorithm', signature.replace('sha1=', 'sha256='), body],
    ['an empty header', '', body],
    ['no header', undefined, body],
  ])('are refused with %s', (_what, given, content) => {
    expect(intercom.verify(signed(given, content), own)).toMatchObject({ ok: false, reason: expect.any(String) });
  });
});

it('trusts nothing without a client secret, not even a signature made with an empty one', () => {
  const { clientSecret, ...withoutSecret } = config;
  expect(clientSecret).toBeDefined();
  const emptyKeyed = 'sha1=5f4cf51ed4e9dd2d5a9c8f3d5b0b3a5b5d2e1f00';
  expect(intercom.verify(signed(emptyKeyed), withoutSecret)).toMatchObject({ ok: false });
  expect(intercom.verify(signed(emptyKeyed), { ...config, clientSecret: '' })).toMatchObject({ ok: false });
});

it('an app’s webhook names the workspace it is for', () => {
  expect(intercom.app?.identities(webhook({ app_id: 'fake0001' }))).toEqual(['intercom:fake0001']);
  expect(intercom.app?.identities(webhook('no json'))).toEqual([]);
  expect(intercom.app?.identities(webhook({ app_id: null }))).toEqual([]);
});
