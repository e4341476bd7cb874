// Text that is typed but not yet handed over. Anything that reads the draft flushes these first, so
// that a key pressed in the middle of a pause loses nothing.

type Flush = () => Promise<void>;

const flushes = new Set<Flush>();

export function registerPending(flush: Flush): () => void {
  flushes.add(flush);
  return () => flushes.delete(flush);
}

export async function flushPending(): Promise<void> {
  for (const flush of [...flushes]) await flush();
}
