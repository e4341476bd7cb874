// Lamps of the desk, devices, the practice panel's faults and outages.

import type {
  DeviceChip,
  DeviceDetail,
  DeviceState,
  HealthNote,
  Lamp,
  LampName,
  PracticeFault,
  PracticeView,
  StatusView
} from '../types';
import { lamp, sendCopies } from './dossiers';
import { PRACTICE_CARDS } from './people';
import { PRACTICE_SCANS } from './scans';
import { must, type FakeDevice, type World } from './world';

const TEST_MS = 1200;

const STATE_OF: Record<PracticeFault, DeviceState> = {
  paper_low: 'paper_low',
  paper_out: 'paper_out',
  cover_open: 'cover_open',
  unplugged: 'offline',
  paper_out_mid_slip: 'paper_low'
};

function chip(device: FakeDevice): DeviceChip {
  return {
    id: device.id,
    role: device.role,
    name: device.name,
    state: device.fault ? STATE_OF[device.fault] : 'ready',
    paperLeft: device.fault === 'paper_out' ? 0 : device.paperLeft,
    simulated: true
  };
}

/** One lamp over all dossiers: bad wins over waiting, waiting over the newest acknowledgement. */
function overall(world: World, name: LampName): Lamp {
  const all = world.dossiers.map((one) =>
    must(
      one.lamps.find((l) => l.lamp === name),
      { code: 'dossier_not_found' }
    )
  );
  const waiting = all.filter((one) => one.state === 'waiting');
  const bad = all.filter((one) => one.state === 'bad');
  const first = bad[0] ?? waiting[0];
  if (first)
    return {
      ...first,
      count: (bad.length > 0 ? bad : waiting).reduce((sum, one) => sum + Math.max(1, one.count), 0)
    };
  return all[0] ?? lamp(name, { reason: 'nothing_yet' });
}

export function status(world: World): StatusView {
  const saved: Lamp = world.draft
    ? lamp('saved', { state: 'ok', where: 'Máy quầy 3', at: world.draft.savedAt })
    : overall(world, 'saved');
  const printed = world.draft
    ? lamp('printed', { reason: 'nothing_yet' })
    : overall(world, 'printed');
  const lamps = [
    world.diskFull ? lamp('saved', { state: 'bad', reason: 'disk_full', at: world.now() }) : saved,
    world.hubUp
      ? overall(world, 'second_copy')
      : { ...overall(world, 'second_copy'), since: world.hubDownSince },
    printed,
    overall(world, 'province')
  ];
  const health: HealthNote[] = world.keyInFile ? [{ code: 'key_in_file' }] : [];
  return {
    lamps,
    devices: world.devices.map(chip),
    clock: {
      state: world.clockState,
      machineTime: world.clockState === 'trusted' ? world.now() : '2019-01-01T00:07',
      lastTrusted: world.now()
    },
    health,
    now: world.now()
  };
}

export function devices(world: World): DeviceDetail[] {
  return world.devices.map((device) => ({
    ...chip(device),
    connection: device.connection,
    identity: device.identity,
    protocol: device.protocol,
    since: device.faultSince ?? '2026-11-23T06:52',
    detail: '',
    canTest: device.fault !== 'unplugged',
    lastTest: device.lastTest
  }));
}

export function deviceTest(world: World, deviceId: string): void {
  const device = must(
    world.devices.find((one) => one.id === deviceId),
    { code: 'device_not_found' }
  );
  device.lastTest = { at: world.now(), outcome: 'running' };
  world.emit({ kind: 'devices' });
  world.after(TEST_MS, () => {
    device.lastTest = { at: world.now(), outcome: device.fault ? 'failed' : 'passed' };
    world.emit({ kind: 'devices' });
  });
}

export function deviceRetry(world: World, deviceId: string): void {
  const device = must(
    world.devices.find((one) => one.id === deviceId),
    { code: 'device_not_found' }
  );
  device.faultSince = device.fault ? world.now() : null;
  world.emit({ kind: 'devices' }, { kind: 'status' });
}

const FAULTS: Record<FakeDevice['role'], PracticeFault[]> = {
  slip_printer: ['paper_low', 'paper_out', 'cover_open', 'unplugged', 'paper_out_mid_slip'],
  barcode_scanner: ['unplugged'],
  scan_folder: ['unplugged'],
  signature_pad: ['unplugged'],
  hall_display: ['unplugged'],
  line_display: ['unplugged']
};

export function practice(world: World): PracticeView {
  return {
    people: PRACTICE_CARDS.map(({ person }) => person),
    scans: PRACTICE_SCANS.map(({ id, name, pages, quirk }) => ({ id, name, pages, quirk })),
    devices: world.devices.map((device) => ({
      id: device.id,
      role: device.role,
      name: device.name,
      faults: FAULTS[device.role],
      active: device.fault
    })),
    links: { hubUp: world.hubUp, provinceUp: world.provinceUp }
  };
}

export function simFault(world: World, deviceId: string, fault: PracticeFault | null): void {
  const device = must(
    world.devices.find((one) => one.id === deviceId),
    { code: 'device_not_found' }
  );
  device.fault = fault;
  device.faultSince = fault ? world.now() : null;
  world.emit({ kind: 'devices' }, { kind: 'status' }, { kind: 'practice' });
}

export function simNetwork(world: World, link: 'hub' | 'province', up: boolean): void {
  const since = up ? null : world.now();
  if (link === 'hub') Object.assign(world, { hubUp: up, hubDownSince: since });
  else Object.assign(world, { provinceUp: up, provinceDownSince: since });
  if (up) for (const dossier of world.dossiers) sendCopies(world, dossier);
  world.emit({ kind: 'status' }, { kind: 'practice' });
}
