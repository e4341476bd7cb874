// Practice mode: invented citizens, simulated devices and outages.

import type { Id } from './common';
import type { DeviceRole } from './status';

export interface PracticeView {
  people: PracticePerson[];
  scans: PracticeScan[];
  devices: PracticeDevice[];
  links: PracticeLinks;
}

export interface PracticePerson {
  index: number;
  name: string;
  bornOn: string;
  /** What is particular: `''` for an ordinary card. */
  quirk: '' | 'old_number' | 'garbled' | 'nfd' | 'new_card' | 'unreadable';
}

export interface PracticeScan {
  id: Id;
  name: string;
  pages: number;
  quirk: '' | 'empty' | 'growing' | 'too_large' | 'blurred';
}

export interface PracticeDevice {
  id: Id;
  role: DeviceRole;
  name: string;
  faults: PracticeFault[];
  active: PracticeFault | null;
}

export type PracticeFault =
  'paper_low' | 'paper_out' | 'cover_open' | 'unplugged' | 'paper_out_mid_slip';

export interface PracticeLinks {
  hubUp: boolean;
  provinceUp: boolean;
}
