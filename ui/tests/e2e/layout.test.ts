import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, open, pause, type Screen } from './page';
import { SCREENS } from './screens';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const RESOLUTIONS: Screen[] = [
  [1366, 768],
  [1920, 1080]
].flatMap(([width, height]) =>
  [100, 125, 150, 200].map((percent) => ({ width: width ?? 0, height: height ?? 0, percent }))
);

/** Runs in the page: what scrolls, what is cut, what lies over something else. */
function audit(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollHeight > window.innerHeight)
    found.push(`page scrolls down by ${root.scrollHeight - window.innerHeight}`);
  if (root.scrollWidth > window.innerWidth)
    found.push(`page scrolls sideways by ${root.scrollWidth - window.innerWidth}`);
  const dialog = document.querySelector('[role="dialog"]');
  const overlay = [...document.querySelectorAll<HTMLElement>('aside')].find(
    (pane) =>
      getComputedStyle(pane).position === 'absolute' && getComputedStyle(pane).display !== 'none'
  );
  const scope = dialog ?? overlay ?? document.body;

  type Box = { left: number; top: number; right: number; bottom: number };
  const meet = (a: Box, b: Box): Box => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom)
  });
  /** The part of a box that its scrolling ancestors let through. */
  const seen = (element: Element, box: Box): Box => {
    let result = meet(box, {
      left: 0,
      top: 0,
      right: window.innerWidth,
      bottom: window.innerHeight
    });
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflow !== 'visible')
        result = meet(result, up.getBoundingClientRect());
    }
    return result;
  };

  const texts: { element: Element; words: string; box: Box }[] = [];
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    if (!element || words === '' || element.closest('.sr, .tip, option, textarea, script, style'))
      continue;
    // Said to a screen reader only.
    if (getComputedStyle(element).clipPath === 'inset(50%)') continue;
    if (!element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const whole = range.getBoundingClientRect();
    if (whole.width === 0) continue;
    for (const line of range.getClientRects()) {
      const box = seen(element, line);
      if (box.right - box.left > 2 && box.bottom - box.top > 4) texts.push({ element, words, box });
    }
    // Text may be cut only where its pane scrolls, and never at its right edge.
    for (let up: Element | null = element; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      const holder = up.getBoundingClientRect();
      if (style.overflowX === 'visible' || up.matches('.devices, .strip')) continue;
      if (whole.right > holder.right + 1 && style.overflowX !== 'auto')
        found.push(`cut at the right: “${words}”`);
      if (
        whole.bottom > holder.bottom + 1 &&
        style.overflowY === 'hidden' &&
        up !== document.body
      ) {
        found.push(`cut below: “${words}”`);
      }
    }
    if (whole.right > window.innerWidth + 1) found.push(`outside the window: “${words}”`);
  }

  for (let first = 0; first < texts.length; first += 1) {
    for (let second = first + 1; second < texts.length; second += 1) {
      const a = texts[first];
      const b = texts[second];
      if (
        !a ||
        !b ||
        a.element === b.element ||
        a.element.contains(b.element) ||
        b.element.contains(a.element)
      )
        continue;
      // Letters stand in the middle of their line box: the space above and below may be shared.
      const letters = ({ left, right, top, bottom }: Box): Box => ({
        left,
        right,
        top: top + (bottom - top) * 0.22,
        bottom: bottom - (bottom - top) * 0.22
      });
      const over = meet(letters(a.box), letters(b.box));
      if (over.right - over.left > 2 && over.bottom - over.top > 1) {
        found.push(`“${a.words}” lies over “${b.words}”`);
      }
    }
  }

  for (const field of scope.querySelectorAll<HTMLTextAreaElement>('textarea')) {
    if (field.checkVisibility() && field.scrollHeight > field.clientHeight + 3)
      found.push(`cut in its field: “${field.value}”`);
  }
  for (const target of scope.querySelectorAll<HTMLElement>('button, input, select, textarea')) {
    const box = target.getBoundingClientRect();
    const small =
      target.matches('.detach, .key, .recall, .drop, .code, .open, [type="file"]') ||
      target.closest('th, li, label, .close');
    if (
      target.checkVisibility() &&
      box.width > 0 &&
      box.height < 28 &&
      !small &&
      !target.matches('.close')
    ) {
      found.push(`too low to hit: ${target.outerHTML.slice(0, 80)}`);
    }
  }
  return [...new Set(found)];
}

describe('nothing scrolls the page, nothing is cut, nothing lies over anything', () => {
  test.each(SCREENS)('$name', async (one) => {
    const opened = await open(browser, one.scenario, { page: one.page ?? 'index.html' });
    await one.act?.(opened.page);
    const found: Record<string, string[]> = {};
    for (const { width, height, percent } of RESOLUTIONS) {
      // Layout knows only the size in its own pixels: the screen's, divided by its scaling.
      await opened.page.setViewportSize({
        width: Math.round((width * 100) / percent),
        height: Math.round((height * 100) / percent)
      });
      await pause(opened.page, 50);
      const wrong = await opened.page.evaluate(audit);
      if (wrong.length > 0) found[`${width} × ${height} at ${percent} %`] = wrong;
    }
    expect(found).toEqual({});
    await opened.close();
  });
});

describe('panes fold one by one: right first, then left', () => {
  const visible = async (width: number) => {
    const opened = await open(browser, 'intake', { screen: { width, height: 768, percent: 100 } });
    const shown = await opened.page.evaluate(() =>
      ['pane-queue', 'pane-work', 'pane-citizen'].filter((id) =>
        document.getElementById(id)?.checkVisibility()
      )
    );
    await opened.close();
    return shown;
  };
  test.each([
    [1366, ['pane-queue', 'pane-work', 'pane-citizen']],
    [1100, ['pane-queue', 'pane-work']],
    [1024, ['pane-queue', 'pane-work']],
    [900, ['pane-work']]
  ])('%i px wide', async (width, panes) => expect(await visible(width)).toEqual(panes));

  test('a folded pane comes back by its key and goes by Escape', async () => {
    const opened = await open(browser, 'intake', {
      screen: { width: 1366, height: 768, percent: 150 }
    });
    const { page } = opened;
    await page.keyboard.press('Alt+q');
    expect(await page.locator('#pane-queue').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#pane-queue').isVisible()).toBe(false);
    await opened.close();
  });
});

describe('the hall reads from ten metres', () => {
  test.each([
    [1920, 1080],
    [1366, 768],
    [1280, 1024],
    [1024, 768]
  ])('ticket and counter are equally large at %i × %i', async (width, height) => {
    const opened = await open(browser, 'desk', {
      page: 'hall.html',
      screen: { width, height, percent: 100 }
    });
    const sizes = await opened.page.evaluate(() =>
      [...document.querySelectorAll('.big')].map((one) =>
        parseFloat(getComputedStyle(one).fontSize)
      )
    );
    const CAPITAL = 0.714;
    expect(sizes).toHaveLength(2);
    expect(sizes[0]).toBe(sizes[1]);
    expect(((sizes[0] ?? 0) * CAPITAL) / height).toBeGreaterThanOrEqual(0.18);
    await opened.close();
  });

  test('a new call pulses at most three times, slower than twice a second; none under reduced motion', async () => {
    for (const reducedMotion of [false, true]) {
      const opened = await open(browser, 'desk', { page: 'hall.html', reducedMotion });
      await opened.page.evaluate(() => window.fakeHost.callNext());
      await opened.page.waitForSelector('.fresh');
      const [label, seconds, times] = await opened.page.evaluate(() => {
        const big = document.querySelector('.fresh .big');
        const style = big ? getComputedStyle(big) : null;
        return [
          big?.textContent,
          parseFloat(style?.animationDuration ?? ''),
          Number(style?.animationIterationCount)
        ] as const;
      });
      expect(label).toBe('A028');
      if (reducedMotion) expect(seconds * times).toBeLessThan(0.02);
      else {
        expect(times).toBeLessThanOrEqual(3);
        expect(seconds).toBeGreaterThan(0.5);
      }
      await opened.close();
    }
  });
});
