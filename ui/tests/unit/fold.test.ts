import { describe, expect, test } from 'vitest';
import { fold, highlight } from '$lib/fold';

describe('words without marks', () => {
  test.each([
    ['Nguyễn Thị Ngọc Ỷ', 'nguyen thi ngoc y'],
    ['Đặng  Ướt', 'dang uot'],
    ['ẶẪỘỮ', 'aaou']
  ])('%s folds to %s, composed or not', (name, folded) => {
    expect(fold(name)).toBe(folded);
    expect(fold(name.normalize('NFD'))).toBe(folded);
  });
});

describe('what answers the query is marked', () => {
  const marked = (text: string, query: string) =>
    highlight(text, query)
      .filter((piece) => piece.hit)
      .map((piece) => piece.text);

  test('beginnings of words, with marks kept', () => {
    expect(marked('Đăng ký khai sinh', 'khai si')).toEqual(['khai', 'si']);
    expect(marked('Đăng ký khai sinh', 'dang')).toEqual(['Đăng']);
    expect(marked('1.001193', '1.0011')).toEqual(['1.0011']);
  });
  test('nothing is lost or doubled', () => {
    for (const query of ['', 'khai', 'zzz', 'd k s']) {
      const whole = highlight('Đăng ký khai sinh', query).map((piece) => piece.text);
      expect(whole.join('')).toBe('Đăng ký khai sinh');
    }
  });
});
