// The office form as it is filled in, apart from how it looks.

import type { FieldProblem, OfficeDraft, SetupOptions } from '$lib/host/types';

const COUNTERS_AT_START = 3;
const STAFF_AT_START = 5;

/** Three counters and five people, as most communes have; everything can be changed. */
export function emptyDraft(options: SetupOptions): OfficeDraft {
  const groups = spread(
    options.fields.map((field) => field.id),
    COUNTERS_AT_START
  );
  return {
    name: '',
    orgCode: '',
    agencyLine: '',
    province: '',
    address: '',
    phone: '',
    hours: options.hours.map((span) => ({ ...span, weekdays: [...span.weekdays] })),
    counters: groups.map((fieldIds, index) => ({ name: `Quầy ${index + 1}`, fieldIds })),
    staff: Array.from({ length: STAFF_AT_START }, (_, index) => ({
      name: '',
      role: index === 0 ? ('admin' as const) : ('clerk' as const),
      pin: ''
    })),
    catalogueId: options.catalogues[0]?.id ?? ''
  };
}

function spread(ids: string[], groups: number): string[][] {
  const each = Math.ceil(ids.length / groups);
  return Array.from({ length: groups }, (_, index) => ids.slice(index * each, (index + 1) * each));
}

/** Lines of staff that were left wholly empty are not people. */
export function withoutEmptyStaff(draft: OfficeDraft): OfficeDraft {
  return { ...draft, staff: draft.staff.filter((one) => one.name.trim() !== '' || one.pin !== '') };
}

/** `Trung tâm Phục vụ hành chính công xã Bản Mây` → `UBND XÃ BẢN MÂY`, as papers carry it. */
export function agencyLineOf(name: string): string {
  const place = /\b(xã|phường|đặc khu)\s+.+$/iu.exec(name.normalize('NFC'))?.[0];
  return place ? `UBND ${place.toLocaleUpperCase('vi')}` : '';
}

export function problemAt(problems: FieldProblem[], field: string): FieldProblem | undefined {
  return problems.find((problem) => problem.field === field);
}
