import { Api, GrammyError, InputFile } from 'grammy';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { ogg, png, sharedContracts, startWeb } from '../testing.ts';
import type { Sandbox, TelegramBot } from '../types.ts';

const contractsDir = sharedContracts();
let sandbox: Sandbox;
let bot: TelegramBot;
let api: Api;
let botId = 7_100_000;

const ada = { id: 1001, firstName: 'Ada', lastName: 'Example' };

beforeAll(async () => {
  sandbox = await startSandbox({ ...(contractsDir === undefined ? {} : { contractsDir }) });
});

afterAll(() => sandbox.close());

beforeEach(() => {
  bot = sandbox.telegram.bot({ id: ++botId, name: 'Desk' });
  bot.customer(ada);
  api = new Api(bot.token, { apiRoot: `${sandbox.url}/api.telegram.org` });
});

async function refusal(call: Promise<unknown>): Promise<GrammyError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GrammyError) return error;
  throw new Error('The call was not refused by Telegram.', { cause: error });
}

describe('who calls', () => {
  it('knows a bot by its token', async () => {
    expect(await api.getMe()).toMatchObject({ id: botId, is_bot: true, first_name: 'Desk', username: bot.username });
  });

  it('answers 401 to unknown tokens, and to a revoked one from then on', async () => {
    const stranger = new Api(`${botId}:not-the-token`, { apiRoot: `${sandbox.url}/api.telegram.org` });
    expect(await refusal(stranger.getMe())).toMatchObject({ error_code: 401, description: 'Unauthorized' });
    const newToken = bot.revoke();
    expect((await refusal(api.getMe())).error_code).toBe(401);
    const renewed = new Api(newToken, { apiRoot: `${sandbox.url}/api.telegram.org` });
    expect((await renewed.getMe()).id).toBe(botId);
  });

  it('answers 404 to a malformed token and to unknown methods', async () => {
    for (const path of ['botnonsense/getMe', `bot${bot.token}/makeCoffee`]) {
      const answer = await request(`${sandbox.url}/api.telegram.org/${path}`);
      expect(answer.statusCode).toBe(404);
      expect(await answer.body.json()).toMatchObject({ ok: false, error_code: 404 });
    }
  });
});

describe('sending', () => {
  it('shows a text with its entities in the chat', async () => {
    const sent = await api.sendMessage(1001, 'Hello bold', { entities: [{ type: 'bold', offset: 6, length: 4 }] });
    expect(bot.chat(1001).messages).toMatchObject([
      { id: sent.message_id, from: 'bot', text: 'Hello bold', entities: [{ type: 'bold', offset: 6, length: 4 }] },
    ]);
  });

  it('reads HTML, and refuses what is none', async () => {
    await api.sendMessage(1001, 'a <b>bold &amp; <i>both</i></b> <a href="https://example.com/?a=1&amp;b=2">link</a>', {
      parse_mode: 'HTML',
    });
    expect(bot.chat(1001).messages[0]).toMatchObject({
      text: 'a bold & both link',
      entities: [
        { type: 'bold', offset: 2, length: 11 },
        { type: 'italic', offset: 9, length: 4 },
        { type: 'text_link', offset: 14, length: 4, url: 'https://example.com/?a=1&b=2' },
      ],
    });
    const error = await refusal(api.sendMessage(1001, 'a <b>never closed', { parse_mode: 'HTML' }));
    expect(error.description).toMatch(/^Bad Request: can't parse entities/);
  });

  it.each([
    ['a text over 4096', { text: 'x'.repeat(4097) }, 'Bad Request: message is too long'],
    ['an empty text', { text: ' ' }, 'Bad Request: message text is empty'],
    ['an entity beyond the text', { text: 'hi', entities: [{ type: 'bold', offset: 1, length: 2 }] }, /does not lie/],
    [
      'an entity that cuts a surrogate pair',
      { text: '😀', entities: [{ type: 'bold', offset: 0, length: 1 }] },
      /does not lie/,
    ],
  ])('refuses %s and notes the breach', async (_what, body, description) => {
    const before = sandbox.violations.length;
    const answer = await request(`${sandbox.url}/api.telegram.org/bot${bot.token}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: 1001, ...body }),
    });
    expect(answer.statusCode).toBe(400);
    const { description: told } = (await answer.body.json()) as { description: string };
    expect(told).toMatch(description);
    expect(sandbox.violations.slice(before)).toMatchObject([{ vendor: 'telegram', operation: 'sendMessage' }]);
    expect(bot.chat(1001).messages).toEqual([]);
  });

  it('takes a text of 4096 units and a caption of 1024', async () => {
    await api.sendMessage(1001, 'x'.repeat(4096));
    await api.sendPhoto(1001, new InputFile(png, 'a.png'), { caption: 'y'.repeat(1024) });
    expect(bot.chat(1001).messages.map(({ text }) => text.length)).toEqual([4096, 1024]);
    expect((await refusal(api.sendPhoto(1001, new InputFile(png), { caption: 'y'.repeat(1025) }))).error_code).toBe(
      400,
    );
  });

  it('keeps what is replied to and quoted', async () => {
    const { messageId } = bot.customer(ada).say('Is it blue or green?');
    await api.sendMessage(1001, 'Blue', { reply_parameters: { message_id: messageId, quote: 'blue' } });
    expect(bot.chat(1001).messages[1]).toMatchObject({ replyTo: messageId, quote: 'blue' });
    const missing = api.sendMessage(1001, 'x', { reply_parameters: { message_id: 999 } });
    expect((await refusal(missing)).description).toBe('Bad Request: message to be replied not found');
    await api.sendMessage(1001, 'x', { reply_parameters: { message_id: 999, allow_sending_without_reply: true } });
    expect(bot.chat(1001).messages[2]?.replyTo).toBeUndefined();
  });

  it('carries files of each kind, byte for byte, with name and type', async () => {
    await api.sendPhoto(1001, new InputFile(png, 'pic.png'), { caption: 'look' });
    await api.sendVideo(1001, new InputFile(Buffer.from('made-up video'), 'clip.mp4'));
    await api.sendAnimation(1001, new InputFile(Buffer.from('GIF89a made-up'), 'dance.gif'));
    await api.sendAudio(1001, new InputFile(Buffer.from('ID3 made-up'), 'song.mp3'), { title: 'Song' });
    await api.sendVoice(1001, new InputFile(ogg, 'voice.ogg'));
    await api.sendVideoNote(1001, new InputFile(Buffer.from('made-up note'), 'note.mp4'));
    await api.sendDocument(1001, new InputFile(Buffer.from('%PDF made-up'), 'Rechnung März.pdf'));
    await api.sendSticker(1001, new InputFile(Buffer.from('made-up sticker'), 'wave.webp'));
    expect(bot.chat(1001).messages.map(({ media }) => [media?.kind, media?.mime, media?.name])).toEqual([
      ['photo', 'image/png', 'pic.png'],
      ['video', 'video/mp4', 'clip.mp4'],
      ['animation', 'image/gif', 'dance.gif'],
      ['audio', 'audio/mpeg', 'song.mp3'],
      ['voice', 'audio/ogg', 'voice.ogg'],
      ['video_note', 'video/mp4', 'note.mp4'],
      ['document', 'application/pdf', 'Rechnung März.pdf'],
      ['sticker', 'image/webp', 'wave.webp'],
    ]);
    expect(Buffer.from(bot.chat(1001).messages[0]?.media?.bytes ?? [])).toEqual(Buffer.from(png));
  });

  it('refuses pictures that are none, empty files, and file ids of another bot', async () => {
    const fake = api.sendPhoto(1001, new InputFile(Buffer.from('no picture at all'), 'a.jpg'));
    expect((await refusal(fake)).description).toBe('Bad Request: IMAGE_PROCESS_FAILED');
    const empty = api.sendDocument(1001, new InputFile(new Uint8Array(), 'a.txt'));
    expect((await refusal(empty)).description).toBe('Bad Request: file must be non-empty');
    const other = sandbox.telegram.bot({ id: ++botId });
    other.customer(ada).sendVoice(ogg);
    const fileId = other.chat(1001).messages[0]?.media?.fileId ?? '';
    expect((await refusal(api.sendVoice(1001, fileId))).description).toMatch(/wrong file identifier/);
  });

  it('sends what is no voice recording as a document', async () => {
    await api.sendVoice(1001, new InputFile(Buffer.from('RIFF made-up wave'), 'talk.wav'));
    expect(bot.chat(1001).messages[0]?.media?.kind).toBe('document');
  });

  it('sends again by file id', async () => {
    const sent = await api.sendDocument(1001, new InputFile(Buffer.from('text'), 'a.txt'));
    await api.sendDocument(1001, sent.document.file_id);
    expect(bot.chat(1001).messages[1]?.media).toMatchObject({ name: 'a.txt', fileId: sent.document.file_id });
  });

  it('fetches from loopback addresses, and some kinds of documents only', async () => {
    const { web, address } = await startWeb();
    try {
      await api.sendDocument(1001, `${address}/list.pdf`);
      await api.sendPhoto(1001, `${address}/pic.png`);
      expect(bot.chat(1001).messages.map(({ media }) => [media?.kind, media?.name, media?.mime])).toEqual([
        ['document', 'list.pdf', 'application/pdf'],
        ['photo', 'pic.png', 'image/png'],
      ]);
      const text = api.sendDocument(1001, `${address}/notes.txt`);
      expect((await refusal(text)).description).toBe('Bad Request: wrong type of the web page content');
      for (const unreachable of [`${address}/gone.pdf`, 'https://files.example.com/a.pdf']) {
        const { description } = await refusal(api.sendDocument(1001, unreachable));
        expect(description).toBe('Bad Request: failed to get HTTP URL content');
      }
    } finally {
      await web.close();
    }
  });

  it('reads forms and queries as well as JSON, and says so where it cannot', async () => {
    const address = `${sandbox.url}/api.telegram.org/bot${bot.token}/sendMessage`;
    await request(`${address}?chat_id=1001&text=by+query`);
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    await request(address, { method: 'POST', headers: type, body: 'chat_id=1001&text=by+form' });
    expect(bot.chat(1001).messages.map(({ text }) => text)).toEqual(['by query', 'by form']);
    for (const body of ['{"chat_id": 1001', '[]', '"text"']) {
      const answer = await request(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(answer.statusCode).toBe(400);
      expect(await answer.body.json()).toMatchObject({ ok: false, error_code: 400 });
    }
  });

  it('keeps an album together, in order', async () => {
    const sent = await api.sendMediaGroup(1001, [
      { type: 'photo', media: new InputFile(png, '1.png'), caption: 'first' },
      { type: 'photo', media: new InputFile(png, '2.png') },
    ]);
    const { messages } = bot.chat(1001);
    expect(messages.map(({ id }) => id)).toEqual(sent.map(message => message.message_id));
    expect(messages.map(({ text }) => text)).toEqual(['first', '']);
    expect(new Set(messages.map(({ album }) => album)).size).toBe(1);
    const single = api.sendMediaGroup(1001, [{ type: 'photo', media: new InputFile(png, '1.png') }]);
    expect((await refusal(single)).error_code).toBe(400);
  });

  it('shows places and contacts', async () => {
    await api.sendLocation(1001, 52.1, 4.3);
    await api.sendVenue(1001, -33.86, 151.2, 'Pier 4', '1 Quay Rd');
    await api.sendContact(1001, '+12025550100', 'Kim', { last_name: 'Ode' });
    expect(bot.chat(1001).messages).toMatchObject([
      { location: { latitude: 52.1, longitude: 4.3 } },
      { location: { latitude: -33.86, longitude: 151.2, title: 'Pier 4', address: '1 Quay Rd' } },
      { contact: { phone: '+12025550100', firstName: 'Kim', lastName: 'Ode' } },
    ]);
  });

  it('gives the next message the id asked for, and goes on from there', async () => {
    bot.nextMessageId(30);
    expect((await api.sendMessage(1001, 'a')).message_id).toBe(30);
    expect((await api.sendMessage(1001, 'b')).message_id).toBe(31);
  });
});

describe('where it may send', () => {
  it('finds no chat that nobody opened', async () => {
    expect(await refusal(api.sendMessage(404404, 'hi'))).toMatchObject({
      error_code: 400,
      description: 'Bad Request: chat not found',
    });
  });

  it('is refused by a person who blocked it, until they come back', async () => {
    bot.customer(ada).block();
    expect(await refusal(api.sendMessage(1001, 'hi'))).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    bot.customer(ada).unblock();
    await api.sendMessage(1001, 'hi');
    expect(bot.chat(1001).messages).toHaveLength(1);
  });

  it('is told where a group has moved to', async () => {
    const group = bot.group({ id: -4000, title: 'Street group' });
    group.member(ada).say('hello all');
    group.migrate(-1004000000999);
    expect(await refusal(api.sendMessage(-4000, 'hi'))).toMatchObject({
      error_code: 400,
      parameters: { migrate_to_chat_id: -1004000000999 },
    });
    await api.sendMessage(-1004000000999, 'hi');
    expect(bot.chat(-1004000000999)).toMatchObject({ type: 'supergroup', name: 'Street group' });
  });

  it('is out of a group it was removed from', async () => {
    bot.group({ id: -4001, title: 'Street group' }).kick(ada);
    expect((await refusal(api.sendMessage(-4001, 'hi'))).description).toBe(
      'Forbidden: bot was kicked from the group chat',
    );
  });
});

describe('other methods', () => {
  it('edits, deletes and reacts', async () => {
    const { message_id } = await api.sendMessage(1001, 'first');
    await api.editMessageText(1001, message_id, 'second');
    expect(bot.chat(1001).messages[0]).toMatchObject({ text: 'second', edited: true });
    expect((await refusal(api.editMessageText(1001, message_id, 'second'))).description).toMatch(/is not modified/);
    await api.setMessageReaction(1001, message_id, [{ type: 'emoji', emoji: '👍' }]);
    expect(bot.chat(1001).messages[0]?.reactions.bot).toEqual(['👍']);
    await api.deleteMessage(1001, message_id);
    expect(bot.chat(1001).messages).toEqual([]);
  });

  it('notes what a product asks for that the double does not know', async () => {
    const before = sandbox.violations.length;
    expect((await refusal(api.getUserProfilePhotos(1001))).error_code).toBe(404);
    expect(sandbox.violations.slice(before)).toMatchObject([{ operation: 'getUserProfilePhotos' }]);
  });

  it('shows typing, and answers a press once', async () => {
    await api.sendChatAction(1001, 'typing');
    expect(bot.chat(1001).actions).toEqual(['typing']);
    const { message_id } = await api.sendMessage(1001, 'Pick', {
      reply_markup: { inline_keyboard: [[{ text: 'One', callback_data: 'opt:1' }]] },
    });
    const { update } = bot.customer(ada).press(message_id, 'opt:1');
    const { id } = update.callback_query as { id: string };
    await api.answerCallbackQuery(id, { text: 'Thanks' });
    expect(bot.chat(1001).callbackAnswers).toEqual([{ callbackQueryId: id, text: 'Thanks' }]);
    expect((await refusal(api.answerCallbackQuery(id))).description).toMatch(/query is too old/);
  });

  it('hands out a customer’s file under a path of its own', async () => {
    bot.customer(ada).sendVoice(ogg, { duration: 3 });
    const message = bot.chat(1001).messages[0];
    const file = await api.getFile(message?.media?.fileId ?? '');
    expect(file).toMatchObject({ file_size: ogg.length, file_path: expect.stringMatching(/^voice\/file_\d+\.oga$/) });
    const address = `${sandbox.url}/api.telegram.org/file/bot${bot.token}/${file.file_path}`;
    const download = await request(address);
    expect(Buffer.from(await download.body.arrayBuffer())).toEqual(Buffer.from(ogg));
    expect((await request(`${address}.bak`)).statusCode).toBe(404);
  });

  it('refuses downloads above 20 MB', async () => {
    bot.file('declared-file', { bytes: new Uint8Array(20 * 1024 * 1024 + 1), name: 'big.zip' });
    expect((await refusal(api.getFile('declared-file'))).description).toBe('Bad Request: file is too big');
  });

  it('tells about a chat', async () => {
    expect(await api.getChat(1001)).toMatchObject({ id: 1001, type: 'private', first_name: 'Ada' });
  });
});
