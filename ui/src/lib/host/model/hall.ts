// The hall display; the hub serves the same shape as JSON at `GET /v1/hall`.

import type { LocalDateTime } from './common';

export interface HallView {
  officeName: string;
  now: LocalDateTime;
  /** Newest first; the first is the one on display, the next four are the last calls. */
  calls: HallCall[];
  waits: HallWait[];
  notice: string;
  /** Results that wait to be collected today. */
  resultsToday: number;
}

export interface HallCall {
  /** Grows with each call; a repeated call has a new number. */
  seq: number;
  label: string;
  counterNumber: number;
  calledAt: LocalDateTime;
}

export interface HallWait {
  fieldName: string;
  waiting: number;
  /** Honest range; both null when it cannot be told. */
  minMinutes: number | null;
  maxMinutes: number | null;
}
