// The build that ships: two pages, no stand-in inside, nothing inline, nothing from elsewhere.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ui-build-'));
  await build({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    mode: 'production',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true }
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test.each(['index.html', 'hall.html'])(
  '%s has no inline script or style and only its own files',
  (name) => {
    const html = read(name);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect(address).toMatch(/^\.\//);
  }
);

test('no invented person and no eval is in what ships', () => {
  const scripts = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(1);
  for (const name of scripts) {
    const text = read(join('assets', name));
    expect(text.includes('Nguyễn Thị Ngọc Ỷ'), `${name} names a person`).toBe(false);
    expect(/\beval\(|new Function\(/.test(text), `${name} evaluates text`).toBe(false);
  }
});

test('the lock file names no host to fetch from', () => {
  const lock = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8')
  ) as {
    packages: Record<string, { resolved?: string; link?: boolean }>;
  };
  expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual(
    []
  );
});
