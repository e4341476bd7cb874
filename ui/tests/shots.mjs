// Pictures of every screen, to be looked at: `npm run shots [name-part…]` writes ui/shots/*.png.
// Each entry is a scenario of the fake host, what to do there, and at which sizes and themes.
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SHOTS, SIZES } from './shots-list.mjs';

const OUT = fileURLToPath(new URL('../shots/', import.meta.url));
const wanted = process.argv.slice(2);

const server = await preview({
  root: fileURLToPath(new URL('..', import.meta.url)),
  build: { outDir: 'dist-fake' },
  preview: { port: 4199, strictPort: true },
  logLevel: 'error'
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
});
mkdirSync(OUT, { recursive: true });

let taken = 0;
for (const shot of SHOTS) {
  for (const [sizeName, theme] of shot.at) {
    const name = `${shot.name}-${sizeName}-${theme}`;
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const size = SIZES[sizeName];
    const context = await browser.newContext({
      viewport: { width: size.width, height: size.height },
      deviceScaleFactor: size.scale,
      colorScheme: theme,
      locale: 'vi-VN',
      reducedMotion: 'reduce'
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.goto(
      `http://localhost:4199/${shot.page ?? 'index.html'}?scenario=${shot.scenario}&frozen=1&pace=0`
    );
    await page.waitForSelector('#app > *');
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(120);
    await shot.act?.(page);
    await page.waitForTimeout(160);
    await page.screenshot({ path: `${OUT}${name}.png` });
    taken += 1;
    await context.close();
  }
}
await browser.close();
await server.close();
console.log(`${taken} pictures in ${OUT}`);
process.exit(0);
