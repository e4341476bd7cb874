// Short phrases built from view models: lamps, devices, due steps, waits. Pure apart from the language.

import { minutesBetween, weekday } from './dates';
import { date, dateTime, dayMonth, money, partialDate, shortDateTime, time } from './format';
import type {
  AttachedScan,
  DeviceChip,
  DueStep,
  FeeView,
  IntakeHint,
  Lamp,
  LocalDate,
  LocalDateTime,
  ScanItem,
  TimeLimit
} from './host/types';
import { t, tk } from './i18n/index.svelte';

export function weekdayName(at: LocalDate | LocalDateTime): string {
  return tk('weekday', String(weekday(at)));
}

/** `16:30 thứ Tư 25/11/2026`. */
export function fullMoment(at: LocalDateTime): string {
  return `${time(at)} ${weekdayName(at)} ${date(at)}`;
}

export function minutesWords(minutes: number): string {
  if (minutes < 60) return t('time.minutes', { n: Math.max(0, minutes) });
  return t('time.hours_minutes', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

export function limitWords(limit: TimeLimit): string {
  return tk('limit', limit.unit, { n: limit.value });
}

/** The lamp's own words in the bottom bar. */
export function lampWords(lamp: Lamp, now: LocalDateTime): string {
  const name = tk('lamp', lamp.lamp);
  switch (lamp.state) {
    case 'ok':
      return lamp.lamp === 'second_copy' && lamp.where
        ? t('lamp.second_copy.at', { where: lamp.where })
        : tk('lamp', `${lamp.lamp}.ok`);
    case 'waiting':
      return waitingWords(lamp, now);
    case 'bad':
      return lamp.reason
        ? `${name}: ${tk('lamp.reason', lamp.reason)}`
        : tk('lamp', `${lamp.lamp}.bad`);
    case 'none':
      return tk('lamp', `${lamp.lamp}.none`);
  }
}

function waitingWords(lamp: Lamp, now: LocalDateTime): string {
  const name = tk('lamp', lamp.lamp);
  if (lamp.reason === 'link_down' && lamp.since) {
    const since = shortDateTime(lamp.since, now);
    return t('lamp.waiting.link_down', { name, n: lamp.count, since });
  }
  return lamp.count > 1
    ? t('lamp.waiting.many', { name, n: lamp.count })
    : t('lamp.waiting.one', { name });
}

/** Time and place, for hover and focus. */
export function lampDetail(lamp: Lamp): string {
  const place = lamp.where ? t('lamp.detail.where', { where: lamp.where }) : '';
  const at = lamp.at ? t('lamp.detail.at', { at: dateTime(lamp.at) }) : '';
  const since =
    lamp.since && lamp.state !== 'ok' ? t('lamp.detail.since', { at: dateTime(lamp.since) }) : '';
  const reason = lamp.reason ? tk('lamp.reason', lamp.reason) : '';
  const meaning = tk('lamp', `${lamp.lamp}.meaning`);
  return [reason, place, at, since].filter(Boolean).join(' · ') || meaning;
}

/** Which devices a person must look at first. */
export function deviceTone(device: DeviceChip): 'ok' | 'wait' | 'act' {
  if (device.state === 'ready' || device.state === 'busy') return 'ok';
  return device.state === 'paper_low' || device.state === 'unknown' ? 'wait' : 'act';
}

export function deviceWords(device: DeviceChip): string {
  const tone = deviceTone(device);
  if (tone !== 'ok')
    return t('device.chip', { name: device.name, state: tk('device.state', device.state) });
  return device.paperLeft === null
    ? device.name
    : t('device.chip.paper', { name: device.name, n: device.paperLeft });
}

export interface DueLine {
  label: string;
  note: string;
  tone: 'plain' | 'skipped' | 'counted';
}

function runEnd(steps: DueStep[], from: number): number {
  const first = steps[from];
  let end = from;
  while (steps[end + 1]?.kind === 'working_day' && first?.kind === 'working_day') end += 1;
  return end;
}

function stepLine(step: DueStep): DueLine {
  const day = dayMonth(step.date);
  const note = step.why || (step.kind === 'weekend' ? '' : weekdayName(step.date));
  switch (step.kind) {
    case 'received':
    case 'received_after_hours':
    case 'received_after_cutoff':
      return {
        label: tk('due.step', step.kind, { day }),
        note: weekdayName(step.date),
        tone: 'plain'
      };
    case 'weekend':
      return {
        label: t('due.step.skipped', { day }),
        note: weekdayName(step.date),
        tone: 'skipped'
      };
    case 'holiday':
    case 'compensatory_off':
    case 'swap_off':
      return {
        label: t('due.step.skipped', { day }),
        note: step.why || tk('due.kind', step.kind),
        tone: 'skipped'
      };
    default:
      return {
        label: tk('due.step', step.kind, { day, n: step.ordinal ?? 0 }),
        note,
        tone: 'counted'
      };
  }
}

/** The explanation, one line a day; a long run of plain working days folds into one line. */
export function dueLines(steps: DueStep[]): DueLine[] {
  const RUN_SHOWN_WHOLE = 3;
  const lines: DueLine[] = [];
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (!step) continue;
    const end = runEnd(steps, index);
    const last = steps[end];
    if (end - index + 1 > RUN_SHOWN_WHOLE && last) {
      lines.push({
        label: t('due.step.run', {
          from: step.ordinal ?? 0,
          to: last.ordinal ?? 0,
          first: dayMonth(step.date),
          last: dayMonth(last.date)
        }),
        note: weekdayName(last.date),
        tone: 'counted'
      });
      index = end;
    } else {
      lines.push(stepLine(step));
    }
  }
  return lines;
}

export function feeWords(fee: FeeView): string {
  if (fee.exemptionId !== null) return t('fee.exempt');
  if (fee.state === 'free') return t('fee.free');
  return fee.state === 'undecided' ? t('fee.undecided') : money(fee.total);
}

export function scanWords(
  scan: Pick<AttachedScan | ScanItem, 'pages' | 'quality' | 'qualityPage'>
): string {
  const pages = t('scan.pages', { n: scan.pages });
  if (scan.quality === 'unknown') return pages;
  if (scan.quality === 'clear') return t('scan.clear', { pages });
  return scan.qualityPage === null
    ? tk('scan.quality', scan.quality)
    : t('scan.quality.page', { page: scan.qualityPage, quality: tk('scan.quality', scan.quality) });
}

export function hintWords(hint: IntakeHint): string {
  switch (hint.code) {
    case 'same_person_today':
      return t('hint.same_person_today', {
        code: hint.dossierCode,
        procedure: hint.procedureName,
        at: time(hint.at)
      });
    case 'card_expiring':
      return t('hint.card_expiring', { on: date(hint.on) });
    default: {
      const { code, ...params } = hint;
      return tk('hint', code, params);
    }
  }
}

/** `nữ, sinh 02/09/1994`. */
export function genderBorn(gender: string, bornOn: string): string {
  const parts = [];
  if (gender === 'male' || gender === 'female') parts.push(tk('gender', gender));
  if (bornOn !== '') parts.push(t('person.born', { date: partialDate(bornOn) }));
  return parts.join(', ');
}

export function servingMinutes(since: LocalDateTime, now: LocalDateTime): string {
  return minutesWords(minutesBetween(since, now));
}
