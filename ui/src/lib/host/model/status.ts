// What the machine owes the clerk: the four lamps, the devices, the clock, the health of this node.

import type { Id, LocalDateTime } from './common';

export type LampName = 'saved' | 'second_copy' | 'printed' | 'province';

/** `ok` only on an acknowledgement by the other side; `bad` only when a person must act. */
export type LampState = 'none' | 'waiting' | 'ok' | 'bad';

export type LampReason =
  | 'nothing_yet'
  | 'single_machine'
  | 'link_down'
  | 'refused'
  | 'outcome_unknown'
  | 'paper_out'
  | 'printer_offline'
  | 'no_printer'
  | 'disk_full'
  | 'sending';

export interface Lamp {
  lamp: LampName;
  state: LampState;
  /** Machine, printer or system that acknowledged; empty when none did. */
  where: string;
  /** When it acknowledged, or the last change. */
  at: LocalDateTime | null;
  /** Records still waiting. */
  count: number;
  /** Since when they wait or the link is down. */
  since: LocalDateTime | null;
  reason: LampReason | null;
}

export interface StatusView {
  /** saved, second copy, printed, province: always four, in this order. */
  lamps: Lamp[];
  devices: DeviceChip[];
  clock: ClockView;
  health: HealthNote[];
  now: LocalDateTime;
}

export interface ClockView {
  /** `doubtful` blocks printing a date; `wrong` also says which way. */
  state: 'trusted' | 'doubtful' | 'wrong';
  machineTime: LocalDateTime;
  /** Last time that was sure, for comparison. */
  lastTrusted: LocalDateTime | null;
}

export type HealthNote =
  | { code: 'key_in_file' }
  | { code: 'disk_low'; freeMegabytes: number }
  | { code: 'single_machine' }
  | { code: 'catalogue_needs_decision'; rows: number }
  | { code: 'newer_version_needed'; records: number };

export type DeviceRole =
  | 'slip_printer'
  | 'barcode_scanner'
  | 'scan_folder'
  | 'signature_pad'
  | 'hall_display'
  | 'line_display';

export type DeviceState =
  | 'ready'
  | 'busy'
  | 'paper_low'
  | 'paper_out'
  | 'cover_open'
  | 'offline'
  | 'wrong_device'
  | 'needs_permission'
  | 'fault'
  | 'unknown';

export interface DeviceChip {
  id: Id;
  role: DeviceRole;
  name: string;
  state: DeviceState;
  /** Slips left on the roll, an estimate; null when not known. */
  paperLeft: number | null;
  simulated: boolean;
}

export interface DeviceDetail extends DeviceChip {
  /** e.g. `/dev/ttyUSB0`, `tcp 192.168.1.40:9100`, a folder. */
  connection: string;
  /** Serial number, USB path or folder that identifies it. */
  identity: string;
  protocol: string;
  since: LocalDateTime;
  /** What the device or the system said, for the person who mends it; may be empty. */
  detail: string;
  canTest: boolean;
  lastTest: DeviceTest | null;
}

export interface DeviceTest {
  at: LocalDateTime;
  outcome: 'running' | 'passed' | 'failed' | 'unknown';
}
