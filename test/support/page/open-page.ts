// The page in Debian's Chromium, without a window.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

export type { Page };

/** How large its window is. */
export type Size = { readonly width: number; readonly height: number };

export const DESKTOP: Size = { width: 1280, height: 800 };
export const PHONE: Size = { width: 390, height: 844 };

/** A browser, and what the page complained of in it. */
export type PageBrowser = {
  readonly browser: Browser;
  /** errors of scripts, and what the policy of the page refused */
  readonly complaints: string[];
  readonly open: (how?: { readonly size?: Size; readonly isDark?: boolean }) => Promise<Page>;
};

/** @param program begins Chromium; another one where it is to run in a network of its own */
export async function openBrowser(
  t: { teardown(end: () => Promise<void>): void },
  program = '/usr/bin/chromium',
): Promise<PageBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'walt-page-'));
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'],
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  t.teardown(async () => {
    await browser.close();
    await rm(home, { recursive: true, force: true });
  });
  const complaints: string[] = [];
  return {
    browser,
    complaints,
    open: async ({ size = DESKTOP, isDark = false } = {}) => {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        viewport: size,
        colorScheme: isDark ? 'dark' : 'light',
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      return page;
    },
  };
}

/** Logs in by the page, as a person does. */
export async function logIn(
  page: Page,
  url: string,
  user: string,
  password: string,
): Promise<void> {
  await page.goto(url);
  await page.getByLabel('User').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('navigation').waitFor();
}
