// The office, its people and its first run.

import type { Appearance, Id, LocalDate, LocalDateTime, LocalTime } from './common';

export type Stage = 'first_run' | 'signed_out' | 'signed_in' | 'locked';

/** What the window needs to decide which screen to show; asked at start and after each `session` event. */
export interface AppState {
  stage: Stage;
  /** Practice data: every screen wears the TẬP HUẤN ribbon and nothing leaves the machine. */
  practice: boolean;
  office: OfficeView | null;
  staff: StaffView[];
  counters: CounterView[];
  session: SessionView | null;
  now: LocalDateTime;
  /** Minutes without a key or pointer after which the screen locks itself. */
  lockAfterMinutes: number;
  appearance: Appearance;
  version: string;
  /** A draft that was open when the program last ended without closing it. */
  recoveredDraft: RecoveredDraft | null;
}

export interface RecoveredDraft {
  personName: string;
  procedureName: string;
  savedAt: LocalDateTime;
}

export interface OfficeView {
  name: string;
  /** Organisation code, e.g. `H56.6.17`. */
  orgCode: string;
  /** Agency line above the name on papers, e.g. `UBND XÃ BẢN MÂY`. */
  agencyLine: string;
  province: string;
}

export type StaffRole = 'clerk' | 'supervisor' | 'admin';

export interface StaffView {
  id: Id;
  name: string;
  role: StaffRole;
  /** Set while five wrong tries hold the account. */
  lockedUntil: LocalDateTime | null;
  /** The counter this person used last on this machine. */
  lastCounterId: Id | null;
}

export interface CounterView {
  id: Id;
  number: number;
  name: string;
  fieldNames: string[];
  /** Who is signed in there now on another machine, if anyone. */
  takenBy: string | null;
}

export interface SessionView {
  staffId: Id;
  staffName: string;
  role: StaffRole;
  counterId: Id;
  counterNumber: number;
  counterName: string;
  since: LocalDateTime;
}

/** A field of procedures (lĩnh vực) with its queue letter. */
export interface FieldView {
  id: Id;
  name: string;
  /** Letter of its tickets, e.g. `A`. */
  letter: string;
}

/** What the first-run form offers. */
export interface SetupOptions {
  fields: FieldView[];
  catalogues: CatalogueChoice[];
  hours: OpeningSpan[];
  minPinLength: number;
}

export interface CatalogueChoice {
  id: Id;
  name: string;
  procedures: number;
  /** Rows that a person must decide before they can be used, e.g. a missing unit. */
  needsDecision: number;
  rejected: number;
  effectiveFrom: LocalDate | null;
}

/** One stretch of opening hours; weekdays are 1 (Monday) to 7 (Sunday). */
export interface OpeningSpan {
  weekdays: number[];
  opens: LocalTime;
  closes: LocalTime;
}

export interface OfficeDraft {
  name: string;
  orgCode: string;
  agencyLine: string;
  province: string;
  address: string;
  phone: string;
  hours: OpeningSpan[];
  counters: CounterDraft[];
  staff: StaffDraft[];
  catalogueId: Id;
}

export interface CounterDraft {
  name: string;
  fieldIds: Id[];
}

export interface StaffDraft {
  name: string;
  role: StaffRole;
  pin: string;
}
