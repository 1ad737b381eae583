import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Where pictures of the pages go, for people to look at. Git-ignored. */
const pictures = join(import.meta.dirname, '../../../screenshots');

/**
 * Whether there is a browser to test in.
 * @throws Error where it is missing though `OCTOPODS_REQUIRE_BROWSER=1` asks for it.
 */
export function hasBrowser(): boolean {
  if (existsSync(executablePath)) return true;
  if (process.env.OCTOPODS_REQUIRE_BROWSER === '1') throw new Error(`There is no Chromium at ${executablePath}.`);
  process.stderr.write(`Skipped: there is no Chromium at ${executablePath}.\n`);
  return false;
}

export interface Browser {
  context: BrowserContext;
  /** What the pages complained of: breaches of the security policy, errors nobody caught. */
  complaints: string[];
  close(): Promise<void>;
}

/** A browser of its own, without a past. */
export async function openBrowser(baseURL: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'octopods-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    baseURL,
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  context.on('weberror', error => complaints.push(error.error().message));
  context.on('console', message => {
    const refusal = /^Failed to load resource: the server responded with a status of 4/;
    if (message.type() === 'error' && !refusal.test(message.text())) complaints.push(message.text());
  });
  return {
    context,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

const looks = [
  { name: 'light', scheme: 'light', size: { width: 1280, height: 860 } },
  { name: 'dark', scheme: 'dark', size: { width: 1280, height: 860 } },
  { name: 'narrow', scheme: 'light', size: { width: 390, height: 844 } },
] as const;

/**
 * Takes pictures of the page in both schemes and on a phone, and returns what axe finds serious or critical there, and where
 * the page is wider than its window.
 */
export async function inspect(page: Page, name: string): Promise<string[]> {
  await mkdir(pictures, { recursive: true });
  const findings: string[] = [];
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.scheme });
    await page.setViewportSize(look.size);
    await page.waitForFunction(scheme => document.documentElement.dataset.mantineColorScheme === scheme, look.scheme);
    // Colours fade in; what axe measures is to be their end.
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      findings.push(
        `${name} ${look.name}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
      );
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) findings.push(`${name} ${look.name}: ${over} pixels wider than the window`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 860 });
  return findings;
}
