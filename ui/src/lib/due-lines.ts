// The explanation of a due date as lines to read: one a day, runs of like days folded into one.

import { dayMonth } from './format';
import type { DueStep } from './host/types';
import { t, tk } from './i18n/index.svelte';
import { weekdayName } from './words';

export interface DueLine {
  label: string;
  note: string;
  tone: 'plain' | 'skipped' | 'counted';
}

/** Working days up to this many are shown one by one. */
const WORKING_RUN_SHOWN_WHOLE = 3;

const SKIPPED = ['weekend', 'holiday', 'compensatory_off', 'swap_off'];

/** The run of steps of one kind and one reason that begins at `from`. */
function runAt(steps: DueStep[], from: number): DueStep[] {
  const first = steps[from];
  if (!first) return [];
  let end = from + 1;
  while (steps[end]?.kind === first.kind && steps[end]?.why === first.why) end += 1;
  const run = steps.slice(from, end);
  if (SKIPPED.includes(first.kind)) return run;
  return first.kind === 'working_day' && run.length > WORKING_RUN_SHOWN_WHOLE ? run : [first];
}

/** `28–29/11` within a month, `30/11–04/12` across two. */
function span(first: DueStep, last: DueStep): string {
  const sameMonth = first.date.slice(0, 7) === last.date.slice(0, 7);
  return `${sameMonth ? first.date.slice(8, 10) : dayMonth(first.date)}–${dayMonth(last.date)}`;
}

function skippedLine(first: DueStep, last: DueStep): DueLine {
  const single = first === last;
  const day = single ? dayMonth(first.date) : span(first, last);
  const weekend = single ? weekdayName(first.date) : t('due.weekend');
  const note = first.kind === 'weekend' ? weekend : first.why || tk('due.kind', first.kind);
  return { label: t('due.step.skipped', { day }), note, tone: 'skipped' };
}

function line(first: DueStep, last: DueStep): DueLine {
  if (SKIPPED.includes(first.kind)) return skippedLine(first, last);
  if (first !== last) {
    const ordinals = { from: first.ordinal ?? 0, to: last.ordinal ?? 0 };
    return { label: t('due.step.run', ordinals), note: span(first, last), tone: 'counted' };
  }
  const label = tk('due.step', first.kind, { day: dayMonth(first.date), n: first.ordinal ?? 0 });
  const tone = first.kind.startsWith('received') ? 'plain' : 'counted';
  return { label, note: first.why || weekdayName(first.date), tone };
}

export function dueLines(steps: DueStep[]): DueLine[] {
  const lines: DueLine[] = [];
  for (let index = 0; index < steps.length;) {
    const run = runAt(steps, index);
    const [first] = run;
    const last = run.at(-1);
    if (first && last) lines.push(line(first, last));
    index += Math.max(1, run.length);
  }
  return lines;
}
