// Says calls in the hall with the voice of the web view, where it has a Vietnamese one. Never two at
// once, none twice; where there is no voice the host is told and speaks some other way.

export interface Spoken {
  seq: number;
  text: string;
}

type Report = (seq: number, spoken: boolean) => void;

/** Longest we wait for the engine to say that it has finished one call. */
const LONGEST_MS = 12_000;

function vietnameseVoice(): SpeechSynthesisVoice | null {
  if (!('speechSynthesis' in globalThis)) return null;
  const voices = globalThis.speechSynthesis.getVoices();
  return voices.find((voice) => /^vi([-_]|$)/i.test(voice.lang)) ?? null;
}

function say(text: string, voice: SpeechSynthesisVoice): Promise<boolean> {
  return new Promise((resolve) => {
    const words = new SpeechSynthesisUtterance(text);
    const late = setTimeout(() => resolve(false), LONGEST_MS);
    const done = (spoken: boolean) => {
      clearTimeout(late);
      resolve(spoken);
    };
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.92;
    words.onend = () => done(true);
    words.onerror = () => done(false);
    globalThis.speechSynthesis.speak(words);
  });
}

export function createVoice(report: Report): (call: Spoken) => void {
  let last = 0;
  let line: Promise<void> = Promise.resolve();
  return (call) => {
    if (call.seq <= last) return;
    last = call.seq;
    line = line.then(async () => {
      const voice = vietnameseVoice();
      report(call.seq, voice !== null && (await say(call.text, voice)));
    });
  };
}
