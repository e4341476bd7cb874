import { describe, expect, test } from 'vitest';
import vi from '../../messages/vi.json';
import {
  ariaShortcut,
  comboOf,
  FORBIDDEN,
  keycap,
  KEYS,
  SWALLOWED,
  type ActionId
} from '$lib/keys';

const ACTIONS = Object.keys(KEYS) as ActionId[];
const stroke = (part: Partial<Parameters<typeof comboOf>[0]>) =>
  comboOf({
    key: '',
    code: '',
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    metaKey: false,
    ...part
  });

describe('the one list of keys', () => {
  test('no key does two things', () => {
    const combos = ACTIONS.map((action) => KEYS[action].combo);
    expect(new Set(combos).size).toBe(combos.length);
  });

  test.each(ACTIONS)('%s takes no key of UniKey, the web view or the system', (action) => {
    for (const law of FORBIDDEN) expect(KEYS[action].combo).not.toMatch(law);
  });

  test.each(ACTIONS)(
    '%s is a function key or has Ctrl or Alt, never a bare letter or digit',
    (action) => {
      expect(KEYS[action].combo).toMatch(/^(F\d{1,2}|Escape|(Ctrl|Alt)\+.+)$/);
    }
  );

  test.each(ACTIONS)('%s has a name in the catalogue', (action) => {
    expect(vi).toHaveProperty([`action.${action}`]);
  });

  test('the laws themselves refuse what they should', () => {
    for (const combo of [
      'F5',
      'F7',
      'F12',
      'Ctrl+R',
      'Ctrl+W',
      'Alt+Z',
      'Alt+F4',
      'Ctrl+Shift+P',
      'S',
      '1'
    ]) {
      expect(FORBIDDEN.some((law) => law.test(combo))).toBe(true);
    }
  });

  test('the keys of the desk are those people were promised', () => {
    const promised: Partial<Record<ActionId, string>> = {
      palette: 'Ctrl+K',
      help: 'F1',
      callNext: 'F2',
      callAgain: 'F3',
      noShow: 'F4',
      intake: 'Ctrl+N',
      search: 'Ctrl+F',
      print: 'Ctrl+P',
      primary: 'Ctrl+Enter',
      back: 'Escape'
    };
    for (const [action, combo] of Object.entries(promised)) {
      expect(KEYS[action as ActionId].combo).toBe(combo);
    }
  });

  test('reloading and printing by the web view are swallowed', () => {
    for (const combo of ['F5', 'Ctrl+F5', 'Ctrl+R', 'Ctrl+Shift+R', 'Ctrl+P'])
      expect(SWALLOWED).toContain(combo);
  });
});

describe('a key event reads as the list writes it', () => {
  test.each([
    [{ key: 'F2' }, 'F2'],
    [{ key: 'k', code: 'KeyK', ctrlKey: true }, 'Ctrl+K'],
    [{ key: 'K', code: 'KeyK', ctrlKey: true }, 'Ctrl+K'],
    [{ key: 'Enter', ctrlKey: true }, 'Ctrl+Enter'],
    [{ key: 't', code: 'KeyT', altKey: true }, 'Alt+T'],
    [{ key: 'đ', code: 'KeyD', ctrlKey: true }, 'Ctrl+D'],
    [{ key: 'R', code: 'KeyR', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+R']
  ])('%j', (part, combo) => expect(stroke(part)).toBe(combo));

  test('keycaps and screen readers name the same key', () => {
    expect(keycap('primary')).toBe('Ctrl ↵');
    expect(keycap('back')).toBe('Esc');
    expect(ariaShortcut('primary')).toBe('Control+Enter');
  });
});
