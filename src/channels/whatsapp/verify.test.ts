import { describe, expect, it } from 'vitest';
import { hmac } from '../../kit/signatures.ts';
import { app } from './app.ts';
import { challenge, config, delivery, webhook } from './testing.ts';
import { verify } from './verify.ts';

const asked = { 'hub.mode': 'subscribe', 'hub.challenge': '0099887766' };

describe('a channel with an app of its own', () => {
  it('takes what its app has signed, and nothing else', () => {
    expect(verify(webhook(delivery({})), config)).toEqual({ ok: true });
    expect(verify(webhook(delivery({}), {}), config).ok).toBe(false);
    expect(verify(webhook(delivery({}), { 'x-hub-signature-256': 'sha256=00' }), config).ok).toBe(false);
  });

  it('takes a challenge with its verify token, which is no way around the signature', () => {
    const good = { ...asked, 'hub.verify_token': config.verifyToken ?? '' };
    expect(verify(challenge(good), config)).toEqual({ ok: true });
    expect(verify(challenge({ ...asked, 'hub.verify_token': 'a guess' }), config).ok).toBe(false);
    const post = { ...webhook(delivery({}), {}), query: good };
    expect(verify(post, config).ok).toBe(false);
  });
});

describe('a channel that the installation’s app serves', () => {
  it('takes no delivery at its own address', () => {
    const body = JSON.stringify(delivery({}));
    const signature = { 'x-hub-signature-256': `sha256=${hmac('sha256', '', body)}` };
    expect(verify(webhook(body, signature), { ...config, appSecret: undefined }).ok).toBe(false);
  });
});

describe('the installation’s app', () => {
  const meta = { appId: '440000000000001', appSecret: config.appSecret ?? '', verifyToken: 'app-wide-made-up-token' };

  it('is proved by its own secret and token', () => {
    expect(app.verify(webhook(delivery({})), meta)).toEqual({ ok: true });
    expect(app.verify(webhook(delivery({})), { ...meta, appSecret: 'another' }).ok).toBe(false);
    const token = (value: string) => challenge({ ...asked, 'hub.verify_token': value });
    expect(app.verify(token(meta.verifyToken), meta)).toEqual({ ok: true });
    expect(app.verify(token(config.verifyToken ?? ''), meta).ok).toBe(false);
    expect(app.handshake(token(meta.verifyToken))).toMatchObject({ status: 200, body: '0099887766' });
  });

  it('names each number of a delivery once', () => {
    const of = (phone_number_id: string) => ({ field: 'messages', value: { metadata: { phone_number_id } } });
    const body = {
      object: 'whatsapp_business_account',
      entry: [
        { id: '9', changes: [of('7001'), of('7002'), of('7001')] },
        { id: '8', changes: [of('7003'), { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } }] },
      ],
    };
    expect(app.identities(webhook(body))).toEqual(['whatsapp:7001', 'whatsapp:7002', 'whatsapp:7003']);
  });

  it.each(['', '{', '[]', '{"object":"page","entry":[{"id":"1"}]}'])('finds no number in %j', body => {
    expect(app.identities(webhook(body))).toEqual([]);
  });
});
