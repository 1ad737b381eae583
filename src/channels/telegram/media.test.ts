import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MediaPart } from '../../contract/message.ts';
import { fetchMedia } from './media.ts';
import { type BotApi, config, refusal, result, startBotApi } from './testing.ts';

let api: BotApi;

beforeAll(async () => {
  api = await startBotApi();
});
afterAll(() => api.close());
afterEach(() => api.reset());

const part: MediaPart = { kind: 'file', ref: 'd1', name: 'a b.pdf', mime: 'application/pdf' };
const path = (rest: string) => `bot${config.token}/${rest}`;

describe('fetchMedia', () => {
  it('asks where the file lies and reads it, with the name and type that the message gave', async () => {
    api.answer('getFile', result({ file_id: 'd1', file_size: 3, file_path: 'documents/file 1#.pdf' }));
    api.files.set(path('documents/file 1#.pdf'), Uint8Array.of(1, 2, 3));
    const fetched = await fetchMedia(part, api.context());
    expect(api.calls).toEqual([{ method: 'getFile', fields: { file_id: 'd1' }, files: {} }]);
    expect(fetched).toMatchObject({ mime: 'application/pdf', name: 'a b.pdf' });
    expect('bytes' in fetched && [...fetched.bytes]).toEqual([1, 2, 3]);
  });

  it('takes the name from the path where the message gave none', async () => {
    api.answer('getFile', result({ file_path: 'voice/file_2.oga' }));
    api.files.set(path('voice/file_2.oga'), Uint8Array.of(1));
    expect(await fetchMedia({ kind: 'voice', ref: 'v1' }, api.context())).toMatchObject({ name: 'file_2.oga' });
  });

  it('does not ask for what cannot be had', async () => {
    expect(await fetchMedia({ ...part, unavailable: 'Too large.' }, api.context())).toEqual({
      failure: { class: 'media', message: 'Too large.' },
    });
    expect(api.calls).toEqual([]);
  });

  it.each([
    ['too big', refusal(400, 'Bad Request: file is too big'), 'media'],
    ['another bot’s', refusal(400, 'Bad Request: wrong file identifier/HTTP URL specified'), 'media'],
    ['larger than announced', result({ file_path: 'x', file_size: 20 * 1024 * 1024 + 1 }), 'media'],
    ['nowhere', result({ file_id: 'd1' }), 'media'],
    ['at an address that has died', result({ file_path: 'documents/gone.pdf' }), 'temporary'],
    ['asked for with a dead token', refusal(401, 'Unauthorized'), 'auth'],
    ['on a server that is down', refusal(500, 'Internal Server Error'), 'temporary'],
    ['lost on the way', 'drop' as const, 'temporary'],
  ])('a file %s', async (_name, reply, expected) => {
    api.answer('getFile', reply);
    const fetched = await fetchMedia(part, api.context());
    expect(fetched).toMatchObject({ failure: { class: expected } });
    expect(fetched).not.toHaveProperty('failure.unconfirmed');
    expect(JSON.stringify([fetched, api.exchanges])).not.toContain('not-a-real-token');
  });

  it('stops reading at 20 MB', async () => {
    api.answer('getFile', result({ file_path: 'documents/big.bin' }));
    api.files.set(path('documents/big.bin'), new Uint8Array(20 * 1024 * 1024 + 1));
    expect(await fetchMedia(part, api.context())).toMatchObject({ failure: { class: 'media' } });
  });
});
