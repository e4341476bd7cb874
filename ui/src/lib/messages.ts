// From an error's code to the three parts people read: what happened, what is safe, what to do.
// The list of codes is checked by the compiler, their sentences by a test.

import { date, dateTime, fileSize, time } from './format';
import type { ApiError, ApiErrorCode } from './host/types';
import { hasMessage, t, type MessageKey, type MessageParams } from './i18n/index.svelte';

/** `act`: a person must do something now. `wait`: something waits. `note`: a refusal or a fact. */
export type Tone = 'act' | 'wait' | 'note';

export interface Message {
  tone: Tone;
  what: string;
  safe: string;
  todo: string;
  /** Law or rule behind a refusal, in small type; may be empty. */
  basis: string;
}

export const ERROR_TONES = {
  not_signed_in: 'wait',
  wrong_pin: 'wait',
  staff_locked: 'act',
  counter_taken: 'wait',
  not_allowed: 'note',
  invalid_input: 'wait',
  queue_empty: 'note',
  ticket_unknown: 'note',
  ticket_taken: 'note',
  ticket_closed: 'note',
  no_current_ticket: 'note',
  counter_busy: 'note',
  card_unreadable: 'wait',
  card_incomplete: 'wait',
  card_garbled: 'wait',
  card_old_number: 'wait',
  card_field_invalid: 'wait',
  procedure_unknown: 'note',
  procedure_not_yet: 'note',
  procedure_expired: 'note',
  no_intake: 'note',
  intake_incomplete: 'wait',
  nothing_to_undo: 'note',
  scan_empty: 'wait',
  scan_growing: 'note',
  scan_too_large: 'wait',
  scan_unsupported: 'wait',
  scan_unreadable: 'wait',
  scan_gone: 'note',
  printer_paper_out: 'act',
  printer_cover_open: 'act',
  printer_offline: 'act',
  print_unknown: 'act',
  no_printer: 'act',
  reprint_reason_missing: 'wait',
  print_answered_already: 'note',
  signature_empty: 'wait',
  signature_pad_lost: 'wait',
  disk_full: 'act',
  storage_failed: 'act',
  clock_wrong: 'act',
  numbers_exhausted: 'act',
  hub_failed: 'wait',
  hub_unreachable: 'wait',
  hub_foreign: 'act',
  province_refused: 'act',
  province_unknown: 'wait',
  dossier_not_found: 'note',
  device_not_found: 'note',
  device_busy: 'note',
  device_failed: 'act',
  catalogue_unreadable: 'wait',
  practice_only: 'note',
  internal: 'act'
} as const satisfies Record<ApiErrorCode, Tone>;

export const ERROR_CODES = Object.keys(ERROR_TONES) as ApiErrorCode[];

/** What stands in the places of an error's sentences, already in Vietnamese form. */
function paramsOf(error: ApiError): MessageParams {
  switch (error.code) {
    case 'staff_locked':
      return { until: time(error.until) };
    case 'procedure_not_yet':
      return { procedure: error.procedure, from: date(error.from) };
    case 'procedure_expired':
      return { procedure: error.procedure, to: date(error.to) };
    case 'scan_too_large':
      return {
        fileName: error.fileName,
        size: fileSize(error.sizeBytes),
        limit: fileSize(error.limitBytes)
      };
    case 'clock_wrong':
      return { machineTime: dateTime(error.machineTime), lastTrusted: dateTime(error.lastTrusted) };
    case 'numbers_exhausted':
      return { date: date(error.date) };
    case 'card_field_invalid':
      return { field: t(`field.${error.field}` as MessageKey) };
    case 'intake_incomplete':
    case 'invalid_input':
      return { count: error.problems.length };
    default: {
      const { code: _code, ...rest } = error;
      return rest as MessageParams;
    }
  }
}

function part(
  error: ApiError,
  name: 'what' | 'safe' | 'do' | 'basis',
  params: MessageParams
): string {
  const key = `error.${error.code}.${name}`;
  return hasMessage(key) ? t(key, params) : '';
}

export function messageOf(error: ApiError): Message {
  const params = paramsOf(error);
  return {
    tone: ERROR_TONES[error.code] ?? 'act',
    what: part(error, 'what', params),
    safe: part(error, 'safe', params),
    todo: part(error, 'do', params),
    basis: error.code === 'not_allowed' ? error.legalBasis : part(error, 'basis', params)
  };
}
