// One intake: everything the middle pane shows, and every change it can ask for.

import type {
  Channel,
  FieldProblem,
  Gender,
  Id,
  LocalDate,
  LocalDateTime,
  PartialDate,
  ResultMethod,
  TimeLimit,
  Vnd
} from './common';

export interface IntakeView {
  id: Id;
  ticketLabel: string | null;
  startedAt: LocalDateTime;
  /** When the last change reached the disk of this machine. */
  savedAt: LocalDateTime;
  /** Grows with each saved change. */
  revision: number;
  person: PersonView;
  /** Present when someone else hands the dossier in. */
  submitter: SubmitterView | null;
  /** Where a card just read differs from what was known; the clerk takes or leaves each. */
  differences: PersonDifference[];
  procedure: ChosenProcedure | null;
  papers: PaperRow[];
  /** Number of identical sets handed in. */
  setCount: number;
  fee: FeeView;
  resultMethod: ResultMethod;
  /** Where to post the result; empty unless `resultMethod` is `post`. */
  resultAddress: string;
  due: DueView | null;
  /** Why there is no due date yet; null when there is one. */
  dueProblem: DueProblem | null;
  signature: SignatureView;
  /** Advice while typing; never stops anything. */
  hints: IntakeHint[];
  /** What still stands between this draft and a receipt; empty when it can be received. */
  problems: FieldProblem[];
  earlier: EarlierDossier[];
  reusable: ReusablePaper[];
  note: string;
  /** The last change that can be taken back, or null. */
  undo: UndoStep | null;
}

export type PersonField =
  'fullName' | 'idNumber' | 'oldIdNumber' | 'bornOn' | 'gender' | 'address' | 'phone' | 'email';

/** Where a value comes from, so that the clerk knows what to check. */
export interface Sourced {
  value: string;
  source: 'none' | 'card' | 'typed' | 'record';
  at: LocalDateTime | null;
}

export interface PersonView {
  fullName: Sourced;
  idNumber: Sourced;
  oldIdNumber: Sourced;
  /** `value` is a `PartialDate`. */
  bornOn: Sourced;
  /** `value` is a `Gender` or empty. */
  gender: Sourced;
  address: Sourced;
  phone: Sourced;
  email: Sourced;
  /** Set when the person was read from a card. */
  cardReadAt: LocalDateTime | null;
  cardIssuedOn: LocalDate | null;
}

export interface SubmitterView {
  fullName: string;
  idNumber: string;
  phone: string;
  /** Paper that lets them act, e.g. `Giấy ủy quyền ngày 20/11/2026`. */
  authority: string;
}

export interface PersonDifference {
  field: PersonField;
  kept: string;
  offered: string;
}

export interface ProcedureHit {
  code: string;
  name: string;
  fieldName: string;
  limit: TimeLimit | null;
  force: 'in_force' | 'not_yet' | 'expired';
  /** The date the force begins or ended, for `not_yet` and `expired`. */
  forceDate: LocalDate | null;
  /** Among those this office takes most often. */
  common: boolean;
}

export interface ChosenProcedure {
  code: string;
  name: string;
  fieldName: string;
  /** Decision that publishes it, e.g. `1872/QĐ-BTP`. */
  decision: string;
  effectiveFrom: LocalDate | null;
  channel: Channel;
  channels: ChannelOption[];
  caseId: Id;
  cases: CaseOption[];
}

export interface ChannelOption {
  channel: Channel;
  /** The catalogue has a row for it in the chosen case. */
  available: boolean;
}

export interface CaseOption {
  id: Id;
  name: string;
}

export interface PaperRow {
  id: Id;
  name: string;
  /** Form number, e.g. `TP/HT-2025-TKKS`; empty when there is none. */
  formCode: string;
  /** Needed in every case, or only when `condition` holds. */
  required: boolean;
  condition: string;
  /** Shown to the clerk and handed back, not kept. */
  presentOnly: boolean;
  /** Added by the clerk, not in the catalogue. */
  added: boolean;
  checked: boolean;
  originals: number;
  certified: number;
  photos: number;
  expectedOriginals: number;
  expectedCertified: number;
  expectedPhotos: number;
  scans: AttachedScan[];
  /** Taken from the citizen's store instead of a new paper; empty when it is not. */
  reusedFrom: string;
}

/** What a look at the pages found; `unknown` until looked at. */
export type ScanQuality = 'unknown' | 'clear' | 'blurred' | 'blank' | 'upside_down' | 'cut';

export interface AttachedScan {
  id: Id;
  fileName: string;
  pages: number;
  sizeBytes: number;
  quality: ScanQuality;
  /** The page that `quality` speaks of, from 1; null for all. */
  qualityPage: number | null;
  attachedAt: LocalDateTime;
}

export interface ScanItem {
  id: Id;
  fileName: string;
  pages: number;
  sizeBytes: number;
  receivedAt: LocalDateTime;
  origin: 'folder' | 'dropped' | 'practice';
  /** `receiving` while the file still grows. */
  state: 'receiving' | 'ready' | 'refused';
  /** Why it was refused; null unless `state` is `refused`. */
  refusal: ScanRefusal | null;
  quality: ScanQuality;
  qualityPage: number | null;
}

export type ScanRefusal = 'empty' | 'too_large' | 'unsupported' | 'unreadable';

export interface FeeView {
  lines: FeeLine[];
  total: Vnd;
  /** `undecided`: the catalogue states no amount and a person must. */
  state: 'free' | 'amount' | 'undecided';
  exemptions: FeeExemption[];
  exemptionId: Id | null;
}

export interface FeeLine {
  id: Id;
  name: string;
  /** lệ phí or phí. */
  kind: 'fee' | 'charge';
  unitPrice: Vnd;
  /** What one unit is, e.g. `bản`, `trang`; empty when there is one only. */
  unitName: string;
  quantity: number;
  amount: Vnd;
  legalBasis: string;
}

export interface FeeExemption {
  id: Id;
  name: string;
  legalBasis: string;
}

export interface DueView {
  receivedAt: LocalDateTime;
  dueAt: LocalDateTime;
  limit: TimeLimit;
  /** In date order: every day counted, skipped or moved, and why. */
  steps: DueStep[];
  /** e.g. `BLDS Điều 147–148`. */
  legalBasis: string;
  /** e.g. `lịch 2026, bản 3`. */
  calendarName: string;
}

export type DueStepKind =
  | 'received'
  | 'received_after_hours'
  | 'received_after_cutoff'
  | 'weekend'
  | 'holiday'
  | 'compensatory_off'
  | 'swap_off'
  | 'make_up_day'
  | 'working_day'
  | 'calendar_day'
  | 'hour'
  | 'month'
  | 'moved';

export interface DueStep {
  date: LocalDate;
  kind: DueStepKind;
  /** Name of the holiday or of the rule; may be empty. */
  why: string;
  /** The how-many-th counted unit this is; null when the day is not counted. */
  ordinal: number | null;
}

export type DueProblem = 'no_procedure' | 'no_limit' | 'unit_undecided' | 'clock_doubtful';

export interface SignatureView {
  /** `asking`: the citizen is being asked on `device`. */
  state: 'none' | 'asking' | 'signed';
  via: SignatureVia | null;
  deviceName: string;
  signedAt: LocalDateTime | null;
  /** Picture of the finished signature. */
  imageId: Id | null;
  /** A signature made before a later change no longer covers the record. */
  stale: boolean;
}

export type SignatureVia = 'pad' | 'canvas';

/** What the citizen is asked to sign. */
export interface SignRequest {
  requestId: Id;
  via: SignatureVia;
  deviceName: string;
  /** The words that are signed, one paragraph each. */
  statement: string[];
  /** Width of the signing area divided by its height. */
  aspectRatio: number;
}

/** One pen point; `x`, `y` and `pressure` from 0 to 1, `tMs` from the first touch. */
export interface InkPoint {
  x: number;
  y: number;
  pressure: number;
  tMs: number;
}

export interface InkStroke {
  points: InkPoint[];
}

export type IntakeHint =
  | { code: 'id_number_length'; digits: number }
  | { code: 'id_number_birth_year'; year: number }
  | { code: 'id_number_gender' }
  | { code: 'id_number_province' }
  | { code: 'old_id_number'; number: string }
  | { code: 'name_all_capitals' }
  | { code: 'phone_shape' }
  | { code: 'same_person_today'; dossierCode: string; procedureName: string; at: LocalDateTime }
  | { code: 'same_person_other_name'; name: string }
  | { code: 'under_age'; age: number }
  | { code: 'card_expiring'; on: LocalDate };

export interface EarlierDossier {
  dossierId: Id;
  code: string;
  procedureName: string;
  receivedAt: LocalDateTime;
  state: DossierState;
  /** When the present state began. */
  stateAt: LocalDateTime;
}

export interface ReusablePaper {
  id: Id;
  name: string;
  issuer: string;
  dated: LocalDate;
  /** The row of this intake it would fill; null when none fits. */
  paperId: Id | null;
}

/** States of a dossier, after the national list. */
export type DossierState =
  | 'received'
  | 'awaiting_supplement'
  | 'processing'
  | 'awaiting_obligation'
  | 'decided'
  | 'returned'
  | 'refused'
  | 'withdrawn'
  | 'stopped';

export interface UndoStep {
  kind: IntakePatch['kind'];
  at: LocalDateTime;
}

export type PaperCount = 'originals' | 'certified' | 'photos';

/** One change; each is saved at once and can be undone alone. */
export type IntakePatch =
  | { kind: 'person'; field: PersonField; value: string }
  | { kind: 'take_difference'; field: PersonField; take: boolean }
  | { kind: 'submitter'; submitter: SubmitterView | null }
  | { kind: 'procedure'; code: string | null }
  | { kind: 'channel'; channel: Channel }
  | { kind: 'case'; caseId: Id }
  | { kind: 'set_count'; count: number }
  | { kind: 'paper_checked'; paperId: Id; checked: boolean }
  | { kind: 'paper_count'; paperId: Id; which: PaperCount; count: number }
  | { kind: 'paper_added'; name: string }
  | { kind: 'paper_removed'; paperId: Id }
  | { kind: 'paper_reused'; paperId: Id; reusableId: Id | null }
  | { kind: 'fee_quantity'; lineId: Id; quantity: number }
  | { kind: 'fee_amount'; amount: Vnd }
  | { kind: 'fee_exemption'; exemptionId: Id | null }
  | { kind: 'result_method'; method: ResultMethod }
  | { kind: 'result_address'; address: string }
  | { kind: 'note'; note: string };

export interface Received {
  dossierId: Id;
  code: string;
  ownerName: string;
  dueAt: LocalDateTime;
  /** The print job of the slip, or null when no slip printer is known. */
  printJobId: Id | null;
}

export type { Gender, PartialDate };
