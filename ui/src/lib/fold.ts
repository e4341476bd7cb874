// Words without marks: how a clerk types in a hurry and how we find what they meant.

/** Lower case, no marks, đ as d, single spaces. `Đặng  Ướt` and its NFD twin both give `dang uot`. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** Cuts `text` (NFC) into pieces, marking the beginnings of words that answer a word of `query`. */
export function highlight(text: string, query: string): Piece[] {
  const words = fold(query).split(' ').filter(Boolean);
  if (words.length === 0) return [{ text, hit: false }];
  const pieces: Piece[] = [];
  const push = (part: string, hit: boolean) => {
    const last = pieces.at(-1);
    if (last && last.hit === hit) last.text += part;
    else if (part !== '') pieces.push({ text: part, hit });
  };
  for (const token of text.normalize('NFC').split(/(\s+)/)) {
    const folded = fold(token);
    const best = words
      .filter((word) => folded !== '' && folded.startsWith(word))
      .reduce((longest, word) => Math.max(longest, word.length), 0);
    // Folding keeps one letter per letter in NFC, so lengths carry over.
    push(token.slice(0, best), true);
    push(token.slice(best), false);
  }
  return pieces;
}
