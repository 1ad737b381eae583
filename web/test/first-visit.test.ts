import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntercomWorkspace, TelegramBot } from '../../src/sandbox/types.ts';
import { type Browser, hasBrowser, inspect, openBrowser } from './support/browser.ts';
import { type ConsoleServer, startConsole } from './support/server.ts';

/** From an empty installation to a message's trace, as the owner walks it. Each step stands on the one before. */
describe.skipIf(!hasBrowser())('the first visit', () => {
  let server: ConsoleServer;
  let browser: Browser;
  let page: Page;
  let inbox: IntercomWorkspace;
  let bot: TelegramBot;

  beforeAll(async () => {
    server = await startConsole();
    browser = await openBrowser(server.url);
    page = await browser.context.newPage();
    inbox = server.sandbox.intercom.workspace({
      appId: 'acmedemo',
      appName: 'Acme Support',
      clientSecret: 'made-up-client-secret',
      admin: { id: '9000001', name: 'Ada Example', email: 'ada@acme.example' },
    });
    bot = server.sandbox.telegram.bot({ username: 'acme_shop_bot', name: 'Acme Shop' });
    // The form connects to the real vendor; this installation's vendors are played.
    await page.route('**/api/v1/workspaces', (route, request) =>
      request.method() === 'POST'
        ? route.continue({ postData: { ...request.postDataJSON(), sandbox: true } })
        : route.continue(),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('whoever comes first becomes the owner', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Welcome to Octopods' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/setup');
    expect(await inspect(page, '01-setup')).toEqual([]);
    await page.getByLabel('Company').fill('Acme');
    await page.getByLabel('Your name').fill('Ada Example');
    await page.getByLabel('E-mail').fill('ada@acme.example');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create the owner' }).click();
    await page.getByText('Ten characters or more; 5 so far.').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Create the owner' }).click();
    await page.getByRole('heading', { name: 'Thank you for choosing Octopods' }).waitFor();
    await page.getByRole('link', { name: 'Connect Intercom' }).waitFor();
    expect(await inspect(page, '02-welcome')).toEqual([]);
  });

  test('a wrong token is refused in words, at its field', async () => {
    await page.getByRole('link', { name: 'Connect Intercom' }).click();
    await page.getByRole('heading', { name: 'Connect Intercom' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Connect Intercom');
    await page.getByLabel('Access token').fill('wrong-token');
    await page.getByLabel('Client secret').fill(inbox.clientSecret);
    await page.getByRole('button', { name: 'Connect Intercom' }).click();
    await page.getByRole('alert').waitFor();
    expect(await inspect(page, '03-connect-intercom-refused')).toEqual([]);
  });

  test('leaving a form that was filled in asks first', async () => {
    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(new URL(page.url()).pathname).toBe('/workspaces/connect/intercom');
  });

  test('the right token connects the workspace', async () => {
    await page.getByLabel('Access token').fill(inbox.accessToken);
    await page.getByRole('button', { name: 'Connect Intercom' }).click();
    await page.getByRole('heading', { name: 'Acme Support' }).waitFor();
    await page.getByText('No channel yet').waitFor();
    expect(await inspect(page, '04-workspace-empty')).toEqual([]);
  });

  test('a channel is added from a tile', async () => {
    await page.getByRole('button', { name: 'Add a channel' }).first().click();
    await page.getByRole('dialog', { name: 'Add a channel' }).getByText('Telegram').first().waitFor();
    expect(await inspect(page, '05-tiles')).toEqual([]);
    await page
      .getByRole('dialog')
      .getByRole('link', { name: /Telegram/ })
      .click();
    await page.getByRole('heading', { name: 'Add Telegram' }).waitFor();
    await page.getByLabel('Bot token').fill('not a token');
    await page.getByText('This does not look right.').waitFor();
    expect(await inspect(page, '06-add-telegram')).toEqual([]);
    await page.getByLabel('Bot token').fill(bot.token);
    await page.getByLabel('Friendly name').fill('Shop, worldwide');
    await page.getByRole('button', { name: 'Connect the channel' }).click();
    await page.getByRole('heading', { name: 'Shop, worldwide' }).waitFor();
    await page.getByText('Connected', { exact: true }).first().waitFor();
    expect(await inspect(page, '07-channel')).toEqual([]);
  });

  test('a customer’s message is seen, and so is its way', async () => {
    inbox.webhookUrl = await webhookAddressOf(page);
    const mira = bot.customer({ id: 51_000_001, firstName: 'Mira', lastName: 'Okafor', username: 'mira_made_up' });
    mira.say({ text: 'Hello, is the blue one in stock?', entities: [{ type: 'bold', offset: 14, length: 8 }] });
    await server.sandbox.until(() => inbox.conversations[0], { timeout: 20_000, what: 'the message in the inbox' });
    await page.getByRole('link', { name: 'Conversations', exact: true }).click();
    await page.getByRole('link', { name: 'Mira Okafor' }).click();
    await page.getByText('is the').waitFor();
    await page.getByRole('button', { name: 'Trace' }).first().click();
    await page.getByText('Stands in the inbox').waitFor();
    expect(new URL(page.url()).searchParams.get('message')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await inspect(page, '08-trace')).toEqual([]);
    await page.goBack();
    await page.getByRole('heading', { name: 'Mira Okafor' }).waitFor();
  });

  test('the pages complained of nothing, the security policy included', () => {
    expect(browser.complaints).toEqual([]);
  });
});

/** Read where an admin reads it. */
async function webhookAddressOf(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Workspaces', exact: true }).first().click();
  await page.getByRole('link', { name: 'Acme Support' }).click();
  await page.getByRole('link', { name: 'Connection', exact: true }).click();
  const address = page.getByText(/\/hooks\//);
  return (await address.textContent()) ?? '';
}
