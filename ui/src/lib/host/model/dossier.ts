// One dossier as it stands, its history and its papers; and the results of a search.

import type { Channel, Id, LocalDate, LocalDateTime, ResultMethod, Vnd } from './common';
import type { AttachedScan, DossierState, DueView } from './intake';
import type { Lamp } from './status';

export interface DossierView {
  id: Id;
  /** e.g. `H56.6.17-261123-0042`. */
  code: string;
  state: DossierState;
  /** Received while the province had not acknowledged: legal, but provisional until it does. */
  provisional: boolean;
  ownerName: string;
  ownerIdNumber: string;
  ownerBornOn: string;
  ownerPhone: string;
  ownerAddress: string;
  /** Who handed it in when not the owner; empty otherwise. */
  submitterName: string;
  procedureCode: string;
  procedureName: string;
  fieldName: string;
  caseName: string;
  channel: Channel;
  receivedAt: LocalDateTime;
  receivedBy: string;
  counterNumber: number;
  due: DueView;
  dueState: 'on_time' | 'due_today' | 'late' | 'closed';
  resultMethod: ResultMethod;
  resultAddress: string;
  feeTotal: Vnd;
  feeName: string;
  setCount: number;
  /** saved, second copy, printed, province: always four, in this order. */
  lamps: Lamp[];
  timeline: TimelineEntry[];
  papers: DossierPaper[];
  signatureImageId: Id | null;
  signedAt: LocalDateTime | null;
  prints: PrintJob[];
  actions: DossierAction[];
  note: string;
}

export interface DossierPaper {
  id: Id;
  name: string;
  originals: number;
  certified: number;
  photos: number;
  presentOnly: boolean;
  scans: AttachedScan[];
  reusedFrom: string;
}

export type TimelineKind =
  | 'received'
  | 'signed'
  | 'form_made'
  | 'print_sent'
  | 'print_confirmed'
  | 'print_unknown'
  | 'print_failed'
  | 'print_answered_out'
  | 'print_answered_not_out'
  | 'reprint_asked'
  | 'copied'
  | 'province_sent'
  | 'province_accepted'
  | 'province_refused'
  | 'province_unknown'
  | 'corrected'
  | 'other';

export interface TimelineEntry {
  id: Id;
  at: LocalDateTime;
  kind: TimelineKind;
  /** Person or machine that did it. */
  who: string;
  /** Machine or counter, e.g. `Quầy 3`. */
  where: string;
  /** Free words that belong to it: printer, reason, number given by the province; may be empty. */
  detail: string;
}

export type PrintDocument = 'slip' | 'form_01' | 'ticket' | 'test_page';

export interface PrintJob {
  id: Id;
  document: PrintDocument;
  state: 'queued' | 'sending' | 'sent' | 'confirmed' | 'unknown' | 'failed' | 'abandoned';
  /** 1 is the original; 2 and more are marked as reprints. */
  copy: number;
  /** Reason of a reprint; empty for the original. */
  reason: string;
  at: LocalDateTime;
  printerName: string;
  /** Device fault that stopped it, when known. */
  fault: string;
}

export type DossierActionKind = 'print_slip' | 'reprint_slip' | 'open_form' | 'answer_print';

export interface DossierAction {
  kind: DossierActionKind;
  allowed: boolean;
  /** Why not, when it is not; the screen makes the sentence. */
  refusal: ActionRefusal | null;
}

export type ActionRefusal =
  'no_original_yet' | 'print_in_progress' | 'no_printer' | 'clock_doubtful' | 'no_right';

export type ReprintReason = 'lost' | 'damaged' | 'not_readable' | 'asked_by_citizen' | 'other';

/** The form as a file on this machine, opened with the system's viewer. */
export interface OpenedForm {
  path: string;
  opened: boolean;
}

export interface SearchView {
  query: string;
  hits: SearchHit[];
  /** All that match; `hits` is at most the first page. */
  total: number;
}

export interface SearchHit {
  dossierId: Id;
  code: string;
  ownerName: string;
  ownerBornOn: string;
  procedureName: string;
  receivedAt: LocalDateTime;
  dueOn: LocalDate;
  state: DossierState;
  dueState: DossierView['dueState'];
  matched: 'code' | 'name' | 'id_number' | 'phone' | 'qr';
}
