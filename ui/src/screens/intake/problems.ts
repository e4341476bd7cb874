// What still stands between this draft and a receipt, in a few words each.

import type { IntakeView } from '$lib/host/types';
import { hasMessage, t, tk } from '$lib/i18n/index.svelte';

export function problemWords(intake: IntakeView): string[] {
  return intake.problems.map(({ field, code }) => {
    const key = `problem.${field}.${code}`;
    if (hasMessage(key)) return t(key);
    const name = `problem.field.${field}`;
    return hasMessage(name) ? t(name) : tk('problem', code);
  });
}
