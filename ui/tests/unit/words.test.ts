import { describe, expect, test } from 'vitest';
import { dueLines } from '$lib/due-lines';
import { dueOf } from '$lib/host/fake/due';
import type { DeviceChip, DueStep, Lamp } from '$lib/host/types';
import * as w from '$lib/words';

const NOW = '2026-11-23T09:14';
const lamp = (part: Partial<Lamp>): Lamp => ({
  lamp: 'province',
  state: 'none',
  where: '',
  at: null,
  count: 0,
  since: null,
  reason: null,
  ...part
});
const whole = (part: Partial<Lamp>) => {
  const { short, more } = w.lampWords(lamp(part), NOW);
  return short + more;
};

describe('lamps say what is owed', () => {
  test.each([
    [{ lamp: 'second_copy', state: 'ok', where: 'máy quầy 1' }, 'Bản thứ hai: máy quầy 1'],
    [{ lamp: 'printed', state: 'none' }, 'Chưa in'],
    [
      { state: 'waiting', count: 12, since: '2026-11-23T08:40', reason: 'link_down' },
      'Tỉnh: chờ 12 hồ sơ, mất mạng từ 08:40'
    ],
    [{ state: 'waiting', count: 1, reason: 'sending' }, 'Tỉnh: chờ 1 hồ sơ, đang gửi'],
    [{ lamp: 'printed', state: 'bad', reason: 'outcome_unknown' }, 'In: chưa rõ giấy đã ra chưa'],
    [{ lamp: 'saved', state: 'bad', reason: 'disk_full' }, 'Đã lưu: đĩa đầy']
  ] as [Partial<Lamp>, string][])('%j reads “%s”', (part, text) => expect(whole(part)).toBe(text));

  test('what a person must act on is never shortened', () => {
    expect(w.lampWords(lamp({ state: 'bad', reason: 'refused' }), NOW).more).toBe('');
  });

  test('hover tells time and place, or what the lamp means', () => {
    const detail = w.lampDetail(lamp({ state: 'ok', where: 'máy quầy 1', at: '2026-11-23T09:12' }));
    expect(detail).toBe('ở máy quầy 1 · lúc 23/11/2026 09:12');
    expect(w.lampDetail(lamp({}))).toBe('hệ thống của tỉnh đã ghi nhận');
  });
});

describe('devices', () => {
  const chip = (part: Partial<DeviceChip>): DeviceChip => ({
    id: 'd',
    role: 'slip_printer',
    name: 'Máy in phiếu',
    state: 'ready',
    paperLeft: null,
    simulated: false,
    ...part
  });
  test.each([
    [{ paperLeft: 140 }, 'Máy in phiếu · còn ~140 phiếu', 'ok'],
    [{ state: 'paper_out', paperLeft: 0 }, 'Máy in phiếu: hết giấy', 'act'],
    [{ state: 'paper_low' }, 'Máy in phiếu: sắp hết giấy', 'wait'],
    [{ state: 'unknown' }, 'Máy in phiếu: chưa rõ', 'wait'],
    [{ name: 'Bảng số', state: 'offline' }, 'Bảng số: rút dây', 'act']
  ] as [Partial<DeviceChip>, string, string][])('%j', (part, text, tone) => {
    expect(w.deviceWords(chip(part))).toBe(text);
    expect(w.deviceTone(chip(part))).toBe(tone);
  });
});

describe('why this date', () => {
  const read = (steps: DueStep[]) => dueLines(steps).map(({ label, note }) => `${label} | ${note}`);

  test('one working day over the holiday of 24 November', () => {
    const due = dueOf('2026-11-23T09:14', { value: 1, unit: 'working_day' }, false);
    expect(due.dueAt).toBe('2026-11-25T16:30');
    expect(read(due.steps)).toEqual([
      'Nhận 23/11, không tính | thứ Hai',
      'Bỏ qua 24/11 | Ngày Văn hóa Việt Nam',
      'Ngày làm việc thứ 1: 25/11 | thứ Tư'
    ]);
  });

  test('weekends fold into one line and a full week into another', () => {
    const due = dueOf('2026-11-23T09:14', { value: 10, unit: 'working_day' }, false);
    expect(read(due.steps)).toEqual([
      'Nhận 23/11, không tính | thứ Hai',
      'Bỏ qua 24/11 | Ngày Văn hóa Việt Nam',
      'Ngày làm việc thứ 1: 25/11 | thứ Tư',
      'Ngày làm việc thứ 2: 26/11 | thứ Năm',
      'Ngày làm việc thứ 3: 27/11 | thứ Sáu',
      'Bỏ qua 28–29/11 | cuối tuần',
      'Ngày làm việc thứ 4–8 | 30/11–04/12',
      'Bỏ qua 05–06/12 | cuối tuần',
      'Ngày làm việc thứ 9: 07/12 | thứ Hai',
      'Ngày làm việc thứ 10: 08/12 | thứ Ba'
    ]);
  });

  test('every day of the explanation is told, none twice', () => {
    const due = dueOf('2026-11-20T10:00', { value: 25, unit: 'working_day' }, false);
    const counted = due.steps.filter((step) => step.ordinal !== null).map((step) => step.ordinal);
    expect(counted).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  });
});

test('waits', () => {
  expect(w.minutesWords(4)).toBe('4 phút');
  expect(w.minutesWords(78)).toBe('1 giờ 18');
  expect(w.minutesWords(120)).toBe('2 giờ');
  expect(w.minutesWords(-1)).toBe('0 phút');
});

test('scans speak of their pages and of what is wrong with which', () => {
  expect(w.scanWords({ pages: 2, quality: 'clear', qualityPage: null })).toBe('2 trang, rõ');
  expect(w.scanWords({ pages: 2, quality: 'blurred', qualityPage: 1 })).toBe(
    'trang 1 bị mờ, quét lại'
  );
  expect(w.scanWords({ pages: 3, quality: 'unknown', qualityPage: null })).toBe('3 trang');
});
