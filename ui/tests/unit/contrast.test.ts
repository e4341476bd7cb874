import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(process.cwd(), 'src/lib/tokens.css'), 'utf8');

function theme(selector: string): Record<string, string> {
  const body = css.slice(
    css.indexOf(`${selector} {`),
    css.indexOf('}', css.indexOf(`${selector} {`))
  );
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]])
  );
}

const LIGHT = theme(':root');
const DARK = theme('.dark');

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['paper', 'sheet'];
const TEXT: [string, string[]][] = [
  ['ink', [...GROUNDS, 'teal-2', 'amber-2', 'red-2']],
  ['ink-2', [...GROUNDS, 'teal-2', 'amber-2', 'red-2']],
  ['ink-3', [...GROUNDS, 'teal-2']],
  ['teal', [...GROUNDS, 'teal-2']],
  ['teal-ink', ['teal-2']],
  ['green', [...GROUNDS, 'teal-2']],
  ['amber', [...GROUNDS, 'teal-2', 'amber-2']],
  ['red', [...GROUNDS, 'red-2', 'amber-2']],
  ['on-teal', ['teal']]
];
const MARKS: [string, string[]][] = [
  ['mark', GROUNDS],
  ['focus', [...GROUNDS, 'teal-2', 'amber-2', 'red-2']],
  ['green', GROUNDS],
  ['amber', GROUNDS],
  ['red', GROUNDS]
];

describe.each([
  ['light', LIGHT],
  ['dark', DARK]
])('%s theme', (_name, tokens) => {
  const of = (name: string) => tokens[name] ?? expect.fail(`no token --${name}`);
  for (const [front, grounds] of TEXT) {
    test.each(grounds)(`${front} as text on %s reaches 4.5:1`, (ground) => {
      expect(contrast(of(front), of(ground))).toBeGreaterThanOrEqual(4.5);
    });
  }
  for (const [front, grounds] of MARKS) {
    test.each(grounds)(`${front} as a mark on %s reaches 3:1`, (ground) => {
      expect(contrast(of(front), of(ground))).toBeGreaterThanOrEqual(3);
    });
  }
});

test('both themes fill the same names', () => {
  expect(Object.keys(DARK).sort()).toEqual(Object.keys(LIGHT).sort());
});

test('the arithmetic is that of the guideline: black on white is 21:1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
});
