import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMedia } from '../../contract/adapter.ts';
import type { Outgoing } from '../../contract/channel.ts';
import type { MediaPart, Part } from '../../contract/message.ts';
import { FailureError } from '../../kit/failure.ts';
import { createHttp } from '../../kit/http.ts';
import { send } from './send.ts';
import {
  type BotApi,
  type BotApiSpec,
  hasShared,
  problems,
  readShared,
  refusal,
  result,
  startBotApi,
} from './testing.ts';

const spec = hasShared ? readShared<BotApiSpec>('contracts/telegram/api.json') : undefined;
let api: BotApi;

beforeAll(async () => {
  api = await startBotApi();
});
afterAll(() => api.close());
afterEach(() => {
  // Whatever a test sent has to be a call that the Bot API knows.
  for (const { method, fields, files } of api.calls) {
    const given = { ...fields, ...Object.fromEntries(Object.entries(files).map(([name, { bytes }]) => [name, bytes])) };
    if (spec) expect(problems(spec, spec.methods[method]?.fields ?? [], given)).toEqual([]);
  }
  api.reset();
});

function outgoing(parts: Part[], over: Partial<Outgoing> = {}): Outgoing {
  return { id: 'm1', piece: 0, to: '1001', parts, ...over };
}

function stored(mime: string, name: string, size = 3): StoredMedia {
  return { bytes: new Uint8Array(size).fill(7), mime, name };
}

function file(kind: MediaPart['kind'], over: Partial<MediaPart> = {}): MediaPart {
  return { kind, ref: 'r1', mediaId: 'm1', ...over };
}

/** Sends one part whose bytes are in the store, and gives back the calls it took. */
async function upload(part: MediaPart, media: StoredMedia, caption?: Part) {
  const sent = await send(outgoing(caption ? [part, caption] : [part]), api.context({}, { r1: media }));
  return { sent, calls: api.calls, methods: api.calls.map(({ method }) => method) };
}

const hello: Part = { kind: 'text', text: 'Hello' };

describe('text', () => {
  it('goes out plain and gives the message’s id', async () => {
    expect(await send(outgoing([hello]), api.context())).toEqual({ ok: true, ids: ['501'] });
    expect(api.calls).toEqual([{ method: 'sendMessage', fields: { chat_id: '1001', text: 'Hello' }, files: {} }]);
  });

  it('takes formatting along as entities', async () => {
    const part: Part = { kind: 'text', text: '👍 yes', marks: [{ type: 'bold', start: 3, end: 6 }] };
    await send(outgoing([part]), api.context());
    expect(api.calls[0]?.fields).toMatchObject({ text: '👍 yes', entities: [{ type: 'bold', offset: 3, length: 3 }] });
  });

  it('answers a message, and goes out even if that is gone', async () => {
    await send(outgoing([hello], { replyTo: { id: '58' } }), api.context());
    expect(api.calls[0]?.fields.reply_parameters).toEqual({ message_id: 58, allow_sending_without_reply: true });
  });

  it('answers nothing where the id is not Telegram’s', async () => {
    await send(outgoing([hello], { replyTo: { id: 'callback:58' } }), api.context());
    expect(api.calls[0]?.fields).not.toHaveProperty('reply_parameters');
  });

  it.each([
    ['-1009001:t3', { chat_id: '-1009001', message_thread_id: 3 }],
    ['-1009001:d1001', { chat_id: '-1009001', direct_messages_topic_id: 1001 }],
    ['1001:bAb_1', { chat_id: '1001', business_connection_id: 'Ab_1' }],
  ])('reaches %s', async (to, fields) => {
    await send(outgoing([hello], { to }), api.context());
    expect(api.calls[0]?.fields).toEqual({ ...fields, text: 'Hello' });
  });

  it('stands for what has no form of its own', async () => {
    const parts: Part[] = [
      { kind: 'choice', label: 'Yes' },
      { kind: 'story', text: 'A story' },
      { kind: 'unsupported', text: 'A poll' },
    ];
    await send(outgoing(parts), api.context());
    expect(api.calls.map(({ fields }) => fields.text)).toEqual(['Yes\nA story\nA poll']);
  });
});

describe('places and contacts', () => {
  it.each<[Part, string, object]>([
    [{ kind: 'location', lat: 0, lng: 4.3 }, 'sendLocation', { latitude: 0, longitude: 4.3 }],
    [
      { kind: 'location', lat: 1, lng: 2, name: 'Pier 4', address: '1 Quay Rd' },
      'sendVenue',
      { latitude: 1, longitude: 2, title: 'Pier 4', address: '1 Quay Rd' },
    ],
    [
      { kind: 'location', lat: 1, lng: 2, address: '1 Quay Rd' },
      'sendVenue',
      { title: '1 Quay Rd', address: '1 Quay Rd' },
    ],
    [
      { kind: 'contact', name: 'Ada', phones: ['+15005550006', '+15005550007'] },
      'sendContact',
      { phone_number: '+15005550006', first_name: 'Ada' },
    ],
    [
      { kind: 'contact', name: 'Ada', phones: [], emails: ['ada@example.com'] },
      'sendMessage',
      { text: 'Ada\nada@example.com' },
    ],
  ])('%j', async (part, method, fields) => {
    await send(outgoing([part]), api.context());
    expect(api.calls).toMatchObject([{ method, fields }]);
  });
});

describe('files', () => {
  it.each<[string, MediaPart, StoredMedia, string, string, object]>([
    ['a picture', file('image'), stored('image/png', 'a.png'), 'sendPhoto', 'photo', {}],
    ['a picture that moves', file('image'), stored('image/gif', 'a.gif'), 'sendAnimation', 'animation', {}],
    ['a picture of another type', file('image'), stored('image/heic', 'a.heic'), 'sendDocument', 'document', {}],
    [
      'a very long picture',
      file('image', { width: 100, height: 3000 }),
      stored('image/png', 'a.png'),
      'sendDocument',
      'document',
      {},
    ],
    [
      'a video',
      file('video', { width: 640, height: 360, seconds: 8.6 }),
      stored('video/mp4', 'a.mp4'),
      'sendVideo',
      'video',
      { width: 640, height: 360, duration: 9 },
    ],
    ['another video', file('video'), stored('video/webm', 'a.webm'), 'sendDocument', 'document', {}],
    ['audio', file('audio', { seconds: 4 }), stored('audio/mpeg', 'a.mp3'), 'sendAudio', 'audio', { duration: 4 }],
    ['other audio', file('audio'), stored('audio/wav', 'a.wav'), 'sendDocument', 'document', {}],
    [
      'a voice note',
      file('voice', { seconds: 4 }),
      stored('audio/ogg', 'a.ogg'),
      'sendVoice',
      'voice',
      { duration: 4 },
    ],
    ['a file', file('file'), stored('image/png', 'a.png'), 'sendDocument', 'document', {}],
    ['a sticker', file('sticker'), stored('image/webp', 'a.webp'), 'sendSticker', 'sticker', {}],
    ['a sticker of another type', file('sticker'), stored('image/png', 'a.png'), 'sendPhoto', 'photo', {}],
  ])('%s', async (_name, part, media, method, field, details) => {
    const { sent, calls } = await upload(part, media);
    expect(sent).toEqual({ ok: true, ids: ['501'] });
    expect(calls).toEqual([{ method, fields: { chat_id: '1001', ...details }, files: { [field]: expect.anything() } }]);
    expect(calls[0]?.files[field]).toMatchObject({ name: media.name, mime: media.mime });
    expect(Buffer.from(calls[0]?.files[field]?.bytes ?? [])).toEqual(Buffer.from(media.bytes));
  });

  it('carry a formatted caption and answer a message', async () => {
    const caption: Part = { kind: 'text', text: 'look here', marks: [{ type: 'italic', start: 5, end: 9 }] };
    const parts = [file('image'), caption];
    await send(outgoing(parts, { replyTo: { id: '58' } }), api.context({}, { r1: stored('image/jpeg', 'a.jpg') }));
    expect(api.calls[0]?.fields).toEqual({
      chat_id: '1001',
      caption: 'look here',
      caption_entities: [{ type: 'italic', offset: 5, length: 4 }],
      reply_parameters: { message_id: 58, allow_sending_without_reply: true },
    });
  });

  it('go as a document where Telegram refuses the form', async () => {
    api.answer('sendPhoto', refusal(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS'));
    const { sent, methods } = await upload(file('image'), stored('image/jpeg', 'a.jpg'), hello);
    expect(sent).toEqual({ ok: true, ids: ['501'] });
    expect(methods).toEqual(['sendPhoto', 'sendDocument']);
    expect(api.calls[1]?.fields.caption).toBe('Hello');
  });

  it('fail when the last form is refused too', async () => {
    api.answer('sendDocument', refusal(400, 'Bad Request: file must be non-empty'));
    const { sent, methods } = await upload(file('file'), stored('text/plain', 'a.txt', 0));
    expect(sent).toMatchObject({ ok: false, failure: { class: 'media' } });
    expect(methods).toEqual(['sendDocument']);
  });

  it('do not go out a second time when it is not the form that fails', async () => {
    api.answer('sendPhoto', refusal(502, 'Bad Gateway'));
    const { sent, methods } = await upload(file('image'), stored('image/jpeg', 'a.jpg'));
    expect(sent).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect(methods).toEqual(['sendPhoto']);
  });

  it('over 10 MB are no photos, over 50 MB are not sent at all', async () => {
    expect((await upload(file('image'), stored('image/jpeg', 'a.jpg', 10 * 1024 * 1024 + 1))).methods).toEqual([
      'sendDocument',
    ]);
    api.reset();
    const large = await upload(
      file('file', { name: 'a.zip' }),
      stored('application/zip', 'a.zip', 50 * 1024 * 1024 + 1),
    );
    expect(large.sent).toMatchObject({
      ok: false,
      failure: { class: 'media', message: expect.stringContaining('a.zip') },
    });
    expect(large.methods).toEqual([]);
  });

  it('whose bytes are gone fail as media', async () => {
    const gone = new FailureError({ class: 'media', message: 'The file is gone.' });
    const media = { read: () => Promise.reject(gone), link: () => '' };
    const sent = await send(outgoing([file('file')]), api.context({ media }));
    expect(sent).toEqual({ ok: false, failure: gone.failure });
  });
});

describe('what one message cannot hold', () => {
  it.each<[string, Part[]]>([
    ['nothing', []],
    ['two files', [file('file'), file('file')]],
    ['a place with text', [{ kind: 'location', lat: 1, lng: 2 }, hello]],
    ['a sticker with text', [file('sticker'), hello]],
  ])('%s is refused before any call', async (_name, parts) => {
    expect(await send(outgoing(parts), api.context())).toMatchObject({ ok: false, failure: { class: 'content' } });
    expect(api.calls).toEqual([]);
  });

  it('a chat that is none is an invalid recipient', async () => {
    expect(await send(outgoing([hello], { to: '@ada' }), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'invalid_recipient' },
    });
  });
});

describe('refusals', () => {
  it('of the formatting ask for the same words again, plain', async () => {
    api.answer(
      'sendMessage',
      refusal(400, "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 3"),
    );
    expect(await send(outgoing([hello]), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'content' },
      again: 'plain_text',
    });
  });

  it('of a moved group tell the new chat and can be repeated at once', async () => {
    api.answer(
      'sendMessage',
      refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -1001180035764 }),
    );
    expect(await send(outgoing([hello], { to: '-354277871' }), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'temporary' },
      mended: true,
      events: [
        { type: 'chat_migrated', key: 'migrated:-354277871:-1001180035764', from: '-354277871', to: '-1001180035764' },
      ],
    });
  });

  it('by a person who blocked the bot are an opt-out', async () => {
    api.answer('sendMessage', refusal(403, 'Forbidden: bot was blocked by the user'));
    expect(await send(outgoing([hello], { to: '1001:t3', piece: 2 }), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'opted_out', status: 403, message: 'Forbidden: bot was blocked by the user' },
      events: [{ type: 'opted_out', key: 'send:m1:2:opted_out', conversation: '1001:t3', contact: '1001' }],
    });
  });

  it('for haste say how long to wait', async () => {
    api.answer('sendMessage', refusal(429, 'Too Many Requests: retry after 7', { retry_after: 7 }));
    expect(await send(outgoing([hello]), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'rate_limited', retryAfter: 7 },
    });
  });
});

describe('no clear answer', () => {
  it('is unconfirmed when the call was taken and the line went dead', async () => {
    api.answer('sendMessage', 'drop');
    expect(await send(outgoing([hello]), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'temporary', unconfirmed: true },
    });
    expect(api.calls).toHaveLength(1);
  });

  it('is unconfirmed when the call was accepted in words we cannot read', async () => {
    api.answer('sendMessage', { status: 200, body: 'fine' });
    expect(await send(outgoing([hello]), api.context())).toMatchObject({
      ok: false,
      failure: { class: 'temporary', unconfirmed: true },
    });
  });

  it('is certain when Telegram could not be reached, or answered with an error of its own', async () => {
    const http = createHttp({ reroute: 'http://127.0.0.1:9' });
    const unreached = await send(outgoing([hello]), api.context({ http }));
    expect(unreached).toMatchObject({ ok: false, failure: { class: 'temporary' } });
    expect(unreached).not.toHaveProperty('failure.unconfirmed');
    api.answer('sendMessage', { status: 502, body: 'Bad Gateway' });
    const broken = await send(outgoing([hello]), api.context());
    expect(broken).toMatchObject({ ok: false, failure: { class: 'temporary', status: 502 } });
    expect(broken).not.toHaveProperty('failure.unconfirmed');
  });

  it('still counts as sent when the answer names no message', async () => {
    api.answer('sendMessage', result(true));
    expect(await send(outgoing([hello]), api.context())).toEqual({ ok: true, ids: [] });
  });
});

describe('the token', () => {
  it('is in no failure and in no trace', async () => {
    const context = api.context();
    api.answer('sendMessage', refusal(401, 'Unauthorized'), 'drop', { status: 404, body: 'x' });
    const results = [];
    for (let round = 0; round < 3; round++) results.push(await send(outgoing([hello]), context));
    expect(JSON.stringify([results, api.exchanges])).not.toContain('not-a-real-token');
    expect(api.exchanges).toHaveLength(3);
  });
});
