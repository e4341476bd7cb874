import { afterEach, expect, test, vi } from 'vitest';
import { createVoice } from '$lib/voice';

afterEach(() => vi.unstubAllGlobals());

class Utterance {
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  voice: unknown = null;
  lang = '';
  rate = 1;
  constructor(readonly text: string) {}
}

function engine(langs: string[]) {
  const speaking: Utterance[] = [];
  vi.stubGlobal('SpeechSynthesisUtterance', Utterance);
  vi.stubGlobal('speechSynthesis', {
    getVoices: () => langs.map((lang) => ({ lang })),
    speak: (words: Utterance) => speaking.push(words)
  });
  return speaking;
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test('two calls are said one after the other, never at once', async () => {
  const speaking = engine(['en-US', 'vi-VN']);
  const report = vi.fn();
  const say = createVoice(report);
  say({ seq: 1, text: 'Mời số A 0 2 7' });
  say({ seq: 2, text: 'Mời số A 0 2 8' });
  await settle();
  expect(speaking.map((one) => one.text)).toEqual(['Mời số A 0 2 7']);
  speaking[0]?.onend?.();
  await settle();
  expect(speaking).toHaveLength(2);
  expect(report).toHaveBeenCalledWith(1, true);
});

test('a call is never said twice', async () => {
  const speaking = engine(['vi-VN']);
  const say = createVoice(vi.fn());
  say({ seq: 5, text: 'một' });
  say({ seq: 5, text: 'một' });
  say({ seq: 4, text: 'cũ' });
  await settle();
  speaking[0]?.onend?.();
  await settle();
  expect(speaking).toHaveLength(1);
});

test('with no Vietnamese voice the host is told, so that it speaks another way', async () => {
  engine(['en-US']);
  const report = vi.fn();
  createVoice(report)({ seq: 1, text: 'Mời số' });
  await settle();
  expect(report).toHaveBeenCalledWith(1, false);
});
