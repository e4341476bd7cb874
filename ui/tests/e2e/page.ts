// Opens a scenario of the fake host in Chromium and watches for what must never happen.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { FakeHost } from '../../src/lib/host/fake';
import type { ScenarioName } from '../../src/lib/host/fake/scenarios';
import { PORT } from './preview';

declare global {
  interface Window {
    fakeHost: FakeHost;
    pointerUses: string[];
  }
}

export interface Screen {
  width: number;
  height: number;
  percent: number;
}

export interface OpenOptions {
  screen?: Screen;
  theme?: 'light' | 'dark';
  frozen?: boolean;
  page?: 'index.html' | 'hall.html';
  reducedMotion?: boolean;
}

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** Fails when the page broke a rule: an uncaught error, a policy violation. */
  close(): Promise<void>;
}

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
  });
}

/** One context for each way of looking: a page is cheap, a context is not. */
const contexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>();

function contextFor(browser: Browser, options: OpenOptions): Promise<BrowserContext> {
  const { width, height, percent } = options.screen ?? { width: 1366, height: 768, percent: 100 };
  const theme = options.theme ?? 'light';
  const motion = options.reducedMotion === false ? 'no-preference' : 'reduce';
  const known = contexts.get(browser) ?? new Map<string, Promise<BrowserContext>>();
  contexts.set(browser, known);
  const key = [width, height, percent, theme, motion].join();
  const context =
    known.get(key) ??
    browser.newContext({
      viewport: {
        width: Math.round((width * 100) / percent),
        height: Math.round((height * 100) / percent)
      },
      deviceScaleFactor: percent / 100,
      colorScheme: theme,
      reducedMotion: motion,
      locale: 'vi-VN'
    });
  known.set(key, context);
  return context;
}

export async function open(
  browser: Browser,
  scenario: ScenarioName,
  options: OpenOptions = {}
): Promise<Opened> {
  const context = await contextFor(browser, options);
  const broken: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  const frozen = options.frozen === false ? '' : '&frozen=1';
  await page.goto(
    `http://localhost:${PORT}/${options.page ?? 'index.html'}?scenario=${scenario}${frozen}&pace=0`
  );
  await page.waitForSelector('#app > *');
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(60);
  return {
    page,
    context,
    async close() {
      await page.close();
      expect(broken).toEqual([]);
    }
  };
}

export const pause = (page: Page, ms = 80) => page.waitForTimeout(ms);
