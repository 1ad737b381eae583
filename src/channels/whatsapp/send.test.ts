import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMedia } from '../../contract/adapter.ts';
import type { Outgoing } from '../../contract/channel.ts';
import type { MediaKind, Part } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { capabilities } from './capabilities.ts';
import { callGraph } from './graph.ts';
import { send } from './send.ts';
import { type GraphApi, graphRefusal, hasShared, readShared, sharedFiles, startGraphApi } from './testing.ts';

const messages = 'POST 700000000000101/messages';
const media = 'POST 700000000000101/media';
const accepted = {
  body: {
    messaging_product: 'whatsapp',
    contacts: [{ input: '447700900417', wa_id: '447700900417' }],
    messages: [{ id: 'wamid.OUT1' }],
  },
};

function outgoing(parts: Part[], over: Partial<Outgoing> = {}): Outgoing {
  return { id: '0190aaaa', piece: 0, to: '447700900417', parts, ...over };
}

const hello: Part = { kind: 'text', text: 'Hello' };

function file(
  kind: MediaKind,
  mime: string,
  bytes = 4,
  name = 'made-up.bin',
): { part: Part; store: Record<string, StoredMedia> } {
  return { part: { kind, ref: 'f1', mime }, store: { f1: { bytes: new Uint8Array(bytes), mime, name } } };
}

describe.skipIf(!hasShared)('send', () => {
  let graph: GraphApi;
  beforeAll(async () => {
    graph = await startGraphApi();
  });
  afterEach(() => {
    const { problems } = graph;
    const found = [...problems];
    graph.reset();
    // Every call and every made-up answer is as Meta’s own description has it.
    expect(found).toEqual([]);
  });
  afterAll(() => graph.close());

  async function sending(message: Outgoing, store: Record<string, StoredMedia> = {}) {
    graph.answer(media, { body: { id: '985569392615996' } });
    graph.answer(messages, accepted);
    const result = await send(message, graph.context({}, store));
    return { result, sent: graph.sent() };
  }

  const base = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '447700900417',
    biz_opaque_callback_data: '0190aaaa:0',
  };

  it('sends text with the token in the header, and returns WhatsApp’s id', async () => {
    const { result, sent } = await sending(outgoing([hello]));
    expect(result).toEqual({ ok: true, ids: ['wamid.OUT1'] });
    expect(sent).toEqual([{ ...base, type: 'text', text: { body: 'Hello', preview_url: false } }]);
    expect(graph.calls[0]?.authorization).toBe('Bearer EAAnotARealToken');
    expect(JSON.stringify(graph.exchanges)).not.toContain('EAAnotARealToken');
  });

  it('writes formatting as WhatsApp does, and asks for a preview of links', async () => {
    const text = 'See https://example.com now';
    const { sent } = await sending(outgoing([{ kind: 'text', text, marks: [{ type: 'bold', start: 0, end: 3 }] }]));
    expect(sent).toMatchObject([{ text: { body: '*See* https://example.com now', preview_url: true } }]);
  });

  it('sends people who hide their number by their id, and groups as groups', async () => {
    const user = await sending(outgoing([hello], { to: 'US.13491208655302741918' }));
    expect(user.sent).toMatchObject([{ recipient_type: 'individual', recipient: 'US.13491208655302741918' }]);
    expect(user.sent[0]).not.toHaveProperty('to');
    const group = await sending(outgoing([hello], { to: 'group:Y2Fw' }));
    expect(group.sent.at(-1)).toMatchObject({ recipient_type: 'group', to: 'Y2Fw' });
  });

  it('quotes what WhatsApp knows, and nothing else', async () => {
    expect((await sending(outgoing([hello], { replyTo: { id: 'wamid.A1' } }))).sent).toMatchObject([
      { context: { message_id: 'wamid.A1' } },
    ]);
    const { sent } = await sending(outgoing([hello], { replyTo: { id: 'event:edit:1' } }));
    expect(sent.at(-1)).not.toHaveProperty('context');
  });

  it.each<[MediaKind, string, object]>([
    ['image', 'image/jpeg', { type: 'image', image: { id: '985569392615996', caption: 'Look' } }],
    ['video', 'video/mp4', { type: 'video', video: { id: '985569392615996', caption: 'Look' } }],
    [
      'file',
      'application/pdf',
      { type: 'document', document: { id: '985569392615996', caption: 'Look', filename: 'made-up.bin' } },
    ],
    ['file', 'image/png', { type: 'image', image: { id: '985569392615996', caption: 'Look' } }],
  ])('uploads a %s of type %s and sends it by id with its caption', async (kind, mime, content) => {
    const { part, store } = file(kind, mime);
    const { result, sent } = await sending(outgoing([part, { kind: 'text', text: 'Look' }]), store);
    expect(result).toMatchObject({ ok: true });
    expect(sent).toEqual([{ ...base, ...content }]);
    const [uploaded] = graph.calls;
    expect(uploaded).toMatchObject({ route: media, body: { messaging_product: 'whatsapp', type: mime } });
    expect(uploaded?.files).toEqual([{ name: 'made-up.bin', mime, bytes: new Uint8Array(4) }]);
  });

  it.each<[MediaKind, string, object]>([
    ['voice', 'audio/ogg', { type: 'audio', audio: { id: '985569392615996' } }],
    ['audio', 'audio/x-m4a', { type: 'audio', audio: { id: '985569392615996' } }],
    ['sticker', 'image/webp', { type: 'sticker', sticker: { id: '985569392615996' } }],
  ])('sends a %s of type %s', async (kind, mime, content) => {
    const { part, store } = file(kind, mime);
    expect((await sending(outgoing([part]), store)).sent).toEqual([{ ...base, ...content }]);
    expect(graph.calls[0]?.files[0]?.mime).toBe(mime.replace('x-m4a', 'mp4'));
    const captioned = await sending(outgoing([part, hello]), store);
    expect(captioned.result).toMatchObject({ ok: false, failure: { class: 'content' } });
  });

  it('sends places and contacts', async () => {
    const place: Part = { kind: 'location', lat: -0.0000001, lng: 12.25089, name: 'Pier 4', address: '1 Quay Rd' };
    expect((await sending(outgoing([place]))).sent).toEqual([
      {
        ...base,
        type: 'location',
        location: { latitude: '0', longitude: '12.25089', name: 'Pier 4', address: '1 Quay Rd' },
      },
    ]);
    const contact: Part = {
      kind: 'contact',
      name: 'Grace Example',
      phones: ['+12025550143'],
      emails: ['grace@example.com'],
    };
    expect((await sending(outgoing([contact]))).sent.at(-1)).toEqual({
      ...base,
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Grace Example', first_name: 'Grace Example' },
          phones: [{ phone: '+12025550143' }],
          emails: [{ email: 'grace@example.com' }],
        },
      ],
    });
    const nameless: Part = { kind: 'contact', name: 'Grace', phones: [] };
    expect((await sending(outgoing([nameless]))).result).toMatchObject({ ok: true });
  });

  it('says what has no form of its own in words', async () => {
    const parts: Part[] = [
      { kind: 'choice', label: 'Yes' },
      { kind: 'unsupported', text: 'A poll' },
      { kind: 'story', text: 'A story' },
    ];
    expect((await sending(outgoing(parts))).sent).toMatchObject([{ text: { body: 'Yes\nA poll\nA story' } }]);
  });

  it.each<[string, Part[]]>([
    ['nothing', []],
    ['two attachments', [file('image', 'image/png').part, file('image', 'image/png').part]],
    ['a place with words', [{ kind: 'location', lat: 1, lng: 2 }, hello]],
  ])('refuses %s without a call', async (_what, parts) => {
    const { result } = await sending(outgoing(parts), file('image', 'image/png').store);
    expect(result).toMatchObject({ ok: false, failure: { class: 'content' } });
    expect(graph.calls).toEqual([]);
  });

  it.each<[string, MediaKind, string, number]>([
    ['of a type that is not taken', 'file', 'application/zip', 4],
    ['that is too large', 'image', 'image/jpeg', 5 * 1024 * 1024 + 1],
  ])('refuses a file %s before uploading it', async (_what, kind, mime, bytes) => {
    const { part, store } = file(kind, mime, bytes);
    const { result } = await sending(outgoing([part]), store);
    expect(result).toMatchObject({
      ok: false,
      failure: { class: 'media', message: expect.stringMatching(/WhatsApp/) },
    });
    expect(graph.calls).toEqual([]);
  });

  it('passes on that our own copy is gone', async () => {
    const gone = new FailureError({ class: 'media', message: 'The file is gone.' });
    const context = graph.context({ media: { read: () => Promise.reject(gone), link: () => '' } });
    expect(await send(outgoing([file('image', 'image/png').part]), context)).toEqual({
      ok: false,
      failure: gone.failure,
    });
  });

  it('calls a refused upload a matter of the file, and one without an answer a passing one', async () => {
    const { part, store } = file('image', 'image/png');
    graph.answer(media, graphRefusal(100, '(#100) Param file must be a file with one of the following types'));
    expect(await send(outgoing([part]), graph.context({}, store))).toMatchObject({
      failure: { class: 'media', code: '100' },
    });
    graph.answer(media, 'drop');
    const result = await send(outgoing([part]), graph.context({}, store));
    expect(result).toMatchObject({ failure: { class: 'temporary' } });
    expect(result).not.toHaveProperty('failure.unconfirmed');
    expect(graph.sent()).toEqual([]);
  });

  it('says why WhatsApp refused a message', async () => {
    graph.answer(messages, graphRefusal(131047, '(#131047) Re-engagement message'));
    expect(await send(outgoing([hello]), graph.context())).toEqual({
      ok: false,
      failure: {
        class: 'window_closed',
        message: '(#131047) Re-engagement message',
        code: '131047',
        status: 400,
        requestId: 'A1b2C3',
      },
    });
  });

  it('keeps the token out of Meta’s words', async () => {
    graph.answer(messages, graphRefusal(190, 'Malformed access token EAAnotARealToken', {}, 401));
    const result = await send(outgoing([hello]), graph.context());
    expect(result).toMatchObject({ failure: { class: 'auth', message: 'Malformed access token ***' } });
  });

  it.each<[string, Parameters<GraphApi['answer']>[1], boolean]>([
    ['no answer', 'drop', true],
    ['a fault without a word of Meta’s', { status: 502, body: 'Bad Gateway' }, true],
    ['a success that cannot be read', { status: 200, body: 'OK' }, true],
    ['a fault that Meta explains', graphRefusal(131016, 'Service unavailable', {}, 503), false],
  ])('after %s takes the message for unconfirmed: %s', async (_what, reply, unconfirmed) => {
    // What is no JSON is no answer that Meta describes.
    graph.answer(messages, reply);
    const result = await send(outgoing([hello]), graph.context());
    graph.problems.length = 0;
    expect(result).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect('failure' in result && result.failure.unconfirmed === true).toBe(unconfirmed);
  });
});

describe.skipIf(!hasShared)('the description that calls are held against', () => {
  it.each<[string, string, object]>([
    ['an unknown field', messages, { ...text('Hi'), emphasis: 'none' }],
    ['a field of another type', messages, { ...text('Hi'), image: { id: '1' } }],
    ['a missing one', messages, { ...text('Hi'), messaging_product: undefined }],
    ['a number as a number', messages, { ...text('Hi'), to: 447700900417 }],
    ['an unknown call', 'POST 700000000000101/postcards', {}],
  ])('notices %s', async (_what, route, json) => {
    const graph = await startGraphApi();
    graph.answer(route, accepted);
    await callGraph(graph.context(), { method: 'POST', path: route.replace('POST ', ''), json });
    expect(graph.problems).not.toEqual([]);
    await graph.close();
  });

  function text(body: string): object {
    return {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '447700900417',
      type: 'text',
      text: { body },
    };
  }
});

describe.skipIf(!hasShared)('the published requests', () => {
  it('show the same forms that we send', () => {
    const folder = 'contracts/whatsapp/send-examples';
    const names = sharedFiles(folder, 'send-message').concat(['expectedMessage1.json', 'expectedMessage7.json']);
    const bodies = names.map(name => readShared<Record<string, unknown>>(`${folder}/${name}`));
    const known = ['messaging_product', 'recipient_type', 'to', 'recipient', 'type', 'text', 'audio'];
    expect(bodies).toHaveLength(5);
    for (const body of bodies) expect(Object.keys(body).filter(name => !known.includes(name))).toEqual([]);
  });
});

describe.skipIf(!hasShared)('the published limits', () => {
  interface Limits {
    text: { body: [number, string] };
    caption: [number, string];
    media_max_bytes_and_mime: Record<string, [number, string[], string]>;
  }
  const limits = hasShared ? readShared<Limits>('contracts/whatsapp/limits.json') : undefined;

  it('of words are those of the capabilities', () => {
    expect(capabilities.text.limit).toBe(limits?.text.body[0]);
    expect(capabilities.caption).toMatchObject({ limit: limits?.caption[0] });
  });

  it.each([
    ['image', 'image'],
    ['video', 'video'],
    ['audio', 'audio'],
    ['voice', 'audio'],
    ['file', 'document'],
    ['sticker', 'sticker_animated'],
  ] as const)('of a %s are those of the capabilities', (kind, name) => {
    const [maxBytes, mimes] = limits?.media_max_bytes_and_mime[name] ?? [];
    expect(capabilities.parts[kind].maxBytes).toBe(maxBytes);
    expect(capabilities.parts[kind].mimes).toEqual(expect.arrayContaining(mimes ?? ['missing']));
  });
});
