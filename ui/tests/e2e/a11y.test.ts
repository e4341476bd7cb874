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

describe.each(['light', 'dark'] as const)('axe finds nothing serious, %s', (theme) => {
  test.each(SCREENS)('$name', async (screen) => {
    const opened = await open(browser, screen.scenario, {
      theme,
      page: screen.page ?? 'index.html'
    });
    await screen.act?.(opened.page);
    // Evaluated over the debugging protocol, so the page's own policy does not stand in the way.
    const results = (await opened.page.evaluate(`${AXE}; axe.run(document)`)) as AxeResults;
    const found = results.violations
      .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
      .map(
        (violation) =>
          `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`
      );
    expect(found).toEqual([]);
    await opened.close();
  });
});
