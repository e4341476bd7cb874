// Laws of this folder that a reviewer would otherwise have to remember.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(process.cwd(), 'src');
const LONGEST_FILE_LINES = 500;

function files(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return [{ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }];
  });
}

const ALL = files(ROOT).filter(({ path }) => /\.(svelte|ts|css)$/.test(path));
const offenders = (law: RegExp, except: string[] = []) =>
  ALL.filter(({ path, text }) => law.test(text) && !except.includes(path)).map(({ path }) => path);

describe('the seam', () => {
  test('only the shell host knows @tauri-apps', () => {
    expect(offenders(/@tauri-apps/, ['lib/host/tauri.ts', 'lib/host/bindings.ts'])).toEqual([]);
  });
  test('only the chooser names a host', () => {
    const named = offenders(/from '.*host\/(tauri|http|fake)|import\('\.\/(tauri|http|fake)/, [
      'lib/host/choose.ts'
    ]);
    expect(named).toEqual([]);
  });
  test('nothing is fetched from outside', () => {
    expect(offenders(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)).toEqual([]);
  });
});

describe('Vietnamese typing', () => {
  test('no masks, limits, completion inside the field or editable pages', () => {
    expect(offenders(/maxlength|contenteditable|\bpattern=/i)).toEqual([]);
  });
  test('no field is bound both ways', () => {
    expect(offenders(/bind:value/)).toEqual([]);
  });
  test('every text field is plain: no spelling marks, no browser memory', () => {
    for (const { path, text } of ALL) {
      for (const [tag] of text.matchAll(/<(?:input|textarea)\b(?:=>|[^>])*>/g)) {
        if (/type="(radio|checkbox|file)"/.test(tag)) continue;
        expect(tag, path).toMatch(/autocomplete=/);
        if (!/type="password"/.test(tag)) expect(tag, path).toMatch(/spellcheck="false"/);
      }
    }
  });
  test('every handler of keys knows an input method at work', () => {
    for (const { path, text } of ALL) {
      if (!/event\.key === 'Enter'/.test(text)) continue;
      expect(text, path).toMatch(/isComposing/);
    }
  });
});

describe('the look', () => {
  test('colours have names', () => {
    const own = ['lib/tokens.css', 'screens/hall/Hall.svelte', 'screens/dialogs/InkCanvas.svelte'];
    const pictures = [
      'screens/intake/PageThumb.svelte',
      'screens/dossier/PagePreview.svelte',
      'screens/intake/Outcome.svelte'
    ];
    const drawn = ['lib/host/fake/pictures.ts'];
    expect(offenders(/#[0-9a-f]{6}\b/i, [...own, ...pictures, ...drawn])).toEqual([]);
  });
  test('the focus ring is never taken away', () => {
    const own = ['lib/base.css', 'screens/desk/Header.svelte'];
    expect(offenders(/outline:\s*(none|0)/, own)).toEqual([]);
    const header = ALL.find(({ path }) => path === 'screens/desk/Header.svelte')?.text ?? '';
    expect(header).toMatch(/\.search:focus-within \{\s*outline: 2px solid var\(--focus\)/);
  });
  test('no blur, no gradient background but the soft edge of the next ticket', () => {
    expect(
      offenders(/backdrop-filter|filter:\s*blur|-gradient\(/, [
        'screens/desk/QueuePane.svelte',
        'lib/host/fake/pictures.ts'
      ])
    ).toEqual([]);
  });
});

test('every file can be read at once', () => {
  const long = ALL.filter(
    ({ path, text }) =>
      path !== 'lib/host/bindings.ts' && text.split('\n').length > LONGEST_FILE_LINES
  );
  expect(long.map(({ path }) => path)).toEqual([]);
});
