import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../types.ts';

const admin = { id: '9000001', name: 'Bridge', email: 'bridge@example.com' };
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(() => sandbox.close());

describe('OAuth', () => {
  it('approves, and exchanges the code once, on the region’s host', async () => {
    const abroad = sandbox.intercom.workspace({
      appId: 'wksp1234',
      region: 'EU',
      clientId: 'made-up-client',
      clientSecret: 'made-up',
      redirectUri: 'https://octopods.example.com/oauth/callback',
      admin,
    });
    const consent = await request(`${sandbox.url}/app.eu.intercom.com/oauth?client_id=made-up-client&state=s1`);
    expect(consent.statusCode).toBe(302);
    const location = new URL(String(consent.headers.location));
    expect(location.href).toMatch(/^https:\/\/octopods\.example\.com\/oauth\/callback\?code=\w+&state=s1$/);
    const exchange = (host: string) =>
      request(`${sandbox.url}/${host}/auth/eagle/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          code: location.searchParams.get('code'),
          client_id: 'made-up-client',
          client_secret: 'made-up',
        }),
      });
    expect((await exchange('api.intercom.io')).statusCode).toBe(400);
    const answer = await exchange('api.eu.intercom.io');
    const { access_token, token, token_type } = (await answer.body.json()) as Record<string, string>;
    expect([answer.statusCode, token_type, token]).toEqual([200, 'Bearer', access_token]);
    const me = await request(`${sandbox.url}/api.eu.intercom.io/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.body.json()).toMatchObject({ app: { id_code: abroad.appId, region: 'EU' } });
    expect((await exchange('api.eu.intercom.io')).statusCode).toBe(400);
  });
});
