import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContactIdentity } from '../../contract/platform.ts';
import { resolve } from './contacts.ts';
import { error, startVendor, type Vendor } from './testing.ts';

const found = 'GET /contacts/find_by_external_id/tg%3A1001';
const api = 'api.intercom.io';
const hex = 'aaaaaaaaaaaaaaaaaaaaaaaa';

const jo: ContactIdentity = {
  externalId: 'tg:1001',
  name: 'Jo Fake',
  channel: { kind: 'telegram', label: 'Telegram' },
};
const joWithPhone: ContactIdentity = { ...jo, phone: '+12025550143' };

let vendor: Vendor;
beforeEach(async () => {
  vendor = await startVendor();
});
afterEach(async () => {
  await vendor.close();
  expect(vendor.violations).toEqual([]);
});

const bodyOf = (call: string) => vendor.seen.find(({ method, path }) => `${method} ${path}` === call)?.json;

describe('someone known by our external id', () => {
  it('is found by a direct read, and nothing else is asked', async () => {
    vendor.answer({ [found]: { json: { type: 'contact', id: hex } } });
    expect(await resolve(joWithPhone, vendor.context())).toEqual({ ok: true, id: hex });
    expect(vendor.calls()).toEqual([`GET ${api}/contacts/find_by_external_id/tg%3A1001`]);
    expect(vendor.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer token-for-tests-only',
      'intercom-version': '2.14',
    });
  });

  it('and merged into another is followed there', async () => {
    const link = `</contacts/${hex}>; rel="canonical"`;
    vendor.answer({ [found]: error(410, 'contact_merged', 'This contact has been merged.', { link }) });
    expect(await resolve(jo, vendor.context())).toEqual({ ok: true, id: hex });
  });
});

describe('someone the workspace knows by phone', () => {
  const people = (...data: unknown[]) => ({ 'POST /contacts/search': { json: { type: 'list', data } } });

  it('is a user rather than a lead, and who answered last among users', async () => {
    vendor.answer(
      people(
        { id: 'lead', role: 'lead', external_id: 'x1', last_replied_at: 300 },
        { id: 'older', role: 'user', external_id: 'x2', last_replied_at: 100 },
        { id: hex, role: 'user', external_id: 'x3', last_replied_at: 200 },
        { id: 'never', role: 'user', external_id: 'x4', last_replied_at: null },
      ),
    );
    expect(await resolve(joWithPhone, vendor.context())).toEqual({ ok: true, id: hex });
    expect(vendor.calls()).not.toContain(`PUT ${api}/contacts/${hex}`);
  });

  it('is looked for in every spelling that names the country', async () => {
    vendor.answer(people({ id: hex, external_id: 'x' }));
    await resolve(joWithPhone, vendor.context());
    expect(bodyOf('POST /contacts/search')).toEqual({
      query: {
        operator: 'OR',
        value: ['+12025550143', '12025550143', '0012025550143', '+1 202 555 0143'].map(value => ({
          field: 'phone',
          operator: '=',
          value,
        })),
      },
    });
  });

  it('gets our external id when they have none', async () => {
    vendor.answer({ ...people({ id: hex, role: 'user', external_id: null }), [`PUT /contacts/${hex}`]: { json: {} } });
    expect(await resolve(joWithPhone, vendor.context())).toEqual({ ok: true, id: hex });
    expect(bodyOf(`PUT /contacts/${hex}`)).toEqual({ external_id: 'tg:1001' });
  });

  it('is used all the same when the external id is refused', async () => {
    vendor.answer({
      ...people({ id: hex, role: 'lead', external_id: null }),
      [`PUT /contacts/${hex}`]: error(400, 'parameter_invalid', 'external_id cannot be set on a lead'),
    });
    expect(await resolve(joWithPhone, vendor.context())).toEqual({ ok: true, id: hex });
  });
});

describe('someone new', () => {
  it('is made as a user, with what is known of them', async () => {
    vendor.answer({
      'POST /contacts/search': { json: { type: 'list', data: [] } },
      'POST /contacts': { json: { type: 'contact', id: hex } },
    });
    expect(await resolve(joWithPhone, vendor.context())).toEqual({ ok: true, id: hex });
    expect(bodyOf('POST /contacts')).toEqual({
      role: 'user',
      external_id: 'tg:1001',
      phone: '+12025550143',
      name: 'Jo Fake',
    });
  });

  it('made by someone else a moment ago is taken from the 409, without another search', async () => {
    const message = `A contact matching those details already exists with id=${hex}`;
    vendor.answer({ 'POST /contacts': error(409, 'conflict', message) });
    expect(await resolve(jo, vendor.context())).toEqual({ ok: true, id: hex });
    expect(vendor.calls()).toEqual([`GET ${api}/contacts/find_by_external_id/tg%3A1001`, `POST ${api}/contacts`]);
  });

  it('who is archived is brought back', async () => {
    const message = `An archived contact matching those details already exists with id=${hex}`;
    vendor.answer({
      'POST /contacts': error(409, 'conflict', message),
      [`POST /contacts/${hex}/unarchive`]: { json: { type: 'contact', id: hex, archived: false } },
    });
    expect(await resolve(jo, vendor.context())).toEqual({ ok: true, id: hex });
    expect(vendor.calls()).toContain(`POST ${api}/contacts/${hex}/unarchive`);
  });

  it('whose holder the 409 does not name is tried again later', async () => {
    vendor.answer({ 'POST /contacts': error(409, 'conflict', 'Something matches.') });
    expect(await resolve(jo, vendor.context())).toMatchObject({ ok: false, failure: { class: 'temporary' } });
  });
});

describe('failures', () => {
  const failing = async (status: number, code: string, headers?: Record<string, string>) => {
    vendor.answer({ [found]: error(status, code, 'Fake.', headers) });
    return resolve(jo, vendor.context());
  };

  it('a 401 parks nothing while the token still works', async () => {
    vendor.answer({ 'GET /me': { json: { id: '1' } } });
    expect(await failing(401, 'unauthorized')).toMatchObject({ ok: false, failure: { class: 'temporary' } });
  });

  it.each(['unauthorized', 'token_revoked', 'token_not_found'])('a 401 %s that /me confirms is auth', async code => {
    vendor.answer({ 'GET /me': error(401, 'unauthorized', 'Fake.') });
    expect(await failing(401, code)).toMatchObject({
      failure: { class: 'auth', code, status: 401, requestId: 'fake-request' },
    });
  });

  it('a token that lacks a permission is auth, though it is valid elsewhere', async () => {
    vendor.answer({ 'GET /me': { json: { id: '1' } } });
    expect(await failing(401, 'token_unauthorized')).toMatchObject({ failure: { class: 'auth' } });
    expect(vendor.calls()).not.toContain(`GET ${api}/me`);
  });

  it('a 429 waits until the window ends', async () => {
    const reset = String(vendor.context().now.getTime() / 1000 + 7);
    expect(await failing(429, 'rate_limit_exceeded', { 'X-RateLimit-Reset': reset })).toMatchObject({
      failure: { class: 'rate_limited', retryAfter: 7, scope: 'channel' },
    });
  });

  it('a 429 without a time waits for one window', async () => {
    expect(await failing(429, 'rate_limit_exceeded')).toMatchObject({ failure: { retryAfter: 10 } });
  });

  it.each([
    [403, 'api_plan_restricted', 'policy'],
    [403, 'action_forbidden', 'policy'],
    [400, 'parameter_invalid', 'content'],
    [422, 'data_invalid', 'content'],
    [400, 'intercom_version_invalid', 'config'],
    [500, 'server_error', 'temporary'],
    [503, 'service_unavailable', 'temporary'],
    [418, 'teapot', 'unknown'],
  ])('%s %s is %s', async (status, code, kind) => {
    expect(await failing(status, code)).toMatchObject({ ok: false, failure: { class: kind, code, status } });
  });

  it('a vendor fault while a contact is made is harmless to repeat', async () => {
    vendor.answer({ 'POST /contacts': error(502, 'bad_gateway', 'Fake.') });
    const result = await resolve(jo, vendor.context());
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect(result).not.toMatchObject({ failure: { unconfirmed: true } });
  });
});
