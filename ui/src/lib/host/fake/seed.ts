// The invented office: xã Bản Mây, its people, counters, devices, queue and past dossiers.

import { addMinutes } from '../../dates';
import type { DossierState, DossierView, LocalDateTime, PriorityReason } from '../types';
import { lamp } from './dossiers';
import { dueOf } from './due';
import { OPEN_TRIES, type FakeDevice, type FakeStaff, type FakeTicket, type World } from './world';

export const OFFICE = {
  name: 'Trung tâm Phục vụ hành chính công xã Bản Mây',
  orgCode: 'H56.6.17',
  agencyLine: 'UBND XÃ BẢN MÂY',
  province: 'Sơn Vân'
};

const STAFF: [string, string, FakeStaff['role'], string, string | null][] = [
  ['staff-mai', 'Lò Thị Mai', 'clerk', '2580', 'counter-3'],
  ['staff-un', 'Đặng Ướt', 'clerk', '1470', 'counter-1'],
  ['staff-pa', 'Giàng Thị Pà', 'clerk', '3690', 'counter-2'],
  ['staff-sang', 'Hà Văn Sáng', 'supervisor', '8520', null],
  ['staff-thu', 'Quàng Thị Thu', 'admin', '9630', null]
];

export function staffList(): FakeStaff[] {
  return STAFF.map(([id, name, role, pin, lastCounterId]) => ({
    id,
    name,
    role,
    pin,
    lastCounterId,
    lockedUntil: null,
    triesLeft: OPEN_TRIES
  }));
}

export const COUNTERS = [
  { id: 'counter-1', number: 1, name: 'Hộ tịch', fieldIds: ['ho-tich'], takenBy: 'Đặng Ướt' },
  {
    id: 'counter-2',
    number: 2,
    name: 'Đất đai, bảo trợ, kinh doanh',
    fieldIds: ['dat-dai', 'bao-tro', 'kinh-doanh'],
    takenBy: 'Giàng Thị Pà'
  },
  {
    id: 'counter-3',
    number: 3,
    name: 'Hộ tịch, chứng thực',
    fieldIds: ['ho-tich', 'chung-thuc'],
    takenBy: null
  }
];

const FIELD_NAMES: Record<string, string> = {
  'ho-tich': 'Hộ tịch',
  'chung-thuc': 'Chứng thực',
  'dat-dai': 'Đất đai, xây dựng',
  'bao-tro': 'Bảo trợ, người có công',
  'kinh-doanh': 'Hộ kinh doanh'
};

export function fieldNamesOf(ids: string[]): string[] {
  return ids.map((id) => FIELD_NAMES[id] ?? id);
}

export function deviceList(): FakeDevice[] {
  const device = (
    part: Pick<FakeDevice, 'id' | 'role' | 'name' | 'connection' | 'identity' | 'protocol'> & {
      paperLeft?: number;
    }
  ): FakeDevice => ({
    paperLeft: null,
    fault: null,
    faultSince: null,
    lastTest: null,
    ...part
  });
  return [
    device({
      id: 'printer',
      role: 'slip_printer',
      name: 'Máy in phiếu',
      connection: 'tcp 127.0.0.1:9100',
      identity: 'SIM-ESCPOS-01',
      protocol: 'ESC/POS 80 mm',
      paperLeft: 140
    }),
    device({
      id: 'barcode',
      role: 'barcode_scanner',
      name: 'Máy đọc mã',
      connection: '/dev/pts/4 · 9600 8N1',
      identity: 'SIM-BARCODE-01',
      protocol: 'Nối tiếp, kết thúc CR'
    }),
    device({
      id: 'folder',
      role: 'scan_folder',
      name: 'Thư mục quét',
      connection: 'Bản quét/Quầy 3',
      identity: 'thư mục',
      protocol: 'Theo dõi thư mục'
    }),
    device({
      id: 'pad',
      role: 'signature_pad',
      name: 'Bảng ký',
      connection: 'mô phỏng',
      identity: 'SIM-PAD-01',
      protocol: 'Bảng ký mô phỏng'
    }),
    device({
      id: 'hall',
      role: 'hall_display',
      name: 'Màn hình sảnh',
      connection: 'cửa sổ thứ hai',
      identity: 'HDMI-1',
      protocol: 'Cửa sổ'
    }),
    device({
      id: 'led',
      role: 'line_display',
      name: 'Bảng số',
      connection: '/dev/pts/6 · 9600 8N1',
      identity: 'SIM-LED-01',
      protocol: 'Bảng hai dòng'
    })
  ];
}

type TicketSeed = [
  label: string,
  fieldId: string,
  purpose: string,
  waited: number,
  priority?: PriorityReason
];

const QUEUE: TicketSeed[] = [
  ['A028', 'ho-tich', 'Khai sinh', 3, 'elderly'],
  ['A024', 'chung-thuc', 'Chứng thực bản sao', 21],
  ['A029', 'ho-tich', 'Kết hôn', 12],
  ['A030', 'ho-tich', 'Trích lục hộ tịch', 9],
  ['A031', 'ho-tich', 'Khai sinh, thường trú, BHYT', 6],
  ['A033', 'chung-thuc', 'Chứng thực chữ ký', 1],
  ['B012', 'dat-dai', 'Giấy phép xây dựng', 18],
  ['B013', 'dat-dai', 'Tách thửa', 17],
  ['B014', 'dat-dai', 'Hòa giải đất đai', 11],
  ['C005', 'bao-tro', 'Trợ cấp hằng tháng', 15],
  ['C006', 'bao-tro', 'Xác định khuyết tật', 8],
  ['B015', 'dat-dai', 'Đính chính giấy chứng nhận', 7],
  ['C007', 'bao-tro', 'Mai táng phí', 5],
  ['D002', 'kinh-doanh', 'Thành lập hộ kinh doanh', 4]
];

export function ticket(
  now: LocalDateTime,
  [label, fieldId, purpose, waited, priority]: TicketSeed
): FakeTicket {
  return {
    id: `ticket-${label}`,
    label,
    fieldId,
    purpose,
    issuedAt: addMinutes(now, -waited),
    priority: priority ?? null,
    state: 'waiting',
    calls: 0,
    calledAt: null,
    servingSince: null,
    heldUntil: null
  };
}

export function queueList(now: LocalDateTime): FakeTicket[] {
  return [
    ...QUEUE.map((seed) => ticket(now, seed)),
    {
      ...ticket(now, ['A022', 'ho-tich', 'Trích lục hộ tịch', 32]),
      state: 'held',
      calls: 2,
      heldUntil: '2026-11-23T09:20'
    },
    {
      ...ticket(now, ['A027', 'ho-tich', 'Khai sinh', 16]),
      state: 'serving',
      calls: 1,
      calledAt: addMinutes(now, -4),
      servingSince: addMinutes(now, -4)
    }
  ];
}

export interface RecordSeed {
  code: string;
  ownerName: string;
  idNumber: string;
  phone?: string;
  procedure: [code: string, name: string, field: string];
  at: LocalDateTime;
  state?: DossierState;
  dueState?: DossierView['dueState'];
  limitDays?: number;
}

/** A finished past dossier: every lamp acknowledged. */
export function record(world: World, seed: RecordSeed): DossierView {
  const done = (where: string) => ({ state: 'ok' as const, where, at: addMinutes(seed.at, 1) });
  const paper = {
    originals: 1,
    certified: 0,
    photos: 0,
    presentOnly: false,
    scans: [],
    reusedFrom: ''
  };
  return {
    id: world.id('dossier'),
    code: seed.code,
    state: seed.state ?? 'processing',
    provisional: false,
    ownerName: seed.ownerName,
    ownerIdNumber: seed.idNumber,
    ownerBornOn: '1994-09-02',
    ownerPhone: seed.phone ?? '',
    ownerAddress: 'Bản Nà Cốc, xã Bản Mây, tỉnh Sơn Vân',
    submitterName: '',
    procedureCode: seed.procedure[0],
    procedureName: seed.procedure[1],
    fieldName: seed.procedure[2],
    caseName: 'Đúng hạn',
    channel: 'direct',
    receivedAt: seed.at,
    receivedBy: 'Lò Thị Mai',
    counterNumber: 3,
    due: dueOf(seed.at, { value: seed.limitDays ?? 1, unit: 'working_day' }, false),
    dueState: seed.dueState ?? 'on_time',
    resultMethod: 'counter',
    resultAddress: '',
    feeTotal: 0,
    feeName: '',
    setCount: 1,
    lamps: [
      lamp('saved', done('Máy quầy 3')),
      lamp('second_copy', done('máy quầy 1')),
      lamp('printed', done('Máy in phiếu')),
      lamp('province', done('Hệ thống một cửa tỉnh Sơn Vân'))
    ],
    timeline: [
      {
        id: world.id('event'),
        at: seed.at,
        kind: 'received',
        who: 'Lò Thị Mai',
        where: 'Quầy 3',
        detail: ''
      },
      {
        id: world.id('event'),
        at: seed.at,
        kind: 'print_confirmed',
        who: 'Máy in phiếu',
        where: 'Quầy 3',
        detail: ''
      },
      {
        id: world.id('event'),
        at: addMinutes(seed.at, 1),
        kind: 'copied',
        who: 'Máy quầy 3',
        where: 'Quầy 3',
        detail: 'máy quầy 1'
      },
      {
        id: world.id('event'),
        at: addMinutes(seed.at, 1),
        kind: 'province_accepted',
        who: 'Hệ thống một cửa tỉnh Sơn Vân',
        where: '',
        detail: seed.code
      }
    ],
    papers: [{ id: 'paper-0', name: 'Tờ khai', ...paper }],
    signatureImageId: null,
    signedAt: seed.at,
    prints: [
      {
        id: world.id('job'),
        document: 'slip',
        state: 'confirmed',
        copy: 1,
        reason: '',
        at: seed.at,
        printerName: 'Máy in phiếu',
        fault: ''
      }
    ],
    actions: [],
    note: ''
  };
}

export function recordList(world: World): DossierView[] {
  const copy = ['2.000815', 'Chứng thực bản sao từ bản chính', 'Chứng thực'] as [
    string,
    string,
    string
  ];
  const birth = ['1.001193', 'Đăng ký khai sinh', 'Hộ tịch'] as [string, string, string];
  const wedding = ['1.000894', 'Đăng ký kết hôn', 'Hộ tịch'] as [string, string, string];
  const extract = [
    '2.000635',
    'Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh',
    'Hộ tịch'
  ] as [string, string, string];
  const seeds: RecordSeed[] = [
    {
      code: 'H56.6.17-261123-0041',
      ownerName: 'Vi Thị Ệt',
      idNumber: '038196055512',
      phone: '0977001122',
      procedure: extract,
      at: '2026-11-23T09:02'
    },
    {
      code: 'H56.6.17-261123-0040',
      ownerName: 'Đặng Văn Ướt',
      idNumber: '038088004321',
      phone: '0987654321',
      procedure: copy,
      at: '2026-11-23T08:51',
      state: 'returned',
      dueState: 'closed'
    },
    {
      code: 'H56.6.17-261123-0039',
      ownerName: 'Giàng A Tẩu',
      idNumber: '038079003456',
      phone: '0333444555',
      procedure: wedding,
      at: '2026-11-23T08:37'
    },
    {
      code: 'H56.6.17-261123-0038',
      ownerName: 'Lò Thị Ẳm',
      idNumber: '038155000777',
      procedure: birth,
      at: '2026-11-23T08:15'
    },
    {
      code: 'H56.6.17-261118-0031',
      ownerName: 'Nguyễn Thị Ngọc Ỷ',
      idNumber: '038194012345',
      phone: '0912345678',
      procedure: copy,
      at: '2026-11-18T14:22',
      state: 'returned',
      dueState: 'closed'
    },
    {
      code: 'H56.6.17-261112-0019',
      ownerName: 'Nguyễn Thị Ẩn',
      idNumber: '038190777001',
      phone: '0911222333',
      procedure: birth,
      at: '2026-11-12T10:05',
      dueState: 'late'
    },
    {
      code: 'H56.6.17-250310-0007',
      ownerName: 'Nguyễn Thị Ngọc Ỷ',
      idNumber: '038194012345',
      phone: '0912345678',
      procedure: wedding,
      at: '2025-03-10T08:40',
      state: 'returned',
      dueState: 'closed',
      limitDays: 2
    }
  ];
  return seeds.map((seed) => record(world, seed));
}
