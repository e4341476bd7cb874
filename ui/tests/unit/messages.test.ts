import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../../messages/en.json';
import vi from '../../messages/vi.json';
import type {
  Channel,
  DeviceRole,
  DeviceState,
  DossierState,
  DueProblem,
  DueStepKind,
  FieldProblemCode,
  HealthNote,
  IntakeHint,
  IntakePatch,
  LampReason,
  LimitUnit,
  PracticeFault,
  PrintDocument,
  PrintJob,
  PriorityReason,
  ReprintReason,
  ResultMethod,
  ScanItem,
  ScanQuality,
  ScanRefusal,
  StaffRole,
  TimelineKind
} from '$lib/host/types';
import { fill } from '$lib/i18n/index.svelte';
import { ERROR_CODES, messageOf } from '$lib/messages';

const VI: Record<string, string> = vi;
const EN: Record<string, string> = en;
const places = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort();

describe('two languages, one list', () => {
  test('both have the same keys', () => {
    expect(Object.keys(EN).sort()).toEqual(Object.keys(VI).sort());
  });
  test('each has the same places in both', () => {
    const unlike = Object.keys(VI).filter(
      (key) =>
        [...new Set(places(EN[key] ?? ''))].join() !== [...new Set(places(VI[key] ?? ''))].join()
    );
    expect(unlike).toEqual([]);
  });
  test('Vietnamese is composed (NFC), so that it is found and drawn alike', () => {
    for (const text of Object.values(VI)) expect(text).toBe(text.normalize('NFC'));
  });
  test('no button says OK, no sentence shouts or ends in three dots', () => {
    for (const [key, text] of Object.entries(VI)) {
      expect(text, key).not.toMatch(/\bOK\b|!/);
      if (!key.endsWith('placeholder')) expect(text, key).not.toMatch(/(\.\.\.|…)$/);
    }
  });
});

describe('every error has three parts, in words a colleague would use', () => {
  test.each(ERROR_CODES)('%s: what happened, what is safe, what to do', (code) => {
    for (const part of ['what', 'safe', 'do']) {
      expect(VI[`error.${code}.${part}`], part).toMatch(/\S.*\.$/);
      expect(EN[`error.${code}.${part}`], part).toMatch(/\S.*\.$/);
    }
  });
  test('no sentence is written for a code that does not exist', () => {
    const written = Object.keys(VI)
      .filter((key) => key.startsWith('error.'))
      .map((key) => key.split('.')[1]);
    expect([...new Set(written)].sort()).toEqual([...ERROR_CODES].sort());
  });
  test('places are filled in Vietnamese form', () => {
    const large = messageOf({
      code: 'scan_too_large',
      fileName: 'quet-0007.pdf',
      sizeBytes: 209_715_200,
      limitBytes: 104_857_600
    });
    expect(large.what).toBe('Tệp quet-0007.pdf nặng 200,0 MB, quá 100,0 MB.');
    const early = messageOf({
      code: 'procedure_not_yet',
      procedure: 'Khai sinh lưu động',
      from: '2027-01-01'
    });
    expect(early.what).toContain('01/01/2027');
    expect(early.basis).not.toBe('');
    expect(messageOf({ code: 'not_allowed', legalBasis: 'NĐ 61/2018 Điều 15' }).basis).toBe(
      'NĐ 61/2018 Điều 15'
    );
  });
  test('a message is at most three lines on the narrowest pane (about 95 letters a line)', () => {
    for (const code of ERROR_CODES) {
      for (const part of ['what', 'safe', 'do']) {
        expect((VI[`error.${code}.${part}`] ?? '').length, `${code}.${part}`).toBeLessThanOrEqual(
          130
        );
      }
    }
  });
});

/** Fails to compile when a code is added below and forgotten here. */
const all = <T extends string>(codes: Record<T, true>) => Object.keys(codes) as T[];

const FAMILIES: Record<string, string[]> = {
  channel: all<Channel>({ direct: true, post: true, online: true }),
  result: all<ResultMethod>({ counter: true, post: true, online: true }),
  'result.summary': all<ResultMethod>({ counter: true, post: true, online: true }),
  limit: all<LimitUnit>({ working_day: true, day: true, hour: true, month: true }),
  role: all<StaffRole>({ clerk: true, supervisor: true, admin: true }),
  priority: all<PriorityReason>({
    elderly: true,
    pregnant: true,
    disabled: true,
    merit: true,
    young_child: true,
    seriously_ill: true
  }),
  problem: all<FieldProblemCode>({
    required: true,
    too_short: true,
    too_long: true,
    bad_format: true,
    bad_date: true,
    in_future: true,
    duplicate: true,
    hours_overlap: true,
    no_admin: true,
    no_field: true,
    papers_missing: true,
    fee_undecided: true,
    due_undecided: true,
    not_in_force: true
  }),
  state: all<DossierState>({
    received: true,
    awaiting_supplement: true,
    processing: true,
    awaiting_obligation: true,
    decided: true,
    returned: true,
    refused: true,
    withdrawn: true,
    stopped: true
  }),
  'due.problem': all<DueProblem>({
    no_procedure: true,
    no_limit: true,
    unit_undecided: true,
    clock_doubtful: true
  }),
  'due.problem.words': all<DueProblem>({
    no_procedure: true,
    no_limit: true,
    unit_undecided: true,
    clock_doubtful: true
  }),
  'lamp.reason': all<LampReason>({
    nothing_yet: true,
    single_machine: true,
    link_down: true,
    refused: true,
    outcome_unknown: true,
    paper_out: true,
    printer_offline: true,
    no_printer: true,
    disk_full: true,
    sending: true
  }),
  'device.role': all<DeviceRole>({
    slip_printer: true,
    barcode_scanner: true,
    scan_folder: true,
    signature_pad: true,
    hall_display: true,
    line_display: true
  }),
  'device.test': all<DeviceRole>({
    slip_printer: true,
    barcode_scanner: true,
    scan_folder: true,
    signature_pad: true,
    hall_display: true,
    line_display: true
  }),
  'device.state': all<DeviceState>({
    ready: true,
    busy: true,
    paper_low: true,
    paper_out: true,
    cover_open: true,
    offline: true,
    wrong_device: true,
    needs_permission: true,
    fault: true,
    unknown: true
  }),
  'device.advice': all<DeviceState>({
    ready: true,
    busy: true,
    paper_low: true,
    paper_out: true,
    cover_open: true,
    offline: true,
    wrong_device: true,
    needs_permission: true,
    fault: true,
    unknown: true
  }),
  health: all<HealthNote['code']>({
    key_in_file: true,
    disk_low: true,
    single_machine: true,
    catalogue_needs_decision: true,
    newer_version_needed: true
  }),
  hint: all<IntakeHint['code']>({
    id_number_length: true,
    id_number_birth_year: true,
    id_number_gender: true,
    id_number_province: true,
    old_id_number: true,
    name_all_capitals: true,
    phone_shape: true,
    same_person_today: true,
    same_person_other_name: true,
    under_age: true,
    card_expiring: true
  }),
  undo: all<IntakePatch['kind']>({
    person: true,
    take_difference: true,
    submitter: true,
    procedure: true,
    channel: true,
    case: true,
    set_count: true,
    paper_checked: true,
    paper_count: true,
    paper_added: true,
    paper_removed: true,
    paper_reused: true,
    fee_quantity: true,
    fee_amount: true,
    fee_exemption: true,
    result_method: true,
    result_address: true,
    note: true
  }),
  'scan.quality': all<Exclude<ScanQuality, 'unknown' | 'clear'>>({
    blurred: true,
    blank: true,
    upside_down: true,
    cut: true
  }),
  'scan.refusal': all<ScanRefusal>({
    empty: true,
    too_large: true,
    unsupported: true,
    unreadable: true
  }),
  'scan.state': all<ScanItem['state']>({ receiving: true, ready: true, refused: true }),
  'scan.origin': all<ScanItem['origin']>({ folder: true, dropped: true, practice: true }),
  'print.document': all<PrintDocument>({
    slip: true,
    form_01: true,
    ticket: true,
    test_page: true
  }),
  'print.state': all<PrintJob['state']>({
    queued: true,
    sending: true,
    sent: true,
    confirmed: true,
    unknown: true,
    failed: true,
    abandoned: true
  }),
  'reprint.reason': all<ReprintReason>({
    lost: true,
    damaged: true,
    not_readable: true,
    asked_by_citizen: true,
    other: true
  }),
  timeline: all<TimelineKind>({
    received: true,
    signed: true,
    form_made: true,
    print_sent: true,
    print_confirmed: true,
    print_unknown: true,
    print_failed: true,
    print_answered_out: true,
    print_answered_not_out: true,
    reprint_asked: true,
    copied: true,
    province_sent: true,
    province_accepted: true,
    province_refused: true,
    province_unknown: true,
    corrected: true,
    other: true
  }),
  'practice.fault': all<PracticeFault>({
    paper_low: true,
    paper_out: true,
    cover_open: true,
    unplugged: true,
    paper_out_mid_slip: true
  }),
  'due.step': all<Exclude<DueStepKind, 'weekend' | 'holiday' | 'compensatory_off' | 'swap_off'>>({
    received: true,
    received_after_hours: true,
    received_after_cutoff: true,
    make_up_day: true,
    working_day: true,
    calendar_day: true,
    hour: true,
    month: true,
    moved: true
  })
};

describe('every code that can arrive has its words', () => {
  test.each(Object.entries(FAMILIES))('%s', (family, codes) => {
    expect(codes.filter((code) => VI[`${family}.${code}`] === undefined)).toEqual([]);
  });
  test('life line and lamps: four lamps, four states', () => {
    for (const lamp of ['saved', 'second_copy', 'printed', 'province']) {
      for (const state of ['ok', 'none', 'waiting', 'bad'])
        expect(VI).toHaveProperty([`life.${lamp}.${state}`]);
      for (const part of ['ok', 'none', 'bad', 'meaning'])
        expect(VI).toHaveProperty([`lamp.${lamp}.${part}`]);
    }
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

test('no message is written that nothing shows', () => {
  const text = sources(join(process.cwd(), 'src')).join('\n');
  const said = new Set([...text.matchAll(/'([a-z_A-Z]+(?:\.[\w]+)+)'/g)].map((match) => match[1]));
  const prefixes = [...text.matchAll(/\btk\(\s*'([\w.]+)'/g)].map((match) => `${match[1]}.`);
  prefixes.push('error.', 'setup.', 'field.', 'papers.', 'problem.', 'device.advice.', 'sign.');
  const silent = Object.keys(VI).filter(
    (key) => !said.has(key) && !prefixes.some((prefix) => key.startsWith(prefix))
  );
  expect(silent).toEqual([]);
});

test('a word that follows a count is chosen by it', () => {
  expect(fill('{n} {n#person|people}', { n: 1 })).toBe('1 person');
  expect(fill('{n} {n#person|people}', { n: 3 })).toBe('3 people');
  expect(fill('{missing}', {})).toBe('{missing}');
});
