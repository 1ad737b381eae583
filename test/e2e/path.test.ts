import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drawing, photo } from '../../src/cli/try/samples.ts';
import { telegramTooManyRequests } from '../../src/sandbox/telegram/errors.ts';
import { fromBot, setStage, type TestStage } from '../support/stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.stop());
afterEach(() => {
  stage.sandbox.faults.clear();
  expect(stage.sandbox.violations).toEqual([]);
});

let nextCustomer = 6001;
/** A new customer who has written once, with the thread that this opened. */
async function customerWithThread() {
  const customer = stage.bot.customer({ id: nextCustomer++, firstName: 'Noor', lastName: 'Example' });
  customer.say('Good day');
  await stage.quiet();
  const contact = stage.inbox.contact(`tg:${customer.id}`);
  const thread = stage.inbox.conversations.find(one => one.contactIds.includes(contact.id));
  if (!thread) throw new Error('The customer has no conversation in the inbox.');
  return { customer, threadId: thread.id, thread: () => stage.inbox.conversation(thread.id) };
}

const kim = () => stage.inbox.teammate({ id: '9042', name: 'Kim Ode' });

describe('from the customer to the inbox', () => {
  test('a redelivered update makes nothing new and is answered 200', async () => {
    const { customer, thread } = await customerWithThread();
    const act = customer.say('Only once, please');
    await act.delivery.done;
    const again = await act.delivery.again().done;
    await stage.quiet();
    expect(again.tries.at(-1)?.status).toBe(200);
    expect(thread().timeline.map(part => part.text)).toEqual(['Good day', 'Only once, please']);
  });

  test('200 messages of one chat, every third first try failing, arrive once and in order', async () => {
    const { customer, thread } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'intercom', match: /\/reply$/, kind: 'status', status: 503, every: 3 });
    const texts = Array.from({ length: 200 }, (_, i) => `number ${i}`);
    for (const text of texts) customer.say(text);
    await stage.quiet();
    expect(
      thread()
        .timeline.slice(1)
        .map(part => part.text),
    ).toEqual(texts);
  });

  test('edits, reactions, places, contact cards and stickers are readable in the inbox', async () => {
    const { customer, thread } = await customerWithThread();
    const { messageId } = customer.say('The blue one');
    await stage.quiet();
    customer.edit(messageId, 'The green one');
    customer.sendVenue({ latitude: 52.1, longitude: 4.3, title: 'Pier 4', address: '1 Quay Road' });
    customer.sendContact({ phone: '+15005550006', firstName: 'Ada' });
    customer.sendSticker(photo, { emoji: '👍' });
    await stage.quiet();
    const texts = thread().parts.map(part => part.text);
    expect(texts[1]).toContain('The green one');
    expect(texts[2]).toContain('Pier 4');
    expect(texts[2]).toContain('52.1,4.3');
    expect(texts[3]).toContain('+15005550006');
    expect(thread().parts[4]?.attachments).toHaveLength(1);
    customer.react(messageId, ['🎉']);
    await stage.quiet();
    expect(thread().parts.at(-1)?.text).toContain('🎉');
    expect(thread().parts.at(-1)?.text).toContain('The green one');
  });

  test('a quote shows what it answers, also when that was a teammate’s message', async () => {
    const { customer, threadId, thread } = await customerWithThread();
    kim().reply(threadId, '<p>Which colour?</p>');
    await stage.quiet();
    const [asked] = stage.bot.chat(customer.id).messages.filter(message => message.from === 'bot');
    customer.say({ text: 'Blue', replyTo: asked?.id ?? 0 });
    await stage.quiet();
    expect(thread().parts.at(-1)?.text).toBe('> Which colour?\nBlue');
  });

  test('a deep link’s payload reaches the inbox with the first words', async () => {
    const customer = stage.bot.customer({ id: nextCustomer++, firstName: 'Mika' });
    customer.start('spring-sale');
    customer.say('Is it still on?');
    customer.say('Hello?');
    await stage.quiet();
    const contact = stage.inbox.contact(`tg:${customer.id}`);
    const texts = stage.inbox.conversations
      .find(one => one.contactIds.includes(contact.id))
      ?.timeline.map(part => part.text);
    expect(texts?.[0]).toContain('spring-sale');
    expect(texts?.[0]).toContain('Is it still on?');
    expect(texts?.[1]).toBe('Hello?');
  });

  test('a group is one conversation in which each text names its author', async () => {
    const group = stage.bot.group({ id: -400_100, title: 'Street group' });
    group.member({ id: 71, firstName: 'Ada' }).say('When?');
    group.member({ id: 72, firstName: 'Ben' }).say('Where?');
    await stage.quiet();
    const [moved] = group.migrate(-100_400_100);
    await moved.delivery.done;
    group.member({ id: 71, firstName: 'Ada' }).say('Still here');
    await stage.quiet();
    const contact = stage.inbox.contact('tg:-400100');
    const threads = stage.inbox.conversations.filter(one => one.contactIds.includes(contact.id));
    expect(contact.name).toBe('Street group');
    expect(threads.map(one => one.timeline.map(part => part.text))).toEqual([
      ['Ada:\nWhen?', 'Ben:\nWhere?', 'Ada:\nStill here'],
    ]);
  });

  test('a photo that Telegram cannot hand out leaves a stand-in and holds nothing back', async () => {
    const { customer, thread } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'telegram', match: 'getFile', kind: 'status', status: 400, times: 99 });
    customer.sendPhoto(photo);
    customer.say('Did you get it?');
    await stage.quiet();
    const [, second, third] = thread().timeline;
    expect(second?.text).toMatch(/image/);
    expect(third?.text).toBe('Did you get it?');
  });
});

describe('into the inbox', () => {
  test('a lost answer is looked up, and the message is there once', async () => {
    const { customer, thread } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'intercom', match: /\/reply$/, kind: 'cut', when: 'after' });
    customer.say('Did this arrive?');
    await stage.quiet();
    expect(thread().parts.map(part => part.text)).toEqual(['Did this arrive?']);
  });

  test('a lost answer to the opening does not open a second conversation', async () => {
    const customer = stage.bot.customer({ id: nextCustomer++, firstName: 'Lost' });
    stage.sandbox.faults.add({ vendor: 'intercom', match: /POST \/conversations$/, kind: 'cut', when: 'after' });
    customer.sendPhoto(photo);
    customer.say('second');
    await stage.quiet();
    const contact = stage.inbox.contact(`tg:${customer.id}`);
    const threads = stage.inbox.conversations.filter(one => one.contactIds.includes(contact.id));
    expect(threads).toHaveLength(1);
    expect(threads[0]?.timeline.flatMap(part => part.attachments)).toHaveLength(1);
    expect(threads[0]?.timeline.at(-1)?.text).toBe('second');
  });

  test('a deleted conversation is opened anew with the message', async () => {
    const { customer, threadId } = await customerWithThread();
    stage.inbox.deleteConversation(threadId);
    await stage.quiet();
    customer.say('Anyone there?');
    await stage.quiet();
    const contact = stage.inbox.contact(`tg:${customer.id}`);
    const threads = stage.inbox.conversations.filter(one => one.contactIds.includes(contact.id));
    expect(threads.map(one => one.timeline.map(part => part.text))).toEqual([['Anyone there?']]);
  });

  test('after a merge of contacts the next message lands on the survivor', async () => {
    const { customer } = await customerWithThread();
    const lead = stage.inbox.contact(`tg:${customer.id}`);
    const user = stage.inbox.addContact({ name: 'Noor at Acme', email: 'noor@customer.example' });
    stage.inbox.mergeContacts(lead.id, user.id);
    await stage.quiet();
    customer.say('It is me');
    await stage.quiet();
    const parts = stage.inbox.conversations.flatMap(one => one.timeline).filter(part => part.text === 'It is me');
    expect(parts.map(part => part.author.id)).toEqual([user.id]);
  });
});

describe('from the teammate to the customer', () => {
  test('a reply with formatting, a list, a link and files arrives as such; a note never leaves', async () => {
    const { customer, threadId } = await customerWithThread();
    kim().note(threadId, '<p>secret plans</p>');
    kim().reply(
      threadId,
      '<p>Hi <b>Noor</b>, see <a href="https://example.com/a?b=1&amp;c=2">this</a>:</p><ul><li>one</li><li>two</li></ul>',
      {
        attachments: [{ name: 'terms.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.4\n%fake\n') }],
        inlineImages: [{ name: 'map.png', mime: 'image/png', bytes: drawing }],
      },
    );
    await stage.quiet();
    const sent = stage.bot.chat(customer.id).messages.filter(message => message.from === 'bot');
    const words = sent.map(message => message.text).join('\n');
    expect(words).toContain('Hi Noor, see this:');
    expect(words).toContain('- one\n- two');
    expect(words).not.toContain('secret');
    const entities = sent.flatMap(message => message.entities);
    expect(entities).toContainEqual(
      expect.objectContaining({ type: 'text_link', url: 'https://example.com/a?b=1&c=2' }),
    );
    expect(sent.flatMap(message => (message.media ? [message.media.name] : [])).sort()).toEqual([
      'map.png',
      'terms.pdf',
    ]);
  });

  test('a bot’s reply goes out, and so does the text of a close', async () => {
    const { customer, threadId } = await customerWithThread();
    stage.inbox.bot({ name: 'Fin' }).reply(threadId, '<p>I am Fin.</p>');
    await stage.quiet();
    kim().close(threadId, '<p>Solved, bye!</p>');
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual(['I am Fin.', 'Solved, bye!']);
  });

  test('what a teammate starts goes on where the customer wrote', async () => {
    const { customer } = await customerWithThread();
    const contact = stage.inbox.contact(`tg:${customer.id}`);
    const { conversationId } = kim().start(contact.id, '<p>One more thing</p>');
    await stage.quiet();
    customer.say('Yes?');
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual(['One more thing']);
    expect(stage.inbox.conversation(conversationId).timeline.map(part => part.text)).toEqual([
      'One more thing',
      'Yes?',
    ]);
  });

  test('10,000 characters arrive in pieces, whole, and an emoji is never cut', async () => {
    const { customer, threadId } = await customerWithThread();
    const text = '👩‍👩‍👧‍👦 family '.repeat(600).trim();
    kim().reply(threadId, `<p>${text}</p>`);
    await stage.quiet();
    const pieces = fromBot(stage.bot, customer.id);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every(piece => piece.length <= 4096)).toBe(true);
    expect(pieces.join(' ')).toBe(text);
  });

  test('a webhook that beats the answer of our own call makes no second message', async () => {
    const { customer, threadId, thread } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'intercom', match: /\/reply$/, kind: 'webhook_before_answer' });
    customer.say('Race');
    await stage.quiet();
    kim().reply(threadId, '<p>Won</p>');
    await stage.quiet();
    expect(thread().parts.map(part => part.text)).toEqual(['Race', 'Won']);
    expect(fromBot(stage.bot, customer.id)).toEqual(['Won']);
  });

  test('an uncertain send is shown as unconfirmed and not repeated', async () => {
    const { customer, threadId, thread } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'telegram', match: 'sendMessage', kind: 'cut', when: 'after' });
    kim().reply(threadId, '<p>Did it work?</p>');
    kim().reply(threadId, '<p>And this?</p>');
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual(['Did it work?', 'And this?']);
    const note = thread().parts.find(part => part.type === 'note');
    expect(note?.text).toContain('Did it work?');
    expect(note?.text).toContain('may or may not have arrived');
    expect((await stage.messages()).filter(message => message.status === 'unconfirmed')).toHaveLength(1);
  });

  test('a blocked bot: the teammate reads why and what to do, the conversation is open again, and later replies are refused without a call', async () => {
    const { customer, threadId, thread } = await customerWithThread();
    stage.sandbox.faults.add({
      vendor: 'telegram',
      match: 'sendMessage',
      kind: 'answer',
      status: 403,
      body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    kim().close(threadId, '<p>Bye then</p>');
    await stage.quiet();
    const note = thread().parts.find(part => part.type === 'note');
    expect(note?.text).toContain('bot was blocked by the user');
    expect(note?.text).toContain('Reach them another way');
    expect(thread().state).toBe('open');
    kim().reply(threadId, '<p>Hello?</p>');
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual([]);
    customer.say('I am back');
    await stage.quiet();
    kim().reply(threadId, '<p>Welcome back</p>');
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual(['Welcome back']);
  });

  test('a rate limit is waited for, and the order is kept', async () => {
    const { customer, threadId } = await customerWithThread();
    stage.sandbox.faults.add({ vendor: 'telegram', match: 'sendMessage', ...telegramTooManyRequests(1) });
    for (const word of ['one', 'two', 'three']) kim().reply(threadId, `<p>${word}</p>`);
    await stage.quiet();
    expect(fromBot(stage.bot, customer.id)).toEqual(['one', 'two', 'three']);
  });
});

test('a conversation that is stuck holds back no other', async () => {
  const stuck = await customerWithThread();
  const free = await customerWithThread();
  stage.sandbox.faults.add({
    vendor: 'intercom',
    match: new RegExp(`/${stuck.threadId}/reply$`),
    kind: 'timeout_before',
  });
  stuck.customer.say('I hang');
  free.customer.say('I pass');
  await stage.sandbox.until(() => free.thread().parts.length === 1, { what: 'the other conversation' });
  expect(stuck.thread().parts).toEqual([]);
  stage.sandbox.faults.clear();
  await stage.sandbox.until(() => stuck.thread().parts.length === 1, { what: 'the stuck conversation' });
  await stage.quiet();
});
