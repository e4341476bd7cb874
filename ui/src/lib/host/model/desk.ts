// The queue as one counter sees it.

import type { Id, LocalDateTime, PriorityReason } from './common';
import type { CounterView, FieldView } from './office';

export interface DeskView {
  counter: CounterView;
  /** Fields this office serves: for issuing a ticket by hand. */
  fields: FieldView[];
  ticket: CurrentTicket | null;
  /** In the order in which they will be called; the first is next. */
  waiting: WaitingTicket[];
  held: HeldTicket[];
  hall: HallTotals;
  /** What the rules allow now; the rules live below the screen. */
  can: DeskRights;
  now: LocalDateTime;
}

export interface DeskRights {
  callNext: boolean;
  callAgain: boolean;
  noShow: boolean;
  finish: boolean;
}

export interface CurrentTicket {
  id: Id;
  /** As shown in the hall, e.g. `A027`. */
  label: string;
  fieldName: string;
  state: 'called' | 'serving';
  calledAt: LocalDateTime;
  /** How many times it was called, 1 or more. */
  calls: number;
  servingSince: LocalDateTime | null;
  priority: PriorityReason | null;
}

export interface WaitingTicket {
  id: Id;
  label: string;
  fieldName: string;
  /** What the person came for, when known; empty otherwise. */
  purpose: string;
  issuedAt: LocalDateTime;
  waitMinutes: number;
  /** Over the office's threshold. */
  longWait: boolean;
  priority: PriorityReason | null;
}

export interface HeldTicket {
  id: Id;
  label: string;
  fieldName: string;
  calls: number;
  heldUntil: LocalDateTime;
}

export interface HallTotals {
  waiting: number;
  longestWaitMinutes: number;
  openCounters: number[];
}

export interface IssuedTicket {
  id: Id;
  label: string;
  fieldName: string;
  aheadOfYou: number;
}
