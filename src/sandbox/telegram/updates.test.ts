import { Api } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { ogg, png, startReceiver, type WebhookReceiver } from '../testing.ts';
import type { Json, Sandbox, TelegramBot, TelegramCustomer } from '../types.ts';

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let bot: TelegramBot;
let api: Api;
let ada: TelegramCustomer;

beforeEach(async () => {
  [sandbox, receiver] = await Promise.all([
    startSandbox({ redelivery: { telegram: { delay: 1, tries: 5 } } }),
    startReceiver(),
  ]);
  bot = sandbox.telegram.bot({ id: 7_300_001 });
  ada = bot.customer({ id: 1001, firstName: 'Ada', language: 'en' });
  api = new Api(bot.token, { apiRoot: `${sandbox.url}/api.telegram.org` });
});

afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const updates = () => receiver.received.map(({ body }) => JSON.parse(body) as Json & { message?: Json });
const texts = () => updates().map(({ message }) => message?.text);

describe('webhooks', () => {
  it('carry the secret and the update, once the bot has set an address', async () => {
    ada.say('Hi');
    await api.setWebhook(receiver.url, { secret_token: 'made-up-secret' });
    await sandbox.settled();
    expect(receiver.received[0]?.headers['x-telegram-bot-api-secret-token']).toBe('made-up-secret');
    expect(updates()).toEqual([
      {
        update_id: expect.any(Number),
        message: {
          message_id: 1,
          from: { id: 1001, is_bot: false, first_name: 'Ada', language_code: 'en' },
          chat: { id: 1001, first_name: 'Ada', type: 'private' },
          date: expect.any(Number),
          text: 'Hi',
        },
      },
    ]);
  });

  it('hold back a chat until its failed update is through, and no other chat', async () => {
    await api.setWebhook(receiver.url);
    const tom = bot.customer({ id: 1002, firstName: 'Tom' });
    let failures = 3;
    receiver.answer = ({ body }) => (body.includes('"first"') && failures-- > 0 ? 500 : 200);
    ada.say('first');
    ada.say('second');
    tom.say('meanwhile');
    await sandbox.settled();
    expect(texts().filter(text => text !== 'meanwhile')).toEqual(['first', 'first', 'first', 'first', 'second']);
    expect(texts().indexOf('meanwhile')).toBeLessThan(texts().indexOf('second'));
    expect(sandbox.deliveries.map(({ state, tries }) => [state, tries.length])).toEqual([
      ['delivered', 4],
      ['delivered', 1],
      ['delivered', 1],
    ]);
  });

  it('are given up after their tries, and the chat goes on', async () => {
    await api.setWebhook(receiver.url);
    receiver.answer = ({ body }) => (body.includes('poison') ? 500 : 200);
    ada.say('poison');
    ada.say('cure');
    await sandbox.settled();
    expect(sandbox.deliveries.map(({ state, tries }) => [state, tries.length])).toEqual([
      ['failed', 5],
      ['delivered', 1],
    ]);
    const info = await api.getWebhookInfo();
    expect(info).toMatchObject({ pending_update_count: 0, last_error_message: 'Wrong response from the webhook: 500' });
  });

  it('wait while there is no address, and can be dropped', async () => {
    ada.say('one');
    ada.say('two');
    expect((await api.getWebhookInfo()).pending_update_count).toBe(2);
    await api.setWebhook(receiver.url, { drop_pending_updates: true });
    ada.say('three');
    await sandbox.settled();
    expect(texts()).toEqual(['three']);
  });

  it('come only for the kinds asked for; reactions only by name', async () => {
    await api.setWebhook(receiver.url);
    const { messageId } = ada.say('Hi');
    expect(ada.react(messageId, ['👍']).delivery.state).toBe('dropped');
    await api.setWebhook(receiver.url, { allowed_updates: ['message_reaction'] });
    ada.say('unheard');
    ada.react(messageId, []);
    // Not naming the kinds leaves them as they were.
    await api.setWebhook(receiver.url);
    ada.say('still unheard');
    await sandbox.settled();
    expect(updates().map(update => Object.keys(update)[1])).toEqual(['message', 'message_reaction']);
    expect(updates()[1]?.message_reaction).toMatchObject({
      message_id: messageId,
      old_reaction: [{ type: 'emoji', emoji: '👍' }],
      new_reaction: [],
    });
  });

  it('go to https on four ports only, loopback apart', async () => {
    await expect(api.setWebhook('http://hooks.example.com/t')).rejects.toThrow(/An HTTPS URL must be provided/);
    await expect(api.setWebhook('https://hooks.example.com:9000/t')).rejects.toThrow(
      /only on ports 80, 88, 443 or 8443/,
    );
    await expect(api.setWebhook(receiver.url, { secret_token: 'no spaces please' })).rejects.toThrow(/unallowed/);
    await api.setWebhook('https://hooks.example.com:8443/t');
    expect(bot.webhook?.url).toBe('https://hooks.example.com:8443/t');
  });

  it('can be repeated byte for byte', async () => {
    await api.setWebhook(receiver.url);
    const { delivery } = ada.say('Hi');
    await delivery.done;
    await delivery.again().done;
    expect(receiver.received.map(({ body }) => body)).toEqual([delivery.body, delivery.body]);
  });
});

describe('what people do', () => {
  beforeEach(() => api.setWebhook(receiver.url));

  const last = async () => {
    await sandbox.settled();
    return updates().at(-1) ?? {};
  };

  it('sends pictures as a ladder of sizes, and albums under one id', async () => {
    ada.sendPhoto(png, { caption: 'look' });
    expect((await last()).message).toMatchObject({
      caption: 'look',
      photo: [
        { file_id: expect.any(String) },
        { file_id: expect.any(String), width: 1, height: 1, file_size: png.length },
      ],
    });
    ada.sendAlbum([
      { kind: 'photo', bytes: png, caption: 'both' },
      { kind: 'photo', bytes: png },
    ]);
    await sandbox.settled();
    const [first, second] = updates().slice(1);
    expect(first?.message?.media_group_id).toBe(second?.message?.media_group_id);
    expect(first?.message?.media_group_id).toEqual(expect.any(String));
  });

  it('sends an animation with its double under document, and a venue with its location', async () => {
    ada.sendAnimation(png, { name: 'dance.gif', mime: 'image/gif' });
    const { message } = await last();
    expect(message?.animation).toMatchObject({ mime_type: 'image/gif', file_name: 'dance.gif' });
    expect(message?.document).toMatchObject({ file_id: (message?.animation as Json | undefined)?.file_id });
    ada.sendVenue({ latitude: -33.86, longitude: 151.2, title: 'Pier 4', address: '1 Quay Rd' });
    expect((await last()).message).toMatchObject({
      location: { latitude: -33.86, longitude: 151.2 },
      venue: { title: 'Pier 4', address: '1 Quay Rd', location: { latitude: -33.86 } },
    });
  });

  it('replies with a quote, forwards, starts by a deep link', async () => {
    const { messageId } = ada.say('blue or green');
    ada.say({ text: 'that one', replyTo: messageId, quote: 'green' });
    expect((await last()).message).toMatchObject({
      reply_to_message: { message_id: messageId, text: 'blue or green' },
      quote: { text: 'green', position: 8 },
    });
    ada.say({ text: 'look at this', forwardedFrom: 'Somebody Else' });
    expect((await last()).message).toMatchObject({
      forward_origin: { type: 'hidden_user', sender_user_name: 'Somebody Else' },
    });
    ada.start('promo_spring-26');
    expect((await last()).message).toMatchObject({
      text: '/start promo_spring-26',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    });
  });

  it('edits a text and a caption', async () => {
    const { messageId } = ada.say('Helo');
    ada.edit(messageId, 'Hello');
    expect(await last()).toMatchObject({
      edited_message: { message_id: messageId, text: 'Hello', edit_date: expect.any(Number) },
    });
    const photo = ada.sendPhoto(png, { caption: 'a' });
    ada.edit(photo.messageId, 'b');
    expect(await last()).toMatchObject({ edited_message: { message_id: photo.messageId, caption: 'b' } });
    expect(bot.chat(1001).messages.map(({ text, edited }) => [text, edited])).toEqual([
      ['Hello', true],
      ['b', true],
    ]);
  });

  it('blocks and comes back', async () => {
    ada.block();
    expect(await last()).toMatchObject({
      my_chat_member: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked', until_date: 0 } },
    });
    expect(() => ada.say('are you there?')).toThrow(/hears nothing/);
    ada.unblock();
    expect(await last()).toMatchObject({ my_chat_member: { new_chat_member: { status: 'member' } } });
  });

  it('moves a group: one service message in each chat, ids start anew', async () => {
    const group = bot.group({ id: -4000000123, title: 'Street group' });
    const tom = group.member({ id: 1002, firstName: 'Tom' });
    tom.say('hello all');
    group.migrate(-1004000000999);
    await sandbox.settled();
    const [, ...moves] = updates().sort((a, b) => Number(a.update_id) - Number(b.update_id));
    expect(moves).toMatchObject([
      { message: { chat: { id: -4000000123, type: 'group' }, migrate_to_chat_id: -1004000000999 } },
      {
        message: { message_id: 1, chat: { id: -1004000000999, type: 'supergroup' }, migrate_from_chat_id: -4000000123 },
      },
    ]);
    expect(group.id).toBe(-1004000000999);
  });

  it('posts raw updates as they are, beyond 2^53 too, and opens their chats', async () => {
    const update = {
      update_id: 880000013,
      message: { message_id: 48n, chat: { id: 6001, type: 'private' }, big: 2n ** 60n },
    };
    bot.update(update);
    await sandbox.settled();
    expect(receiver.received.at(-1)?.body).toContain('"big":1152921504606846976');
    await api.sendMessage(6001, 'welcome');
    expect(bot.chat(6001).messages).toHaveLength(1);
  });

  it('shows what was written on both sides, in order', async () => {
    ada.say('one');
    await api.sendMessage(1001, 'two');
    ada.sendVoice(ogg, { duration: 4 });
    expect(bot.chat(1001).messages.map(({ from, text, media }) => [from, text, media?.kind])).toEqual([
      ['customer', 'one', undefined],
      ['bot', 'two', undefined],
      ['customer', '', 'voice'],
    ]);
  });
});
