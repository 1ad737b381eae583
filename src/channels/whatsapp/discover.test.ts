import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { discoverNumbers, e164 } from './discover.ts';
import { type GraphApi, graphRefusal, hasShared, startGraphApi } from './testing.ts';

describe.skipIf(!hasShared)('the numbers behind a login', () => {
  let graph: GraphApi;
  beforeAll(async () => {
    graph = await startGraphApi();
  });
  afterEach(() => {
    const found = [...graph.problems];
    graph.reset();
    expect(found).toEqual([]);
  });
  afterAll(() => graph.close());

  const entry = (id: string) => ({
    id,
    display_phone_number: '+1 202-555-0100',
    verified_name: 'Example Ltd',
    status: 'LINKED',
  });
  const found = (id: string, wabaId: string) => ({
    identity: `whatsapp:${id}`,
    phoneNumberId: id,
    wabaId,
    name: 'Example Ltd (+1 202-555-0100)',
  });
  const token = (data: object) => ({ body: { data } });
  const granted = (...target_ids: string[]) =>
    token({ granular_scopes: [{ scope: 'whatsapp_business_management', target_ids }] });

  it('are those of all accounts that it names, page by page', async () => {
    graph.answer('GET debug_token', granted('9001', '9002', '9001'));
    const paging = { cursors: { after: 'QVFI' }, next: 'https://graph.facebook.com/next' };
    graph.answer(
      'GET 9001/phone_numbers',
      { body: { data: [entry('7001')], paging } },
      { body: { data: [entry('7002')] } },
    );
    graph.answer('GET 9002/phone_numbers', { body: { data: [entry('7003')], paging: { cursors: { after: 'end' } } } });
    expect(await discoverNumbers(graph.context())).toEqual({
      ok: true,
      numbers: [found('7001', '9001'), found('7002', '9001'), found('7003', '9002')],
    });
    expect(graph.calls.map(({ query }) => query.after)).toEqual([undefined, undefined, 'QVFI', undefined]);
  });

  it('are those of its user where it names no account', async () => {
    graph.answer(
      'GET debug_token',
      token({ user_id: '5001', granular_scopes: [{ scope: 'whatsapp_business_management' }] }),
    );
    graph.answer('GET 5001/assigned_whatsapp_business_accounts', {
      body: { data: [{ id: '9001', name: 'Example', status: 'ACTIVE' }] },
    });
    graph.answer('GET 9001/phone_numbers', { body: { data: [entry('7001')] } });
    expect(await discoverNumbers(graph.context())).toEqual({ ok: true, numbers: [found('7001', '9001')] });
  });

  it('are told as far as they can be read, and fail only where none can', async () => {
    graph.answer('GET 9001/phone_numbers', graphRefusal(200, 'Permissions error', {}, 403));
    graph.answer('GET 9002/phone_numbers', { body: { data: [entry('7003')] } });
    expect(await discoverNumbers(graph.context(), ['9001', '9002'])).toMatchObject({
      ok: true,
      numbers: [{ wabaId: '9002' }],
    });
    expect(await discoverNumbers(graph.context(), ['9001'])).toMatchObject({ ok: false, failure: { class: 'auth' } });
  });
});

it.each([
  ['+1 631-555-5555', '+16315555555'],
  ['+593 99 999 9999', '+593999999999'],
  ['12025550100', '+12025550100'],
  ['unknown', undefined],
  [undefined, undefined],
])('%j is %j in E.164', (written, number) => {
  expect(e164(written)).toBe(number);
});
