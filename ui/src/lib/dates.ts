// Local dates and times as plain strings: `2026-11-23` and `2026-11-23T09:15`. No time zone enters here.

import type { LocalDate, LocalDateTime, LocalTime, PartialDate } from './host/types';

const MINUTES_PER_DAY = 24 * 60;
/** Two-digit years above the present one belong to the last century. */
const CENTURY = 100;

export interface DateParts {
  year: number;
  month: number;
  day: number;
}

export function dateParts(iso: string): DateParts {
  const [year = 0, month = 0, day = 0] = iso.slice(0, 10).split('-').map(Number);
  return { year, month, day };
}

/** 1 (Monday) to 7 (Sunday). */
export function weekday(iso: LocalDate | LocalDateTime): number {
  const { year, month, day } = dateParts(iso);
  const sundayFirst = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return sundayFirst === 0 ? 7 : sundayFirst;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const { year, month, day } = dateParts(date);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

function absoluteMinutes(at: LocalDateTime): number {
  const { year, month, day } = dateParts(at);
  const [hour = 0, minute = 0] = at.slice(11, 16).split(':').map(Number);
  return Date.UTC(year, month - 1, day) / 60_000 + hour * 60 + minute;
}

/** Whole minutes from one moment to another; negative when `to` is earlier. */
export function minutesBetween(from: LocalDateTime, to: LocalDateTime): number {
  return absoluteMinutes(to) - absoluteMinutes(from);
}

export function addMinutes(at: LocalDateTime, minutes: number): LocalDateTime {
  const total = absoluteMinutes(at) + minutes;
  const day = Math.floor(total / MINUTES_PER_DAY);
  const date = new Date(day * MINUTES_PER_DAY * 60_000).toISOString().slice(0, 10);
  const rest = total - day * MINUTES_PER_DAY;
  return `${date}T${pad(Math.floor(rest / 60))}:${pad(rest % 60)}${at.slice(16)}`;
}

export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

export function isRealDate({ year, month, day }: DateParts): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  );
}

function fullYear(text: string, today: LocalDate): number | null {
  if (text.length === 4) return Number(text);
  if (text.length !== 2) return null;
  const now = dateParts(today).year;
  const thisCentury = Math.floor(now / CENTURY) * CENTURY + Number(text);
  return thisCentury > now ? thisCentury - CENTURY : thisCentury;
}

/** Splits what was typed into day, month, year texts; some may be missing from the front. */
function typedGroups(text: string): string[] | null {
  const groups = text.split(/[\s./-]+/).filter(Boolean);
  if (!groups.every((group) => /^\d+$/.test(group))) return null;
  const only = groups[0];
  if (groups.length > 1 || only === undefined) return groups;
  if (only.length === 8) return [only.slice(0, 2), only.slice(2, 4), only.slice(4)];
  if (only.length === 6) return [only.slice(0, 2), only.slice(2, 4), only.slice(4)];
  return [only];
}

/**
 * A date as people write it: `1/2/90`, `01021990`, `1.2.1990`, `2/1990`, `1990`.
 * Civil status knows partial dates, so a year or a month and year is an answer. Null when it is none.
 */
export function parseTypedDate(typed: string, today: LocalDate): PartialDate | null {
  const text = typed.trim();
  if (/^\d{4}(-\d{2}){0,2}$/.test(text) && text.length > 4) return checked(text);
  const groups = typedGroups(text);
  if (!groups || groups.length === 0 || groups.length > 3) return null;
  const yearText = groups.at(-1) ?? '';
  const year = groups.length === 1 && yearText.length !== 4 ? null : fullYear(yearText, today);
  if (year === null) return null;
  const rest = groups.slice(0, -1).map(Number);
  const [first, second] = rest;
  if (first === undefined) return checked(`${pad(year, 4)}`);
  if (second === undefined) return checked(`${pad(year, 4)}-${pad(first)}`);
  return checked(`${pad(year, 4)}-${pad(second)}-${pad(first)}`);
}

function checked(iso: string): PartialDate | null {
  const [year = 0, month, day] = iso.split('-').map(Number);
  if (year < 1800 || year > 2200) return null;
  if (month !== undefined && (month < 1 || month > 12)) return null;
  if (month !== undefined && day !== undefined && !isRealDate({ year, month, day })) return null;
  return iso;
}

/** A time of day as people write it: `7`, `7h30`, `0730`, `7:30`. Null when it is none. */
export function parseTypedTime(typed: string): LocalTime | null {
  const match = /^(\d{1,2})(?:\s*[h:.]\s*(\d{2})?|(\d{2}))?$/i.exec(typed.trim());
  if (!match) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? match[3] ?? '0');
  return hour < 24 && minute < 60 ? `${pad(hour)}:${pad(minute)}` : null;
}
