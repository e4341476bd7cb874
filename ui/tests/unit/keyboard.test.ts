import { cleanup, render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listenForKeys } from '$lib/keyboard.svelte';
import KeyLayer from './KeyLayer.svelte';

let stop: () => void;
beforeEach(() => {
  stop = listenForKeys();
});
afterEach(() => {
  cleanup();
  stop();
  document.body.innerHTML = '';
});

function press(
  init: KeyboardEventInit & { keyCode?: number },
  target: EventTarget = document.body
) {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode });
  target.dispatchEvent(event);
  return event;
}

describe('keys reach the actions on screen', () => {
  test('F2 calls next and nothing else happens to the key', () => {
    const callNext = vi.fn();
    render(KeyLayer, { handlers: { callNext } });
    expect(press({ key: 'F2' }).defaultPrevented).toBe(true);
    expect(callNext).toHaveBeenCalledOnce();
  });

  test('a key held down acts once', () => {
    const callNext = vi.fn();
    render(KeyLayer, { handlers: { callNext } });
    press({ key: 'F2' });
    press({ key: 'F2', repeat: true });
    expect(callNext).toHaveBeenCalledOnce();
  });

  test('F5 and Ctrl+R never reload', () => {
    expect(press({ key: 'F5' }).defaultPrevented).toBe(true);
    expect(press({ key: 'r', code: 'KeyR', ctrlKey: true }).defaultPrevented).toBe(true);
  });

  test('a key an input method works on is text and nothing else', () => {
    const primary = vi.fn();
    render(KeyLayer, { handlers: { primary } });
    press({ key: 'Enter', ctrlKey: true, isComposing: true });
    press({ key: 'Enter', ctrlKey: true, keyCode: 229 });
    expect(primary).not.toHaveBeenCalled();
  });

  test('a dialog silences the screen beneath until it is gone', () => {
    const callNext = vi.fn();
    const close = vi.fn();
    render(KeyLayer, { handlers: { callNext } });
    const dialog = render(KeyLayer, { handlers: { back: close }, barrier: true });
    press({ key: 'F2' });
    expect(callNext).not.toHaveBeenCalled();
    press({ key: 'Escape' });
    expect(close).toHaveBeenCalledOnce();
    dialog.unmount();
    press({ key: 'F2' });
    expect(callNext).toHaveBeenCalledOnce();
  });

  test('a text field keeps its own undo', () => {
    const undo = vi.fn();
    render(KeyLayer, { handlers: { undo } });
    const field = document.body.appendChild(document.createElement('input'));
    expect(press({ key: 'z', code: 'KeyZ', ctrlKey: true }, field).defaultPrevented).toBe(false);
    expect(undo).not.toHaveBeenCalled();
    press({ key: 'z', code: 'KeyZ', ctrlKey: true });
    expect(undo).toHaveBeenCalledOnce();
  });

  test('an open list has the first right to Escape', () => {
    const back = vi.fn();
    render(KeyLayer, { handlers: { back } });
    const list = document.body.appendChild(document.createElement('ul'));
    list.addEventListener('keydown', (event) => event.preventDefault());
    press({ key: 'Escape' }, list);
    expect(back).not.toHaveBeenCalled();
    press({ key: 'Escape' });
    expect(back).toHaveBeenCalledOnce();
  });
});
