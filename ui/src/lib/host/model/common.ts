// Plain values that every view model shares. No `Date`, no class: what crosses the border is data.

/** Local time of the office, to the minute or the second: `2026-11-23T09:15` or `2026-11-23T09:15:30`. */
export type LocalDateTime = string;

/** Local date of the office: `2026-11-23`. */
export type LocalDate = string;

/** Wall-clock time of the office: `07:00`. */
export type LocalTime = string;

/** A date that may be partial, as civil status allows: `1990`, `1990-02` or `1990-02-01`; empty when unknown. */
export type PartialDate = string;

/** Vietnamese dong, whole. */
export type Vnd = number;

/** Opaque identity; compared, never parsed. */
export type Id = string;

/** How a dossier comes in. */
export type Channel = 'direct' | 'post' | 'online';

/** How the result goes back. */
export type ResultMethod = 'counter' | 'post' | 'online';

export type LimitUnit = 'working_day' | 'day' | 'hour' | 'month';

/** A time limit as the catalogue states it. */
export interface TimeLimit {
  value: number;
  unit: LimitUnit;
}

export type Gender = 'male' | 'female' | 'unknown';

/** Why a ticket goes before others; the sentence is made by the screen. */
export type PriorityReason =
  'elderly' | 'pregnant' | 'disabled' | 'merit' | 'young_child' | 'seriously_ill';

/** One problem with one field of a form; the sentence is made by the screen from `code`. */
export interface FieldProblem {
  /** Path of the field, e.g. `fullName` or `staff.2.pin`. */
  field: string;
  code: FieldProblemCode;
}

export type FieldProblemCode =
  | 'required'
  | 'too_short'
  | 'too_long'
  | 'bad_format'
  | 'bad_date'
  | 'in_future'
  | 'duplicate'
  | 'hours_overlap'
  | 'no_admin'
  | 'no_field'
  | 'papers_missing'
  | 'fee_undecided'
  | 'due_undecided'
  | 'not_in_force';

export interface Appearance {
  theme: 'system' | 'light' | 'dark';
  /** Zoom of the window in percent: 100, 110, 125, 150, 175 or 200. */
  scalePercent: number;
  language: 'vi' | 'en';
}
