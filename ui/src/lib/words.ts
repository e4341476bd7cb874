// Short phrases built from view models: lamps, devices, due steps, waits. Pure apart from the language.

import { minutesBetween, weekday } from './dates';
import { date, dateTime, money, partialDate, shortDateTime, time } from './format';
import type {
  AttachedScan,
  DeviceChip,
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
  const h = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? t('time.hours', { h })
    : t('time.hours_minutes', { h, m: minutes % 60 });
}

export function limitWords(limit: TimeLimit): string {
  return tk('limit', limit.unit, { n: limit.value });
}

export interface LampWords {
  /** Enough by itself. */
  short: string;
  /** Follows where there is room; begins with its own punctuation or space. */
  more: string;
}

/** The lamp's own words in the bottom bar. */
export function lampWords(lamp: Lamp, now: LocalDateTime): LampWords {
  const name = tk('lamp', lamp.lamp);
  switch (lamp.state) {
    case 'ok': {
      const place = lamp.lamp === 'second_copy' && lamp.where !== '';
      const more = place ? t('lamp.second_copy.at', { where: lamp.where }) : '';
      return { short: tk('lamp', `${lamp.lamp}.ok`), more };
    }
    case 'waiting':
      return {
        short: t('lamp.waiting', { name, n: Math.max(1, lamp.count) }),
        more: waitingMore(lamp, now)
      };
    case 'bad':
      // A person must act: never shortened.
      return {
        short: lamp.reason
          ? `${name}: ${tk('lamp.reason', lamp.reason)}`
          : tk('lamp', `${lamp.lamp}.bad`),
        more: ''
      };
    case 'none':
      return { short: tk('lamp', `${lamp.lamp}.none`), more: '' };
  }
}

function waitingMore(lamp: Lamp, now: LocalDateTime): string {
  if (lamp.reason === 'link_down' && lamp.since) {
    return t('lamp.waiting.link_down', { since: shortDateTime(lamp.since, now) });
  }
  return t(lamp.reason === 'sending' ? 'lamp.waiting.sending' : 'lamp.waiting.plain');
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
