import { cleanup, render } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import TextInput from '$lib/kit/TextInput.svelte';
import { flushPending } from '$lib/kit/pending';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function field(props: Record<string, unknown> = {}) {
  const oncommit = vi.fn(async (_text: string) => undefined);
  const view = render(TextInput, { value: '', label: 'Họ tên', oncommit, ...props });
  const input = view.getByLabelText('Họ tên') as HTMLInputElement;
  const writes: string[] = [];
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value');
  Object.defineProperty(input, 'value', {
    get() {
      return own?.get?.call(this);
    },
    set(text: string) {
      writes.push(text);
      own?.set?.call(this, text);
    },
    configurable: true
  });
  /** What a person or an input method does: the browser changes the text, then says so. */
  const edit = (text: string, inputType = 'insertText', isComposing = false) => {
    own?.set?.call(input, text);
    input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType, isComposing }));
  };
  return { view, input, oncommit, writes, edit };
}

describe('the browser owns what is being typed', () => {
  test('an answer from the host never writes into a focused field', async () => {
    const { view, input, writes, edit } = field();
    input.focus();
    edit('Nguye');
    await view.rerender({ value: 'NGUYỄN VĂN A' });
    expect(writes).toEqual([]);
    expect(input.value).toBe('Nguye');
  });

  test('at rest the value is shown in its form', async () => {
    const { view, input } = field({ format: (text: string) => text.toUpperCase() });
    await view.rerender({ value: 'lò thị mai' });
    expect(input.value).toBe('LÒ THỊ MAI');
  });

  test('a pause hands the text over, once', async () => {
    const { input, oncommit, edit } = field();
    input.focus();
    edit('L');
    edit('Lò');
    expect(oncommit).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(oncommit.mock.calls).toEqual([['Lò']]);
  });

  test('the empty blink of a composition is not a change', async () => {
    const { input, oncommit, edit } = field();
    input.focus();
    edit('Nguyễn ', 'deleteCompositionText');
    await vi.advanceTimersByTimeAsync(1000);
    expect(oncommit).not.toHaveBeenCalled();
  });

  test('nothing is handed over in the middle of a word being composed', async () => {
    const { input, oncommit, edit } = field();
    input.focus();
    edit('ngu', 'insertCompositionText', true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(oncommit).not.toHaveBeenCalled();
    input.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(400);
    expect(oncommit).toHaveBeenCalledOnce();
  });

  test('leaving, and any act that flushes, hands over what is pending', async () => {
    const { input, oncommit, edit } = field();
    input.focus();
    edit('Đặng');
    await flushPending();
    expect(oncommit).toHaveBeenLastCalledWith('Đặng');
    edit('Đặng Ướt');
    input.blur();
    await vi.advanceTimersByTimeAsync(0);
    expect(oncommit).toHaveBeenLastCalledWith('Đặng Ướt');
  });

  test('a refused text stays in the field and is offered again', async () => {
    const { input, oncommit, edit } = field();
    oncommit.mockRejectedValueOnce(new Error('disk full'));
    input.focus();
    edit('Giàng A Tẩu');
    input.blur();
    await vi.advanceTimersByTimeAsync(0);
    expect(input.value).toBe('Giàng A Tẩu');
    await flushPending();
    expect(oncommit).toHaveBeenCalledTimes(2);
  });

  test('a card drops what was half typed', async () => {
    const { view, input, oncommit, edit } = field({ generation: 0 });
    input.focus();
    edit('Ngu');
    await view.rerender({ value: 'Nguyễn Thị Ngọc Ỷ', generation: 1 });
    input.blur();
    await vi.advanceTimersByTimeAsync(1000);
    expect(oncommit).not.toHaveBeenCalled();
    expect(input.value).toBe('Nguyễn Thị Ngọc Ỷ');
  });
});
