import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, open } from './page';
import { SCREENS } from './screens';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('axe finds nothing serious, light and dark', () => {
  test.each(SCREENS)('$name', async (screen) => {
    const opened = await open(browser, screen.scenario, { page: screen.page ?? 'index.html' });
    await screen.act?.(opened.page);
    // Evaluated over the debugging protocol, so the page's own policy does not stand in the way.
    await opened.page.evaluate(AXE);
    for (const colorScheme of ['light', 'dark'] as const) {
      await opened.page.emulateMedia({ colorScheme });
      // The page hears of it with its next frame.
      await opened.page.waitForFunction(
        (dark) => document.documentElement.classList.contains('dark') === dark,
        colorScheme === 'dark' || screen.page === 'hall.html'
      );
      const results = (await opened.page.evaluate('axe.run(document)')) as AxeResults;
      const found = results.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`
        );
      expect(found, colorScheme).toEqual([]);
    }
    await opened.close();
  });
});
