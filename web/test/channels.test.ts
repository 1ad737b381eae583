import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TelegramBot } from '../../src/sandbox/types.ts';
import { hasBrowser, inspect } from './support/browser.ts';
import { openStage, type Stage } from './support/stage.ts';

/** Keeping channels and workspaces in order. Each step stands on the one before. */
describe.skipIf(!hasBrowser())('channels and workspaces', () => {
  let stage: Stage;
  let second: TelegramBot;

  beforeAll(async () => {
    stage = await openStage();
    second = stage.server.sandbox.telegram.bot({ username: 'acme_returns_bot', name: 'Acme Returns' });
    await stage.connectBot(second);
  });

  afterAll(() => stage?.close());

  test('the landing page says how everything is', async () => {
    const { page } = stage;
    await page.goto('/');
    await page.getByText('1 workspace is active').waitFor();
    await page.getByText('All systems operational').waitFor();
    expect(await inspect(page, '20-workspaces')).toEqual([]);
  });

  test('the table is searched and sorted, and its address says how', async () => {
    const { page, workspaceId } = stage;
    await page.getByRole('link', { name: 'Acme Support' }).click();
    const names = page.getByRole('table').getByRole('link');
    await names.nth(1).waitFor();
    expect(await names.allTextContents()).toEqual(['Shop, worldwide', '@acme_returns_bot']);
    expect(await inspect(page, '21-channels')).toEqual([]);
    await page.getByRole('button', { name: 'Name' }).click();
    await page.waitForURL(/sort=name/);
    await page.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await expect.poll(() => names.allTextContents()).toEqual(['@acme_returns_bot', 'Shop, worldwide']);
    await page.getByLabel('Search channels').fill('worldwide');
    await page.waitForURL(/q=worldwide/);
    await expect.poll(() => names.allTextContents()).toEqual(['Shop, worldwide']);
    await page.goto(`/workspaces/${workspaceId}?q=nothing`);
    await page.getByText('No channel is like that').waitFor();
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await names.nth(1).waitFor();
  });

  test('a revoked token shows, with what to do, and new credentials mend it', async () => {
    const { page } = stage;
    const token = second.revoke();
    await page.getByRole('link', { name: '@acme_returns_bot' }).click();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Disconnected', { exact: true }).first().waitFor();
    expect(await inspect(page, '22-channel-disconnected')).toEqual([]);
    await page.getByRole('link', { name: 'Reconnect' }).click();
    await page.getByLabel('Bot token').waitFor();
    expect(await inspect(page, '23-channel-settings')).toEqual([]);
    await page.getByLabel('Bot token').fill(token);
    await page.getByRole('button', { name: 'Replace the credentials' }).click();
    await page.getByText('Connected', { exact: true }).first().waitFor();
  });

  test('a channel is renamed, and switched off and on', async () => {
    const { page } = stage;
    await page.getByLabel('Friendly name').fill('Returns');
    await page.getByRole('button', { name: 'Save the name' }).click();
    await page.getByRole('heading', { name: 'Returns', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText('Switched off', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Connected', { exact: true }).first().waitFor();
  });

  test('what it can carry and what came in have addresses of their own', async () => {
    const { page } = stage;
    await page.getByRole('tab', { name: 'What it can carry' }).click();
    await page.waitForURL(/tab=abilities/);
    await page.getByText('Carried whole').first().waitFor();
    expect(await inspect(page, '24-abilities')).toEqual([]);
    second.customer({ id: 51_000_002, firstName: 'Jo' }).say('Where is my parcel?');
    await page.getByRole('tab', { name: 'Webhooks' }).click();
    await page
      .getByRole('button', { name: /Message/ })
      .first()
      .click();
    await page.getByText('1 event').waitFor();
    expect(await inspect(page, '25-webhooks')).toEqual([]);
    await page.goBack();
    await page.getByText('Carried whole').first().waitFor();
  });

  test('a channel is removed only after its name was typed', async () => {
    const { page } = stage;
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove this channel' }).click();
    const dialog = page.getByRole('dialog', { name: /^Remove Returns/ });
    await dialog.waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Returns');
    expect(await inspect(page, '26-remove')).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'Acme Support' }).waitFor();
    await page.getByRole('link', { name: 'Shop, worldwide' }).waitFor();
    await page.getByText('@acme_returns_bot').waitFor({ state: 'detached' });
  });

  test('a workspace is archived with its channels, and restored', async () => {
    const { page } = stage;
    await page.getByRole('link', { name: 'Connection', exact: true }).click();
    await page.getByRole('button', { name: 'Archive Acme Support' }).waitFor();
    expect(await inspect(page, '27-connection')).toEqual([]);
    await page.getByRole('button', { name: 'Archive Acme Support' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Shop, worldwide').waitFor();
    await dialog.getByRole('textbox').fill('Acme Support');
    await dialog.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('This workspace is archived').waitFor();
    await page.goto('/workspaces?archived=yes');
    await page.getByRole('link', { name: 'Acme Support' }).waitFor();
    expect(await inspect(page, '28-archived')).toEqual([]);
    await page.getByRole('link', { name: 'Acme Support' }).click();
    await page.getByRole('link', { name: 'Connection', exact: true }).click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Archive Acme Support' }).waitFor();
    expect(stage.browser.complaints).toEqual([]);
  });
});
