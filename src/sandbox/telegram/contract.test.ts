import { Api, InputFile } from 'grammy';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContracts } from '../contracts.ts';
import { startSandbox } from '../server.ts';
import { ogg, png, sharedContracts } from '../testing.ts';
import type { Sandbox, TelegramBot } from '../types.ts';

const contractsDir = sharedContracts() ?? '';
const ada = { id: 1001, firstName: 'Ada', lastName: 'Example', username: 'ada_example', language: 'en' };

describe.skipIf(contractsDir === '')('the Bot API’s own description', () => {
  let sandbox: Sandbox;
  let bot: TelegramBot;

  beforeEach(async () => {
    sandbox = await startSandbox({ contractsDir });
    bot = sandbox.telegram.bot({ id: 7_200_001 });
    bot.customer(ada);
  });

  afterEach(() => sandbox.close());

  it.each([
    ['a missing field', 'sendMessage', { chat_id: 1001 }, 'text is required'],
    [
      'an unknown field',
      'sendMessage',
      { chat_id: 1001, text: 'a', reply_to: 3 },
      'reply_to is no field of the Bot API',
    ],
    ['a wrong type', 'sendLocation', { chat_id: 1001, latitude: 'north', longitude: 4 }, 'latitude is no number'],
    [
      'a fault inside',
      'sendMessage',
      { chat_id: 1001, text: 'a', entities: [{ type: 'bold', offset: 0 }] },
      'entities[0].length is required',
    ],
    [
      'a speechless upload',
      'sendPhoto',
      { chat_id: 1001, photo: 'attach://none' },
      'photo speaks of "none", which is not uploaded',
    ],
  ])('notes %s', async (_what, method, body, message) => {
    const answer = await request(`${sandbox.url}/api.telegram.org/bot${bot.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(await answer.body.json()).toEqual({ ok: false, error_code: 400, description: `Bad Request: ${message}` });
    expect(sandbox.violations.at(-1)).toMatchObject({ vendor: 'telegram', operation: method, message });
  });

  it('finds no fault in what the official client sends, nor in what it was answered', async () => {
    const { telegram: contract } = await loadContracts(contractsDir);
    const client = new Api(bot.token, { apiRoot: `${sandbox.url}/api.telegram.org` });
    const photo = () => new InputFile(png, 'a.png');
    await client.getMe();
    await client.setWebhook('https://hooks.example.com/t', { secret_token: 'abc', allowed_updates: ['message'] });
    await client.getWebhookInfo();
    await client.deleteWebhook({ drop_pending_updates: true });
    const { message_id } = await client.sendMessage(1001, 'hi', {
      reply_markup: { inline_keyboard: [[{ text: 'One', callback_data: '1' }]] },
    });
    await client.sendMessage(1001, 'hi', { reply_parameters: { message_id, quote: 'hi' } });
    await client.sendPhoto(1001, photo(), {
      caption: 'c',
      caption_entities: [{ type: 'bold', offset: 0, length: 1 }],
    });
    await client.sendVideo(1001, new InputFile(Buffer.from('v'), 'a.mp4'));
    await client.sendAnimation(1001, new InputFile(Buffer.from('a'), 'a.gif'));
    await client.sendAudio(1001, new InputFile(Buffer.from('a'), 'a.mp3'), { performer: 'P' });
    await client.sendVoice(1001, new InputFile(ogg, 'a.ogg'));
    await client.sendVideoNote(1001, new InputFile(Buffer.from('n'), 'a.mp4'));
    await client.sendDocument(1001, new InputFile(Buffer.from('d'), 'a.pdf'));
    await client.sendSticker(1001, new InputFile(Buffer.from('s'), 'a.webp'));
    await client.sendMediaGroup(1001, [
      { type: 'photo', media: photo() },
      { type: 'video', media: new InputFile(Buffer.from('v'), 'b.mp4') },
    ]);
    await client.sendLocation(1001, 1.5, 2.5);
    await client.sendVenue(1001, 1.5, 2.5, 't', 'a');
    await client.sendContact(1001, '+12025550100', 'Kim');
    await client.sendChatAction(1001, 'typing');
    await client.setMessageReaction(1001, message_id, [{ type: 'emoji', emoji: '👍' }]);
    await client.editMessageText(1001, message_id, 'ho');
    await client.getChat(1001);
    bot.customer(ada).sendVoice(ogg);
    await client.getFile(bot.chat(1001).messages.at(-1)?.media?.fileId ?? '');
    await client.deleteMessage(1001, message_id);

    expect(sandbox.violations).toEqual([]);
    const problems = sandbox.log.flatMap(({ operation, answer }) =>
      contract.result(operation, (answer?.body as { result: unknown } | undefined)?.result),
    );
    expect(problems).toEqual([]);
    expect(sandbox.log).toHaveLength(24);
  });

  it('fits every update that the double makes', async () => {
    const { telegram: contract } = await loadContracts(contractsDir);
    const customer = bot.customer(ada);
    const group = bot.group({ id: -4100, title: 'Street group' });
    const member = group.member({ id: 1002, firstName: 'Tom' });
    const said = customer.say({ text: '/start see https://example.com' });
    const acts = [
      said,
      customer.say({ text: 'that', replyTo: said.messageId, quote: 'see' }),
      customer.say({ text: 'passed on', forwardedFrom: 'Somebody Else' }),
      customer.start('ref_42'),
      customer.sendPhoto(png, { caption: 'look' }),
      customer.sendVideo(png),
      customer.sendAnimation(png, { name: 'a.gif' }),
      customer.sendAudio(png, { title: 't', performer: 'p' }),
      customer.sendVoice(ogg),
      customer.sendVideoNote(png),
      customer.sendDocument(png, { name: 'a.pdf' }),
      customer.sendSticker(png, { emoji: '👍', format: 'video' }),
      customer.sendLocation(52.1, 4.3),
      customer.sendVenue({ latitude: 52.1, longitude: 4.3, title: 't', address: 'a' }),
      customer.sendContact({ phone: '+12025550100', firstName: 'Kim' }),
      customer.sendPoll({ question: 'q', options: ['a', 'b'] }),
      customer.sendDice(),
      ...customer.sendAlbum([
        { kind: 'photo', bytes: png },
        { kind: 'video', bytes: png },
      ]),
      customer.edit(said.messageId, 'changed'),
      customer.react(said.messageId, ['👍']),
      customer.block(),
      customer.unblock(),
      member.say('hello all'),
      ...group.migrate(-1004000000998),
      group.kick({ id: 1002, firstName: 'Tom' }),
    ];
    const problems = acts.flatMap(({ update }) => contract.object('Update', update));
    expect(problems).toEqual([]);
  });
});
