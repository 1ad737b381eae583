import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { png } from '../../src/sandbox/testing.ts';
import type { TelegramCustomer } from '../../src/sandbox/types.ts';
import { hasBrowser, inspect } from './support/browser.ts';
import { openStage, type Stage } from './support/stage.ts';

/** What a supervisor sees of a conversation, and does about what failed. Each step stands on the one before. */
describe.skipIf(!hasBrowser())('messages', () => {
  let stage: Stage;
  let mira: TelegramCustomer;

  beforeAll(async () => {
    stage = await openStage();
    mira = stage.bot.customer({ id: 51_000_001, firstName: 'Mira', lastName: 'Okafor', username: 'mira_made_up' });
  });

  afterAll(() => stage?.close());

  test('a conversation is shown as its people saw it', async () => {
    const { page, inbox, server, bot } = stage;
    const question = mira.say('Hello, is the blue one in stock?');
    mira.sendPhoto(png, { caption: 'This one' });
    const thread = await server.sandbox.until(() => inbox.conversations[0], { what: 'the conversation' });
    await server.sandbox.until(() => thread.timeline.length >= 2, { what: 'the photo', timeout: 20_000 });
    inbox.teammate({ id: '9000042', name: 'Kim Ode' }).reply(thread.id, '<p>Yes, <b>three</b> of them.</p>');
    const answered = () => bot.chat(mira.chatId).messages.find(({ from }) => from === 'bot');
    const answer = await server.sandbox.until(answered, { what: 'the answer', timeout: 20_000 });
    mira.say({ text: 'Then keep one for me', replyTo: answer.id });
    mira.edit(question.messageId, 'Hello, is the dark blue one in stock?');
    mira.react(answer.id, ['👍']);
    await server.sandbox.until(() => thread.timeline.length >= 4, { what: 'the last message', timeout: 20_000 });

    await page.goto('/conversations');
    await page.getByRole('link', { name: 'Mira Okafor' }).waitFor();
    expect(await inspect(page, '10-conversations')).toEqual([]);
    await page.getByRole('link', { name: 'Mira Okafor' }).click();
    const chat = page.getByRole('region', { name: 'Messages' });
    await chat.getByText('Hello, is the dark blue one in stock?', { exact: true }).waitFor();
    await chat.getByText('edited', { exact: true }).waitFor();
    await chat.getByText('Then keep one for me', { exact: true }).waitFor();
    await chat.getByRole('img', { name: 'Reaction 👍' }).waitFor();
    await chat.locator('strong', { hasText: 'three' }).waitFor();
    await chat.locator('img').first().waitFor();
    expect(
      await chat
        .locator('img')
        .first()
        .evaluate(shown => (shown as HTMLImageElement).naturalWidth),
    ).toBe(1);
    expect(await inspect(page, '11-conversation')).toEqual([]);
  });

  test('a list is narrowed by its address', async () => {
    const { page, channelId } = stage;
    await page.goto(`/conversations?q=nobody&channelId=${channelId}`);
    await page.getByText('No conversation is like that').waitFor();
    await page.getByLabel('Search conversations').fill('mira');
    await page.getByRole('link', { name: 'Mira Okafor' }).waitFor();
    await page.waitForURL(/q=mira/);
  });

  test('a message that failed says why and is sent again', async () => {
    const { page, inbox, server, bot } = stage;
    const [thread] = inbox.conversations;
    mira.block();
    const kim = inbox.teammate({ id: '9000042', name: 'Kim Ode' });
    for (const number of [1, 2, 3]) kim.reply(thread?.id ?? '', `<p>Answer number ${number}</p>`);
    await page.goto('/dead-letters');
    await page.getByText('Answer number 3').waitFor();
    expect(await inspect(page, '12-dead-letters')).toEqual([]);
    await page.getByRole('button', { name: 'Trace' }).first().click();
    await page.getByText('Attempt 1: failed').waitFor();
    expect(await inspect(page, '13-trace-of-a-failure')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    mira.unblock();
    mira.say('I am back');
    await server.sandbox.until(() => thread?.timeline.some(({ text }) => text.includes('I am back')), {
      what: 'the customer to be back',
      timeout: 20_000,
    });
    await page.getByLabel(/^All \d+ shown$/).check();
    await page.getByRole('button', { name: 'Send 3 messages again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await page.getByText('No dead letters').waitFor();
    const words = () => bot.chat(mira.chatId).messages.map(({ text }) => text);
    await server.sandbox.until(() => words().filter(text => text?.startsWith('Answer number')).length === 3, {
      what: 'the three answers',
      timeout: 20_000,
    });
    expect(stage.browser.complaints).toEqual([]);
  });
});
