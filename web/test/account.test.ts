import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, hasBrowser, inspect, openBrowser } from './support/browser.ts';
import { openStage, owner, type Stage } from './support/stage.ts';

/** People, keys, and the way in. Each step stands on the one before. */
describe.skipIf(!hasBrowser())('the account', () => {
  let stage: Stage;
  let guest: Browser;

  beforeAll(async () => {
    stage = await openStage();
    guest = await openBrowser(stage.server.url);
  });

  afterAll(async () => {
    await guest?.close();
    await stage?.close();
  });

  test('a colleague is invited by a link and sees less', async () => {
    const { page } = stage;
    await page.goto('/team');
    await page.getByLabel('E-mail').fill('kim@gmail.com');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('Addresses of public mailbox services are not taken.').first().waitFor();
    await page.getByLabel('E-mail').fill('kim@acme.example');
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = (await page.getByText(/\/invitations\//).textContent()) ?? '';
    expect(await inspect(page, '30-team')).toEqual([]);

    const theirs = await guest.context.newPage();
    await theirs.goto(link);
    await theirs.getByRole('heading', { name: 'Join Acme' }).waitFor();
    expect(await inspect(theirs, '31-invitation')).toEqual([]);
    await theirs.getByLabel('Your name').fill('Kim Ode');
    await theirs.getByLabel('Password').fill('another horse battery');
    await theirs.getByRole('button', { name: 'Join' }).click();
    await theirs.getByRole('heading', { name: 'Connected workspaces' }).waitFor();
    expect(await theirs.getByRole('button', { name: 'Connect a workspace' }).count()).toBe(0);
    expect(await theirs.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    await theirs.goto('/api-keys');
    await theirs.getByText('Your role does not allow this').waitFor();
    expect(await inspect(theirs, '32-forbidden')).toEqual([]);
  });

  test('a key is shown once', async () => {
    const { page } = stage;
    await page.goto('/api-keys');
    await page.getByRole('button', { name: 'Make a key' }).first().click();
    await page.getByLabel('Name').fill('Shop back end');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('Shown this once').waitFor();
    expect(await inspect(page, '33-new-key')).toEqual([]);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Revoke Shop back end' }).waitFor();
    expect(await inspect(page, '34-api-keys')).toEqual([]);
    await page.getByRole('button', { name: 'Revoke Shop back end' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('Shop back end');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No longer valid').waitFor();
  });

  test('the audit log tells who did it', async () => {
    const { page } = stage;
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('table').getByText('API key revoked').waitFor();
    expect(await inspect(page, '35-audit')).toEqual([]);
    await page.goto('/audit?action=member.invited');
    await page.getByRole('table').getByText('Member invited').waitFor();
    expect(await page.getByRole('table').getByText('API key revoked').count()).toBe(0);
  });

  test('with a second factor, the password alone does not open', async () => {
    const { page } = stage;
    await page.getByRole('button', { name: /your menu/ }).click();
    await page.getByRole('menuitem', { name: 'Profile' }).click();
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
    expect(await inspect(page, '36-profile')).toEqual([]);
    await page.getByRole('button', { name: 'Turn on' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(owner.password);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    const secret = (await dialog.locator('.code').first().textContent()) ?? '';
    expect(await inspect(page, '37-two-factor')).toEqual([]);
    await dialog.getByLabel('Code that the app shows').fill(totp(secret));
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('On', { exact: true }).waitFor();

    await signOut(page);
    await page.goto('/audit?action=member.invited');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await inspect(page, '38-sign-in')).toEqual([]);
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The sign-in was refused').waitFor();
    await page.getByLabel('Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Second step' }).waitFor();
    expect(await inspect(page, '39-second-step')).toEqual([]);
    await page.getByLabel('Code').fill(totp(secret));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    expect(page.url()).toContain('action=member.invited');
  });

  test('an address that leads nowhere says so', async () => {
    const { page } = stage;
    await page.goto('/no-such-page');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await inspect(page, '40-not-found')).toEqual([]);
    await page.goto('/channels/00000000-0000-7000-8000-000000000000');
    await page.getByText('There is no such channel.').waitFor();
  });

  test('the navigation works by keyboard on a phone', async () => {
    const { page } = stage;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/workspaces');
    await page.getByRole('heading', { name: 'Connected workspaces' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to the content' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Conversations' }).waitFor();
    expect(await inspectNarrow(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Conversations' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Conversations' }).and(page.locator(':focus')).waitFor();
    expect([...stage.browser.complaints, ...guest.complaints]).toEqual([]);
  });
});

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

function inspectNarrow(page: Page): Promise<string[]> {
  return inspect(page, '41-navigation');
}

/** The code of this half minute: RFC 6238 with SHA-1 and six digits, as every authenticator app makes it. */
function totp(base32: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...base32].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
