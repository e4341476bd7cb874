// The stand-in's due dates: enough of the working-day rules to show a true explanation for 2026.

import { addDays, weekday } from '../../dates';
import type { DueStep, DueView, LocalDate, LocalDateTime, TimeLimit } from '../types';

const DAYS_OFF: Record<LocalDate, string> = {
  '2026-11-24': 'Ngày Văn hóa Việt Nam',
  '2027-01-01': 'Tết Dương lịch'
};
const CLOSES_AT = '17:00';
const CUTOFF_AT = '15:00';
const DUE_TIME = '16:30';

function offReason(date: LocalDate): { kind: 'holiday' | 'weekend'; why: string } | null {
  const holiday = DAYS_OFF[date];
  if (holiday) return { kind: 'holiday', why: holiday };
  return weekday(date) > 5 ? { kind: 'weekend', why: '' } : null;
}

function firstStep(receivedAt: LocalDateTime, cutoff: boolean): DueStep {
  const at = receivedAt.slice(11, 16);
  const kind =
    at >= CLOSES_AT
      ? 'received_after_hours'
      : cutoff && at >= CUTOFF_AT
        ? 'received_after_cutoff'
        : 'received';
  return { date: receivedAt.slice(0, 10), kind, why: '', ordinal: null };
}

function walkWorkingDays(steps: DueStep[], from: LocalDate, days: number): LocalDate {
  let date = from;
  for (let counted = 0; counted < days;) {
    date = addDays(date, 1);
    const off = offReason(date);
    if (off) {
      steps.push({ date, ...off, ordinal: null });
    } else {
      counted += 1;
      steps.push({ date, kind: 'working_day', why: '', ordinal: counted });
    }
  }
  return date;
}

function walkCalendarDays(steps: DueStep[], from: LocalDate, days: number): LocalDate {
  let date = addDays(from, days);
  steps.push({ date, kind: 'calendar_day', why: '', ordinal: days });
  while (offReason(date)) {
    const off = offReason(date);
    steps.push({ date, kind: off?.kind ?? 'weekend', why: off?.why ?? '', ordinal: null });
    date = addDays(date, 1);
  }
  if (steps.at(-1)?.date !== date) steps.push({ date, kind: 'moved', why: '', ordinal: null });
  return date;
}

export function dueOf(receivedAt: LocalDateTime, limit: TimeLimit, cutoff: boolean): DueView {
  const start = firstStep(receivedAt, cutoff);
  const steps: DueStep[] = [start];
  const dueOn =
    limit.unit === 'working_day'
      ? walkWorkingDays(steps, start.date, limit.value)
      : walkCalendarDays(steps, start.date, limit.value);
  return {
    receivedAt,
    dueAt: `${dueOn}T${DUE_TIME}`,
    limit,
    steps,
    legalBasis: 'BLDS Điều 147–148',
    calendarName: 'lịch 2026, bản 3'
  };
}
