// The hub behind the hall page: one JSON picture and one stream that says when to ask again.
// When the link drops the last good picture stays, and a `link` event says so.

import { HostError, type HallHost, type HallView, type HostEvent } from './types';

const HALL_PATH = '/v1/hall';
const LIVE_PATH = '/v1/live';
const POLL_MS = 5_000;
const KEEP_KEY = 'hall-last-good';

const LIVE_KINDS = ['hall', 'queue', 'announce'] as const;

function keep(view: HallView): void {
  try {
    localStorage.setItem(KEEP_KEY, JSON.stringify(view));
  } catch {
    // A page with no storage still shows what it has; it only forgets over a reload.
  }
}

function kept(): HallView | null {
  try {
    const text = localStorage.getItem(KEEP_KEY);
    return text === null ? null : (JSON.parse(text) as HallView);
  } catch {
    return null;
  }
}

function parseEvent(text: string): HostEvent | null {
  try {
    const event = JSON.parse(text) as HostEvent;
    return typeof event.kind === 'string' ? event : null;
  } catch {
    return null;
  }
}

export function createHttpHost(base = ''): HallHost {
  let up = true;
  const handlers = new Set<(event: HostEvent) => void>();
  const emit = (event: HostEvent) => handlers.forEach((handler) => handler(event));
  const setLink = (next: boolean) => {
    if (next === up) return;
    up = next;
    emit({ kind: 'link', up });
  };

  const hall = async (): Promise<HallView> => {
    try {
      const response = await fetch(`${base}${HALL_PATH}`, { cache: 'no-store' });
      if (!response.ok) throw new HostError({ code: 'hub_failed', status: response.status });
      const view = (await response.json()) as HallView;
      keep(view);
      setLink(true);
      return view;
    } catch (thrown) {
      setLink(false);
      const last = kept();
      if (last) return last;
      throw thrown instanceof HostError ? thrown : new HostError({ code: 'hub_unreachable' });
    }
  };

  return {
    hall,
    announceDone: async () => undefined,
    subscribe: async (handler) => {
      handlers.add(handler);
      const stream = new EventSource(`${base}${LIVE_PATH}`);
      const receive = (message: MessageEvent<string>) => {
        const event = parseEvent(message.data);
        if (event) emit(event);
      };
      stream.onmessage = receive;
      for (const kind of LIVE_KINDS) stream.addEventListener(kind, receive as EventListener);
      stream.onopen = () => {
        setLink(true);
        emit({ kind: 'hall' });
      };
      stream.onerror = () => setLink(false);
      // The stream is the hint; the poll decides, so a dead proxy cannot freeze the display.
      const poll = setInterval(() => emit({ kind: 'hall' }), POLL_MS);
      return () => {
        handlers.delete(handler);
        clearInterval(poll);
        stream.close();
      };
    }
  };
}
