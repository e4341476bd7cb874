// First run, signing in and out, the lock.

import { addMinutes } from '../../dates';
import type { AppState, CatalogueChoice, FieldProblem, OfficeDraft, SetupOptions } from '../types';
import { FIELDS, PROCEDURES } from './catalogue';
import { seedPractice } from './scenarios';
import { must, OPEN_TRIES, refuse, type World } from './world';

const LOCK_AFTER_MINUTES = 15;
const HOLD_MINUTES = 5;
const MIN_PIN_LENGTH = 4;

export function appState(world: World): AppState {
  return {
    stage: world.stage,
    practice: world.practice,
    office: world.office,
    staff: world.staff.map(({ pin: _pin, triesLeft: _tries, ...staff }) => ({ ...staff })),
    counters: world.counters,
    session: world.session,
    now: world.now(),
    lockAfterMinutes: LOCK_AFTER_MINUTES,
    appearance: world.appearance,
    version: '0.1.0',
    recoveredDraft: world.recovered
  };
}

export function startPractice(world: World): AppState {
  seedPractice(world);
  world.stage = 'signed_out';
  world.emit({ kind: 'session' });
  return appState(world);
}

export function setupOptions(): SetupOptions {
  const weekdays = [1, 2, 3, 4, 5];
  return {
    fields: FIELDS,
    catalogues: [
      {
        id: 'practice',
        name: 'Danh mục cấp xã kèm theo',
        procedures: PROCEDURES.length,
        needsDecision: 1,
        rejected: 0,
        effectiveFrom: '2026-07-01'
      }
    ],
    hours: [
      { weekdays, opens: '07:00', closes: '11:30' },
      { weekdays, opens: '13:30', closes: '17:00' }
    ],
    minPinLength: MIN_PIN_LENGTH
  };
}

export function previewCatalogue(fileName: string, text: string): CatalogueChoice {
  const rows = text.split('\n').filter((row) => row.trim() !== '');
  rows.forEach((row, index) => {
    try {
      JSON.parse(row);
    } catch {
      refuse({ code: 'catalogue_unreadable', row: index + 1 });
    }
  });
  if (rows.length === 0) refuse({ code: 'catalogue_unreadable', row: 1 });
  const undecided = rows.filter((row) => row.includes('"unit": null')).length;
  return {
    id: `file:${fileName}`,
    name: fileName,
    procedures: rows.length,
    needsDecision: undecided,
    rejected: 0,
    effectiveFrom: null
  };
}

function officeProblems(draft: OfficeDraft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (field: string, code: FieldProblem['code']) => problems.push({ field, code });
  if (draft.name.trim() === '') add('name', 'required');
  if (draft.orgCode.trim() === '') add('orgCode', 'required');
  else if (!/^[A-Y]\d{2}(\.[0-9A-Z]+)*$/.test(draft.orgCode.trim())) add('orgCode', 'bad_format');
  draft.hours.forEach((span, index) => {
    const clock = /^\d{2}:\d{2}$/;
    if (!clock.test(span.opens) || !clock.test(span.closes) || span.opens >= span.closes)
      add(`hours.${index}`, 'bad_format');
  });
  draft.counters.forEach((counter, index) => {
    if (counter.name.trim() === '') add(`counters.${index}.name`, 'required');
    if (counter.fieldIds.length === 0) add(`counters.${index}.fields`, 'no_field');
  });
  draft.staff.forEach((staff, index) => {
    if (staff.name.trim() === '') add(`staff.${index}.name`, 'required');
    if (staff.pin.length < MIN_PIN_LENGTH) add(`staff.${index}.pin`, 'too_short');
  });
  if (!draft.staff.some((staff) => staff.role === 'admin')) add('staff', 'no_admin');
  return problems;
}

export function createOffice(world: World, draft: OfficeDraft): AppState {
  const problems = officeProblems(draft);
  if (problems.length > 0) refuse({ code: 'invalid_input', problems });
  seedPractice(world);
  Object.assign(world, { practice: false, tickets: [], dossiers: [], calls: [], recovered: null });
  world.office = {
    name: draft.name.trim(),
    orgCode: draft.orgCode.trim(),
    agencyLine: draft.agencyLine,
    province: draft.province
  };
  world.staff = draft.staff.map((staff) => ({
    ...staff,
    id: world.id('staff'),
    lockedUntil: null,
    lastCounterId: null,
    triesLeft: OPEN_TRIES
  }));
  world.counters = draft.counters.map((counter, index) => ({
    id: `counter-${index + 1}`,
    number: index + 1,
    name: counter.name,
    fieldNames: FIELDS.filter((field) => counter.fieldIds.includes(field.id)).map((f) => f.name),
    takenBy: null
  }));
  world.counterFields = new Map(
    draft.counters.map((counter, index) => [`counter-${index + 1}`, counter.fieldIds])
  );
  world.stage = 'signed_out';
  world.emit({ kind: 'session' });
  return appState(world);
}

function checkPin(world: World, staffId: string, pin: string) {
  const staff = must(
    world.staff.find((person) => person.id === staffId),
    { code: 'not_signed_in' }
  );
  if (staff.lockedUntil !== null && staff.lockedUntil > world.now()) {
    refuse({ code: 'staff_locked', until: staff.lockedUntil });
  }
  if (staff.pin === pin) {
    staff.triesLeft = OPEN_TRIES;
    staff.lockedUntil = null;
    return staff;
  }
  staff.triesLeft -= 1;
  if (staff.triesLeft > 0) return refuse({ code: 'wrong_pin', triesLeft: staff.triesLeft });
  staff.lockedUntil = addMinutes(world.now(), HOLD_MINUTES);
  staff.triesLeft = OPEN_TRIES;
  world.emit({ kind: 'session' });
  return refuse({ code: 'staff_locked', until: staff.lockedUntil });
}

export function signIn(world: World, staffId: string, pin: string, counterId: string): AppState {
  const staff = checkPin(world, staffId, pin);
  const counter = must(
    world.counters.find((one) => one.id === counterId),
    { code: 'not_signed_in' }
  );
  if (counter.takenBy)
    refuse({ code: 'counter_taken', counter: counter.number, by: counter.takenBy });
  staff.lastCounterId = counter.id;
  world.session = {
    staffId: staff.id,
    staffName: staff.name,
    role: staff.role,
    counterId: counter.id,
    counterNumber: counter.number,
    counterName: counter.name,
    since: world.now()
  };
  world.stage = 'signed_in';
  return appState(world);
}

export function signOut(world: World): AppState {
  world.session = null;
  world.stage = 'signed_out';
  return appState(world);
}

export function lock(world: World): AppState {
  if (world.session) world.stage = 'locked';
  return appState(world);
}

export function unlock(world: World, pin: string): AppState {
  const session = must(world.session, { code: 'not_signed_in' });
  checkPin(world, session.staffId, pin);
  world.stage = 'signed_in';
  return appState(world);
}
