// Gives key events to the actions on screen. Screens bind actions while they are shown; a dialog puts
// a barrier on the stack so that nothing below it answers. Listens on the window of this program only and reads no text.

import { onDestroy } from 'svelte';
import { comboOf, KEYS, SWALLOWED, type ActionId, type KeyEntry } from './keys';

export type Handlers = Partial<Record<ActionId, () => void>>;

interface Layer {
  handlers: Handlers;
  barrier: boolean;
}

let layers: Layer[] = [];

const byCombo = new Map<string, ActionId>(
  (Object.keys(KEYS) as ActionId[]).map((action) => [KEYS[action].combo, action])
);

/** True while an input method is at work on this key: such a key is text and nothing else. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'file'].includes(target.type)
  );
}

/** The topmost handler of an action, or null when none is bound or a barrier hides it. */
export function handlerOf(action: ActionId): (() => void) | null {
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const layer = layers[index];
    if (!layer) continue;
    const handler = layer.handlers[action];
    if (handler) return handler;
    if (layer.barrier) return null;
  }
  return null;
}

/** Actions that can be done on the screen as it stands, topmost first. */
export function boundActions(): ActionId[] {
  return (Object.keys(KEYS) as ActionId[]).filter((action) => handlerOf(action) !== null);
}

/**
 * Capture phase takes every key but Escape: a popover or a list that is open has the first right to
 * Escape, so that one is taken on the way up and only when nobody used it.
 */
export function dispatchKey(event: KeyboardEvent, phase: 'capture' | 'bubble' = 'capture'): void {
  if (isComposing(event)) return;
  const combo = comboOf(event);
  if ((combo === 'Escape') !== (phase === 'bubble') || event.defaultPrevented) return;
  const action = byCombo.get(combo);
  if (action) {
    const entry: KeyEntry = KEYS[action];
    if (!(entry.notInText && isTextField(event.target))) {
      const handler = handlerOf(action);
      if (handler) {
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) handler();
        return;
      }
    }
  }
  if (SWALLOWED.includes(combo)) event.preventDefault();
}

/** Binds actions for as long as the calling component lives. `barrier` hides everything beneath. */
export function useKeys(handlers: Handlers, options: { barrier?: boolean } = {}): void {
  const layer: Layer = { handlers, barrier: options.barrier ?? false };
  layers.push(layer);
  onDestroy(() => {
    layers = layers.filter((other) => other !== layer);
  });
}

export function listenForKeys(): () => void {
  const down = (event: KeyboardEvent) => dispatchKey(event, 'capture');
  const up = (event: KeyboardEvent) => dispatchKey(event, 'bubble');
  window.addEventListener('keydown', down, { capture: true });
  window.addEventListener('keydown', up);
  return () => {
    window.removeEventListener('keydown', down, { capture: true });
    window.removeEventListener('keydown', up);
  };
}
