import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMinutes,
  minutesBetween,
  parseTypedDate,
  parseTypedTime,
  weekday
} from '$lib/dates';

const TODAY = '2026-11-23';

describe('a date of birth as a clerk types it', () => {
  test.each([
    ['2/9/1994', '1994-09-02'],
    ['02/09/1994', '1994-09-02'],
    ['2.9.94', '1994-09-02'],
    ['2-9-26', '2026-09-02'],
    ['2-9-27', '1927-09-02'],
    ['02091994', '1994-09-02'],
    ['020994', '1994-09-02'],
    ['1994', '1994'],
    ['9/1994', '1994-09'],
    ['1994-09-02', '1994-09-02'],
    ['29/2/2024', '2024-02-29'],
    ['  2 9 1994 ', '1994-09-02']
  ])('%j is %s', (typed, iso) => expect(parseTypedDate(typed, TODAY)).toBe(iso));

  test.each([
    '29/2/2023',
    '31/4/1990',
    '0/1/1990',
    '1/13/1990',
    '94',
    'hôm qua',
    '',
    '1/2/3/4',
    '1/1/1799'
  ])('%j is no date', (typed) => expect(parseTypedDate(typed, TODAY)).toBeNull());
});

describe('opening hours as they are typed', () => {
  test.each([
    ['7', '07:00'],
    ['7h', '07:00'],
    ['7h30', '07:30'],
    ['0730', '07:30'],
    ['13:30', '13:30'],
    ['17.00', '17:00']
  ])('%j is %s', (typed, time) => expect(parseTypedTime(typed)).toBe(time));
  test.each(['24', '7h75', 'sáng', ''])('%j is no time', (typed) =>
    expect(parseTypedTime(typed)).toBeNull()
  );
});

describe('the calendar', () => {
  test('23 November 2026 is a Monday, the 29th a Sunday', () => {
    expect(weekday('2026-11-23')).toBe(1);
    expect(weekday('2026-11-29T10:00')).toBe(7);
  });
  test('days and minutes cross months and midnight', () => {
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(addMinutes('2026-11-23T23:50', 20)).toBe('2026-11-24T00:10');
    expect(addMinutes('2026-11-23T00:05', -10)).toBe('2026-11-22T23:55');
    expect(minutesBetween('2026-11-22T23:50', '2026-11-23T00:10')).toBe(20);
  });
});
