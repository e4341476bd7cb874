// Pictures drawn on the spot: pages of invented papers and signatures. Nothing is loaded.

import type { InkStroke } from '../types';

const PAGE_WIDTH = 420;
const PAGE_HEIGHT = 594;

function svgUrl(body: string, width: number, height: number): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${body}</svg>`;
  return URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
}

const escapeText = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** A page that looks like a filled form: heading, title, ruled lines of writing. */
export function pageUrl(title: string, page: number, blurred: boolean): string {
  const seed = [...title].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973,
    page * 7
  );
  const line = (y: number, index: number) => {
    const width = 180 + ((seed * (index + 3) * 37) % 150);
    return `<rect x="48" y="${y}" width="${width}" height="5" rx="2" fill="#8d8f92"/>`;
  };
  const lines = Array.from({ length: 17 }, (_, index) => line(190 + index * 20, index)).join('');
  const text = (y: number, size: number, weight: number, words: string) =>
    `<text x="210" y="${y}" text-anchor="middle" font-family="serif" font-size="${size}" font-weight="${weight}" fill="#26292c">${escapeText(words)}</text>`;
  const head =
    page === 1
      ? text(52, 13, 700, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM') +
        text(70, 12, 700, 'Độc lập - Tự do - Hạnh phúc') +
        text(130, 17, 700, title.toUpperCase().slice(0, 38))
      : '';
  const stamp =
    page === 1
      ? '<circle cx="320" cy="530" r="34" fill="none" stroke="#b8423a" stroke-width="3" opacity=".7"/>'
      : '';
  const soft = blurred ? '<filter id="b"><feGaussianBlur stdDeviation="3.2"/></filter>' : '';
  return svgUrl(
    `${soft}<rect width="100%" height="100%" fill="#fdfcf8"/><g${blurred ? ' filter="url(#b)"' : ''}>${head}${lines}${stamp}</g>`,
    PAGE_WIDTH,
    PAGE_HEIGHT
  );
}

/** The strokes as one thin line each, in ink blue. */
export function signatureUrl(strokes: InkStroke[], aspectRatio: number): string {
  const height = 120;
  const width = Math.round(height * aspectRatio);
  const paths = strokes
    .map(({ points }) =>
      points
        .map(
          (point, index) =>
            `${index === 0 ? 'M' : 'L'}${(point.x * width).toFixed(1)} ${(point.y * height).toFixed(1)}`
        )
        .join('')
    )
    .map(
      (path) =>
        `<path d="${path}" fill="none" stroke="#1f3f7a" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>`
    )
    .join('');
  return svgUrl(paths, width, height);
}

/** A believable signature for practice: a loop, a run of waves, an underline. */
export function practiceStrokes(): InkStroke[] {
  const point = (x: number, y: number, tMs: number) => ({ x, y, pressure: 0.6, tMs });
  const loop = Array.from({ length: 26 }, (_, i) => {
    const angle = -1.9 + (i / 25) * 6.4;
    return point(0.2 + Math.cos(angle) * 0.075, 0.46 + Math.sin(angle) * 0.26, i * 14);
  });
  const waves = Array.from({ length: 46 }, (_, i) =>
    point(0.27 + i * 0.0105, 0.52 + Math.sin(i * 0.78) * (0.17 - i * 0.0024), 420 + i * 13)
  );
  const tail = Array.from({ length: 16 }, (_, i) =>
    point(0.8 - i * 0.035, 0.78 + Math.sin(i / 5) * 0.04, 1150 + i * 12)
  );
  return [{ points: loop }, { points: waves }, { points: tail }];
}
