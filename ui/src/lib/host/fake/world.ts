// The state behind the in-browser stand-in, its clock and its event list. No screen knows it.

import { addMinutes } from '../../dates';
import {
  HostError,
  type ApiError,
  type Appearance,
  type CounterView,
  type DeviceRole,
  type DeviceTest,
  type DossierView,
  type HallCall,
  type HostEvent,
  type Id,
  type IntakeView,
  type LocalDateTime,
  type OfficeView,
  type PracticeFault,
  type PriorityReason,
  type ScanItem,
  type SessionView,
  type SignRequest,
  type StaffView,
  type Stage,
  type UndoStep
} from '../types';

export interface FakeStaff extends StaffView {
  pin: string;
  triesLeft: number;
}

export interface FakeTicket {
  id: Id;
  label: string;
  fieldId: Id;
  purpose: string;
  issuedAt: LocalDateTime;
  priority: PriorityReason | null;
  state: 'waiting' | 'called' | 'serving' | 'held' | 'done';
  calls: number;
  calledAt: LocalDateTime | null;
  servingSince: LocalDateTime | null;
  heldUntil: LocalDateTime | null;
}

export interface FakeScan extends ScanItem {
  title: string;
  /** Address of a picture given by the user; drawn when absent. */
  url: string | null;
  attachedTo: Id | null;
}

export interface FakeDevice {
  id: Id;
  role: DeviceRole;
  name: string;
  connection: string;
  identity: string;
  protocol: string;
  paperLeft: number | null;
  fault: PracticeFault | null;
  faultSince: LocalDateTime | null;
  lastTest: DeviceTest | null;
}

export interface UndoRecord {
  step: UndoStep;
  before: IntakeView;
}

export interface WorldOptions {
  startsAt: LocalDateTime;
  /** The clock stands still: for pictures. */
  frozen: boolean;
  /** Multiplies every simulated delay; 0 answers at once. */
  pace: number;
}

export const OPEN_TRIES = 5;

export class World {
  stage: Stage = 'first_run';
  practice = false;
  office: OfficeView | null = null;
  staff: FakeStaff[] = [];
  counters: CounterView[] = [];
  counterFields = new Map<Id, Id[]>();
  session: SessionView | null = null;
  appearance: Appearance = { theme: 'system', scalePercent: 100, language: 'vi' };
  recovered: { personName: string; procedureName: string; savedAt: LocalDateTime } | null = null;

  tickets: FakeTicket[] = [];
  calls: HallCall[] = [];
  callSeq = 0;
  heldLongestMinutes = 10;

  draft: IntakeView | null = null;
  undo: UndoRecord[] = [];
  scans: FakeScan[] = [];
  sign: SignRequest | null = null;
  images = new Map<Id, string>();

  dossiers: DossierView[] = [];
  sequence = 41;

  devices: FakeDevice[] = [];
  hubUp = true;
  provinceUp = true;
  provinceDownSince: LocalDateTime | null = null;
  hubDownSince: LocalDateTime | null = null;
  keyInFile = false;
  clockState: 'trusted' | 'doubtful' | 'wrong' = 'trusted';
  diskFull = false;

  private readonly handlers = new Set<(event: HostEvent) => void>();
  private nextId = 1;
  private readonly startedMs = Date.now();

  constructor(readonly options: WorldOptions) {}

  id(prefix: string): Id {
    this.nextId += 1;
    return `${prefix}-${this.nextId}`;
  }

  now(): LocalDateTime {
    const base = this.options.startsAt;
    if (this.options.frozen) return base;
    const elapsed = Math.floor((Date.now() - this.startedMs) / 1000);
    const seconds = Number(base.slice(17, 19) || '0') + elapsed;
    const moved = addMinutes(base.slice(0, 16), Math.floor(seconds / 60));
    return `${moved}:${String(seconds % 60).padStart(2, '0')}`;
  }

  after(ms: number, act: () => void): void {
    if (this.options.pace === 0) act();
    else setTimeout(act, ms * this.options.pace);
  }

  subscribe(handler: (event: HostEvent) => void): () => void {
    this.handlers.add(handler);
    return () => this.handlers.delete(handler);
  }

  emit(...events: HostEvent[]): void {
    for (const event of events) for (const handler of this.handlers) handler(event);
  }

  notice(error: ApiError): void {
    this.emit({ kind: 'notice', error });
  }

  device(role: FakeDevice['role']): FakeDevice | undefined {
    return this.devices.find((device) => device.role === role);
  }
}

export function refuse(error: ApiError): never {
  throw new HostError(error);
}

export function must<T>(value: T | null | undefined, error: ApiError): T {
  return value ?? refuse(error);
}
