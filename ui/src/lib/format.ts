// Vietnamese forms of numbers, dates, money and codes. Pure; the words themselves come from messages.

import { dateParts, pad } from './dates';
import type { LocalDate, LocalDateTime, PartialDate, Vnd } from './host/types';

/** `1234567` → `1.234.567`. Written out so that it does not depend on the system's locale data. */
export function groupThousands(value: number): string {
  const sign = value < 0 ? '−' : '';
  return sign + String(Math.abs(Math.trunc(value))).replace(/\B(?=(\d{3})+$)/g, '.');
}

/** `20.000 ₫`, with a no-break space. */
export function money(amount: Vnd): string {
  return `${groupThousands(amount)}\u00a0₫`;
}

/** `23/11/2026`. */
export function date(iso: LocalDate | LocalDateTime): string {
  const { year, month, day } = dateParts(iso);
  return `${pad(day)}/${pad(month)}/${year}`;
}

/** `23/11`. */
export function dayMonth(iso: LocalDate | LocalDateTime): string {
  const { month, day } = dateParts(iso);
  return `${pad(day)}/${pad(month)}`;
}

/** `14:05`. */
export function time(at: LocalDateTime): string {
  return at.slice(11, 16);
}

/** `14:05:32`, or `14:05` when no seconds are known. */
export function timeWithSeconds(at: LocalDateTime): string {
  return at.slice(11, 19);
}

/** `23/11/2026 14:05`. */
export function dateTime(at: LocalDateTime): string {
  return `${date(at)} ${time(at)}`;
}

/** Only the time today, otherwise day and time. */
export function shortDateTime(at: LocalDateTime, now: LocalDateTime): string {
  return at.slice(0, 10) === now.slice(0, 10) ? time(at) : `${dayMonth(at)} ${time(at)}`;
}

/** `1990`, `02/1990` or `01/02/1990`. Anything else is shown as it is. */
export function partialDate(value: PartialDate): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(value);
  if (/^\d{4}-\d{2}$/.test(value)) return `${value.slice(5, 7)}/${value.slice(0, 4)}`;
  return value;
}

/** Digits in groups of three: `038 194 012 345`. Text that is not all digits is left alone. */
export function idNumber(value: string): string {
  const digits = value.replace(/[\s.]/g, '');
  return /^\d{9}$|^\d{12}$/.test(digits) ? digits.replace(/(\d{3})(?=\d)/g, '$1 ') : value.trim();
}

/** `0912 345 678`; `024 3825 1234` and anything unusual only lose double spaces. */
export function phone(value: string): string {
  const digits = value.replace(/[\s.-]/g, '');
  return /^0\d{9}$/.test(digits)
    ? `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`
    : value.trim().replace(/\s+/g, ' ');
}

/** Digits only, for numbers that people write with spaces and dots. */
export function digitsOf(value: string): string {
  return value.replace(/[\s.\-()]/g, '');
}

export interface CodeParts {
  /** Organisation and date, with the hyphen that joins them to the number. */
  lead: string;
  /** The daily number, which people read out. */
  number: string;
}

/** `H56.6.17-261123-0042` → lead `H56.6.17-261123-` and number `0042`. */
export function codeParts(code: string): CodeParts {
  const cut = code.lastIndexOf('-') + 1;
  return { lead: code.slice(0, cut), number: code.slice(cut) };
}

/** `1,4 MB`, `320 KB`. */
export function fileSize(bytes: number): string {
  const KIB = 1024;
  const MIB = KIB * KIB;
  if (bytes >= MIB) return `${(bytes / MIB).toFixed(1).replace('.', ',')} MB`;
  return `${groupThousands(Math.max(bytes === 0 ? 0 : 1, Math.round(bytes / KIB)))} KB`;
}
