import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MediaPart } from '../../contract/message.ts';
import { fetchMedia } from './media.ts';
import { type GraphApi, graphRefusal, hasShared, startGraphApi } from './testing.ts';

const part: MediaPart = { kind: 'file', ref: '810000000000024', mime: 'application/pdf', name: 'CV.pdf' };
const route = `GET ${part.ref}`;
const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=made-up';
const bytes = new TextEncoder().encode('not a real file');
const hash = createHash('sha256').update(bytes);
const [hex, base64] = [hash.copy().digest('hex'), hash.digest('base64')];

describe.skipIf(!hasShared)('fetching a file', () => {
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

  function described(over: object = {}): void {
    const body = {
      messaging_product: 'whatsapp',
      id: part.ref,
      url,
      mime_type: 'application/pdf',
      file_size: '15',
      ...over,
    };
    graph.answer(route, { body });
    graph.files.set(url, { bytes });
  }

  const fetched = (over: Partial<MediaPart> = {}) => fetchMedia({ ...part, ...over }, graph.context());

  it.each([{}, { sha256: hex }, { sha256: base64 }, { sha256: 'of another form' }])(
    'asks where it is, then for it (%j)',
    async over => {
      described(over);
      expect(await fetched()).toMatchObject({ bytes: Buffer.from(bytes), mime: 'application/pdf', name: 'CV.pdf' });
      expect(graph.calls).toMatchObject([
        { route, query: { phone_number_id: '700000000000101' }, authorization: 'Bearer EAAnotARealToken' },
        { route: `GET ${url}`, authorization: 'Bearer EAAnotARealToken' },
      ]);
    },
  );

  it('does not ask for what is known to be gone', async () => {
    expect(await fetched({ unavailable: 'A picture that WhatsApp did not hand over.' })).toEqual({
      failure: { class: 'media', message: 'A picture that WhatsApp did not hand over.' },
    });
    expect(graph.calls).toEqual([]);
  });

  it('does not fetch what is too large', async () => {
    described({ file_size: String(101 * 1024 * 1024) });
    expect(await fetched()).toMatchObject({ failure: { class: 'media', message: expect.stringContaining('101 MB') } });
    expect(graph.calls).toHaveLength(1);
  });

  it.each([
    'http://lookaside.fbsbx.com/x',
    'https://lookaside.fbsbx.com.evil.example/x',
    'https://169.254.169.254/latest',
    'no address',
    undefined,
  ])('sends the token to no other host (%s)', async other => {
    described({ url: other });
    expect(await fetched()).toMatchObject({ failure: { class: 'media' } });
    expect(graph.calls).toHaveLength(1);
  });

  it('follows to another host without the token', async () => {
    described();
    const location = 'https://cdn.example/moved';
    graph.files.set(url, { status: 302, headers: { location }, bytes: new Uint8Array() });
    graph.files.set(location, { bytes });
    expect(await fetched()).toMatchObject({ bytes: Buffer.from(bytes) });
    expect(graph.calls.at(-1)).toMatchObject({ route: `GET ${location}`, authorization: undefined });
  });

  it('takes a file that WhatsApp has deleted for lost', async () => {
    graph.answer(route, graphRefusal(100, 'Unsupported get request.', { error_subcode: 33 }));
    expect(await fetched()).toMatchObject({
      failure: { class: 'media', message: expect.stringContaining('no longer') },
    });
  });

  it.each([
    ['an address that has died', () => graph.files.delete(url)],
    ['a damaged file', () => described({ sha256: '0'.repeat(64) })],
  ])('takes %s for a passing matter', async (_what, break_) => {
    described();
    break_();
    expect(await fetched()).toMatchObject({ failure: { class: 'temporary' } });
  });

  it('passes on that the token is refused', async () => {
    graph.answer(route, graphRefusal(190, 'Session has expired', {}, 401));
    expect(await fetched()).toMatchObject({ failure: { class: 'auth' } });
  });
});
