// Everything a command can answer instead of a result. The sentence is made by the screen from `code`.

import type { FieldProblem, Id, LocalDate, LocalDateTime } from './common';

export type ApiError =
  | { code: 'not_signed_in' }
  | { code: 'wrong_pin'; triesLeft: number }
  | { code: 'staff_locked'; until: LocalDateTime }
  | { code: 'counter_taken'; counter: number; by: string }
  | { code: 'not_allowed'; legalBasis: string }
  | { code: 'invalid_input'; problems: FieldProblem[] }
  | { code: 'queue_empty' }
  | { code: 'ticket_unknown'; label: string }
  | { code: 'ticket_taken'; label: string; counter: number }
  | { code: 'ticket_closed'; label: string }
  | { code: 'no_current_ticket' }
  | { code: 'counter_busy'; label: string }
  | { code: 'card_unreadable' }
  | { code: 'card_incomplete'; fields: number }
  | { code: 'card_garbled' }
  | { code: 'card_old_number' }
  | { code: 'card_field_invalid'; field: 'idNumber' | 'fullName' | 'bornOn' | 'issuedOn' }
  | { code: 'procedure_unknown'; procedure: string }
  | { code: 'procedure_not_yet'; procedure: string; from: LocalDate }
  | { code: 'procedure_expired'; procedure: string; to: LocalDate }
  | { code: 'no_intake' }
  | { code: 'intake_incomplete'; problems: FieldProblem[] }
  | { code: 'nothing_to_undo' }
  | { code: 'scan_empty'; fileName: string }
  | { code: 'scan_growing'; fileName: string }
  | { code: 'scan_too_large'; fileName: string; sizeBytes: number; limitBytes: number }
  | { code: 'scan_unsupported'; fileName: string }
  | { code: 'scan_unreadable'; fileName: string }
  | { code: 'scan_gone' }
  | { code: 'printer_paper_out'; printer: string; dossierCode: string }
  | { code: 'printer_cover_open'; printer: string; dossierCode: string }
  | { code: 'printer_offline'; printer: string; dossierCode: string }
  | { code: 'print_unknown'; printer: string; dossierCode: string; jobId: Id }
  | { code: 'no_printer' }
  | { code: 'reprint_reason_missing' }
  | { code: 'print_answered_already' }
  | { code: 'signature_empty' }
  | { code: 'signature_pad_lost'; device: string }
  | { code: 'disk_full' }
  | { code: 'storage_failed'; traceId: string }
  | { code: 'clock_wrong'; machineTime: LocalDateTime; lastTrusted: LocalDateTime }
  | { code: 'numbers_exhausted'; date: LocalDate }
  | { code: 'hub_failed'; status: number }
  | { code: 'hub_unreachable' }
  | { code: 'hub_foreign' }
  | { code: 'province_refused'; dossierCode: string; reason: string }
  | { code: 'province_unknown'; dossierCode: string }
  | { code: 'dossier_not_found' }
  | { code: 'device_not_found' }
  | { code: 'device_busy'; device: string }
  | { code: 'device_failed'; device: string; detail: string }
  | { code: 'catalogue_unreadable'; row: number }
  | { code: 'practice_only' }
  | { code: 'internal'; traceId: string };

export type ApiErrorCode = ApiError['code'];
