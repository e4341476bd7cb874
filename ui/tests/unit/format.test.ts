import { describe, expect, test } from 'vitest';
import * as f from '$lib/format';

const NBSP = '\u00a0';

describe('numbers, dates and money in Vietnamese form', () => {
  test.each([
    [0, `0${NBSP}₫`],
    [8000, `8.000${NBSP}₫`],
    [20000, `20.000${NBSP}₫`],
    [1234567, `1.234.567${NBSP}₫`],
    [-5000, `−5.000${NBSP}₫`]
  ])('%i đồng reads %s', (amount, text) => expect(f.money(amount)).toBe(text));

  test.each([
    ['2026-11-23', '23/11/2026'],
    ['2026-11-03T09:05', '03/11/2026']
  ])('%s is %s', (iso, text) => expect(f.date(iso)).toBe(text));

  test('a moment names day and time', () => {
    expect(f.dateTime('2026-11-23T14:05')).toBe('23/11/2026 14:05');
    expect(f.timeWithSeconds('2026-11-23T14:05:32')).toBe('14:05:32');
  });

  test('today needs only the time, another day also the date', () => {
    expect(f.shortDateTime('2026-11-23T08:40', '2026-11-23T09:14')).toBe('08:40');
    expect(f.shortDateTime('2026-11-22T16:58', '2026-11-23T09:14')).toBe('22/11 16:58');
  });

  test.each([
    ['1990', '1990'],
    ['1990-02', '02/1990'],
    ['1990-02-01', '01/02/1990'],
    ['', ''],
    ['khoảng năm 1950', 'khoảng năm 1950']
  ])('a partial date %j shows as %j', (iso, text) => expect(f.partialDate(iso)).toBe(text));
});

describe('numbers people read out', () => {
  test.each([
    ['038194012345', '038 194 012 345'],
    ['038 194 012 345', '038 194 012 345'],
    ['172345678', '172 345 678'],
    ['03819401234', '03819401234'],
    ['', '']
  ])('personal number %j shows as %j', (typed, text) => expect(f.idNumber(typed)).toBe(text));

  test.each([
    ['0912345678', '0912 345 678'],
    ['0912.345.678', '0912 345 678'],
    ['024 3825 1234', '024 3825 1234'],
    ['không có', 'không có']
  ])('phone %j shows as %j', (typed, text) => expect(f.phone(typed)).toBe(text));

  test.each([
    ['H56.6.17-261123-0042', 'H56.6.17-261123-', '0042'],
    ['000.00.06.H56-231027-0361', '000.00.06.H56-231027-', '0361'],
    ['lạ', '', 'lạ']
  ])('code %s keeps its last group apart', (code, lead, number) =>
    expect(f.codeParts(code)).toEqual({ lead, number })
  );

  test.each([
    [0, '0 KB'],
    [300, '1 KB'],
    [212_000, '207 KB'],
    [209_715_200, '200,0 MB']
  ])('%i bytes read %s', (bytes, text) => expect(f.fileSize(bytes)).toBe(text));
});
