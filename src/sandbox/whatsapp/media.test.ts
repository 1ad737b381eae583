import { createHash } from 'node:crypto';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { ogg, png, sharedContracts, startWeb } from '../testing.ts';
import type { Json, Sandbox } from '../types.ts';
import { errorOf, type Stage, setStage } from './testing.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let stage: Stage;
let now = new Date('2026-09-01T08:00:00Z');

beforeEach(async () => {
  now = new Date('2026-09-01T08:00:00Z');
  sandbox = await startSandbox({ now: () => now, ...(contractsDir === undefined ? {} : { contractsDir }) });
  stage = setStage(sandbox);
  stage.ada.text('Hello');
});

afterEach(() => sandbox.close());

const last = () => stage.ada.messages.at(-1);

async function upload(bytes: Uint8Array, mime: string, name?: string): Promise<string> {
  const answer = await stage.upload({ bytes, mime, ...(name === undefined ? {} : { name }) });
  return String(answer.body.id);
}

/** Meta's media host, with the token or without, as a named client or an unnamed one. */
async function download(address: unknown, headers: Record<string, string> = {}) {
  const url = String(address).replace('https://', `${sandbox.url}/`);
  const answer = await request(url, {
    headers: { authorization: `Bearer ${stage.account.token}`, 'user-agent': 'made-up client', ...headers },
  });
  return { status: answer.statusCode, type: answer.headers['content-type'], bytes: await answer.body.bytes() };
}

describe('what a customer sends', () => {
  it('has an id, from it an address, and behind that the bytes', async () => {
    const { message } = stage.ada.image(png, { mime: 'image/png', caption: 'look' });
    const image = message.image as Json;
    expect(image).toMatchObject({
      mime_type: 'image/png',
      caption: 'look',
      sha256: createHash('sha256').update(png).digest('base64'),
    });
    const { body } = await stage.get(String(image.id));
    expect(body).toMatchObject({
      id: image.id,
      mime_type: 'image/png',
      file_size: png.length,
      sha256: createHash('sha256').update(png).digest('hex'),
    });
    for (const address of [body.url, image.url]) {
      const file = await download(address);
      expect([file.status, file.type, Buffer.from(file.bytes).equals(png)]).toEqual([200, 'image/png', true]);
    }
  });

  it('is kept from whoever has no token, another’s token, or no name', async () => {
    const { url } = stage.ada.voice(ogg).message.audio as Json;
    const foreign = sandbox.whatsapp.app().account();
    expect((await download(url, { authorization: '' })).status).toBe(401);
    expect((await download(url, { authorization: `Bearer ${foreign.token}` })).status).toBe(401);
    const nameless = await request(String(url).replace('https://', `${sandbox.url}/`), {
      headers: { authorization: `Bearer ${stage.account.token}` },
    });
    expect(nameless.statusCode).toBe(400);
    expect((await download(url)).status).toBe(200);
  });

  it('has an address for five minutes, and an id for a week', async () => {
    const { id, url } = stage.ada.document(png, { name: 'plan.pdf' }).message.document as Json;
    now = new Date('2026-09-01T08:05:01Z');
    expect((await download(url)).status).toBe(404);
    expect((await download((await stage.get(String(id))).body.url)).status).toBe(200);
    sandbox.whatsapp.expireDownloads();
    now = new Date('2026-09-08T08:00:00Z');
    expect((await stage.get(String(id))).status).toBe(400);
  });

  it('says how it was made: a recording, a moving sticker, a file with a name', () => {
    expect(stage.ada.voice(ogg).message.audio).toMatchObject({ voice: true, mime_type: 'audio/ogg; codecs=opus' });
    expect(stage.ada.audio(ogg).message.audio).toMatchObject({ voice: false });
    expect(stage.ada.sticker(png, { animated: true }).message.sticker).toMatchObject({ animated: true });
    expect(stage.ada.document(png, { name: 'Résumé.pdf' }).message.document).toMatchObject({ filename: 'Résumé.pdf' });
    expect(stage.ada.video(png).message).toMatchObject({ type: 'video', video: { mime_type: 'video/mp4' } });
  });
});

describe('what the business sends', () => {
  it('is uploaded, sent by id, and seen with its caption', async () => {
    const id = await upload(png, 'image/png');
    await stage.send({ type: 'image', image: { id, caption: 'the label' } });
    expect(last()).toMatchObject({ text: 'the label', media: { mime: 'image/png', mediaId: id } });
    expect(Buffer.from(last()?.media?.bytes ?? []).equals(png)).toBe(true);
    const pdf = await upload(Buffer.from('%PDF made-up'), 'application/pdf');
    await stage.send({ type: 'document', document: { id: pdf, filename: 'plan.pdf' } });
    expect(last()?.media).toMatchObject({ name: 'plan.pdf', mime: 'application/pdf' });
    const note = await upload(ogg, 'audio/ogg; codecs=opus');
    await stage.send({ type: 'audio', audio: { id: note, voice: true } });
    expect(last()?.media).toMatchObject({ voice: true });
    expect(sandbox.violations).toEqual([]);
  });

  it('can be deleted again, and is then no more to be sent', async () => {
    const id = await upload(png, 'image/png');
    expect((await stage.remove(`${id}?phone_number_id=100`)).status).toBe(400);
    expect((await stage.remove(id)).body).toEqual({ success: true });
    expect(errorOf(await stage.send({ type: 'image', image: { id } }))).toMatchObject({ code: 131009 });
  });

  it('is refused on upload where WhatsApp has no such type or the file is too large', async () => {
    const zip = await stage.upload({ bytes: png, mime: 'application/zip' });
    expect(errorOf(zip).message).toContain('must be a file with one of the following types');
    const large = await stage.upload({ bytes: new Uint8Array(5 * 1024 * 1024 + 1), mime: 'image/png' });
    expect(errorOf(large).message).toContain('5242880');
    expect(sandbox.violations).toHaveLength(2);
  });

  it('fails only later where the file does not fit the type of message', async () => {
    const id = await upload(png, 'image/webp');
    expect((await stage.send({ type: 'image', image: { id } })).status).toBe(200);
    expect(stage.ada.messages).toHaveLength(1);
  });

  it('is fetched from a link, or fails later where that leads nowhere', async () => {
    const { web, address } = await startWeb();
    await stage.send({ type: 'image', image: { link: `${address}/label.png` } });
    expect(last()?.media).toMatchObject({ mime: 'image/png' });
    expect((await stage.send({ type: 'image', image: { link: `${address}/gone.png` } })).status).toBe(200);
    expect((await stage.send({ type: 'image', image: { link: 'https://example.com/a.png' } })).status).toBe(200);
    expect(stage.ada.messages).toHaveLength(2);
    await web.close();
  });
});
