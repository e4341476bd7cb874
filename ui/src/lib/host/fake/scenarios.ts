// Named beginnings: one for each picture we look at and each journey we test.

import { addMinutes } from '../../dates';
import { receive } from './dossiers';
import * as intake from './intake';
import { PEOPLE, cardTextOf } from './people';
import { simFault, simNetwork } from './machine';
import { callNext } from './queue';
import { arrive, attach } from './scans';
import {
  COUNTERS,
  deviceList,
  fieldNamesOf,
  OFFICE,
  queueList,
  record,
  recordList,
  staffList,
  ticket
} from './seed';
import { practiceStrokes } from './pictures';
import * as signing from './signing';
import { must, type World } from './world';

export const SCENARIOS = [
  'first-run',
  'sign-in',
  'sign-in-held',
  'desk',
  'called',
  'empty',
  'full',
  'manual',
  'intake',
  'ready',
  'long',
  'failing',
  'received',
  'doubt',
  'locked'
] as const;

export type ScenarioName = (typeof SCENARIOS)[number];

/** The practice office, signed out, with a morning's queue and yesterday's dossiers. */
export function seedPractice(world: World): void {
  world.practice = true;
  world.office = OFFICE;
  world.staff = staffList();
  world.counters = COUNTERS.map(({ fieldIds, ...counter }) => ({
    ...counter,
    fieldNames: fieldNamesOf(fieldIds)
  }));
  world.counterFields = new Map(COUNTERS.map((counter) => [counter.id, counter.fieldIds]));
  world.devices = deviceList();
  world.tickets = queueList(world.now().slice(0, 16));
  world.dossiers = recordList(world);
  const call = (seq: number, label: string, counterNumber: number, ago: number) => ({
    seq,
    label,
    counterNumber,
    calledAt: addMinutes(world.now().slice(0, 16), -ago)
  });
  world.calls = [
    call(27, 'A027', 3, 4),
    call(26, 'B014', 1, 6),
    call(25, 'A026', 2, 9),
    call(24, 'C006', 2, 12),
    call(23, 'A025', 3, 14)
  ];
  world.callSeq = 27;
}

function signedIn(world: World): void {
  seedPractice(world);
  world.session = {
    staffId: 'staff-mai',
    staffName: 'Lò Thị Mai',
    role: 'clerk',
    counterId: 'counter-3',
    counterNumber: 3,
    counterName: 'Hộ tịch, chứng thực',
    since: '2026-11-23T06:55'
  };
  world.stage = 'signed_in';
}

function read(world: World, index: number): void {
  intake.cardText(world, cardTextOf(must(PEOPLE[index], { code: 'card_unreadable' })));
}

/** The draft of the picture: birth registration, two papers in, the third blurred. */
function birthDraft(world: World): void {
  read(world, 0);
  intake.patch(world, { kind: 'procedure', code: '1.001193' });
  intake.patch(world, { kind: 'paper_checked', paperId: 'paper-0', checked: true });
  arrive(world, 'to-khai');
  attach(world, 'paper-0', must(world.scans[0], { code: 'scan_gone' }).id);
  intake.patch(world, { kind: 'paper_checked', paperId: 'paper-1', checked: true });
  intake.patch(world, { kind: 'paper_reused', paperId: 'paper-1', reusableId: 'reuse-0' });
}

function sign(world: World): void {
  signing.begin(world, 'pad');
  signing.submit(world, practiceStrokes());
}

function drawnIntake(world: World): void {
  signedIn(world);
  birthDraft(world);
  arrive(world, 'mo');
  const blurred = must(world.scans.at(-1), { code: 'scan_gone' });
  attach(world, 'paper-2', blurred.id);
  intake.patch(world, { kind: 'paper_checked', paperId: 'paper-2', checked: false });
  intake.patch(world, { kind: 'paper_count', paperId: 'paper-2', which: 'photos', count: 0 });
  arrive(world, 'giay-to');
  arrive(world, 'to-khai');
  intake.patch(world, { kind: 'note', note: 'Gia đình cần người phiên dịch tiếng Mông.' });
}

function twelveWaitForProvince(world: World): void {
  simNetwork(world, 'province', false);
  world.provinceDownSince = '2026-11-23T08:40';
  for (const dossier of world.dossiers.slice(0, 1)) {
    dossier.lamps = dossier.lamps.map((one) =>
      one.lamp === 'province'
        ? {
            ...one,
            state: 'waiting',
            where: '',
            at: null,
            count: 12,
            since: '2026-11-23T08:40',
            reason: 'link_down'
          }
        : one
    );
  }
}

function longNames(world: World): void {
  signedIn(world);
  world.session = {
    ...must(world.session, { code: 'not_signed_in' }),
    staffName: 'Hoàng Nguyễn Phương Quỳnh Như Thảo Uyên'
  };
  intake.start(world);
  intake.patch(world, {
    kind: 'person',
    field: 'fullName',
    value: 'HOÀNG N. P. QUỲNH NHƯ THẢO UYÊN'
  });
  intake.patch(world, { kind: 'person', field: 'address', value: 'Tổ 3, thị trấn Mường Khoai' });
  read(world, 3);
  intake.patch(world, { kind: 'procedure', code: '1.013225' });
  intake.patch(world, { kind: 'paper_checked', paperId: 'paper-0', checked: true });
  intake.patch(world, {
    kind: 'paper_added',
    name: 'Bản sao Quyết định phê duyệt chủ trương đầu tư và điều chỉnh quy hoạch chi tiết điểm dân cư nông thôn bản Nà Ngần, kèm bản đồ tỷ lệ 1/500'
  });
  for (let index = 0; index < 5; index += 1) arrive(world, index % 2 === 0 ? 'to-khai' : 'giay-to');
  arrive(world, 'dang-ghi');
  arrive(world, 'rong');
  for (const [label, purpose] of [
    ['A034', 'Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh cho con thứ hai và thứ ba'],
    ['A035', 'Liên thông khai sinh, thường trú, bảo hiểm y tế']
  ] as const) {
    world.tickets.push(ticket(world.now().slice(0, 16), [label, 'ho-tich', purpose, 0]));
  }
}

function crowd(world: World): void {
  signedIn(world);
  const now = world.now().slice(0, 16);
  for (let number = 40; number < 66; number += 1) {
    world.tickets.push(
      ticket(now, [
        `A0${number}`,
        number % 3 === 0 ? 'chung-thuc' : 'ho-tich',
        number % 3 === 0 ? 'Chứng thực bản sao' : 'Trích lục hộ tịch',
        (66 - number) * 3
      ])
    );
  }
  for (let number = 37; number > 0; number -= 1) {
    world.dossiers.push(
      record(world, {
        code: `H56.6.17-261123-${String(number).padStart(4, '0')}`,
        ownerName: must(PEOPLE[number % PEOPLE.length], { code: 'card_unreadable' }).fullName,
        idNumber: must(PEOPLE[number % PEOPLE.length], { code: 'card_unreadable' }).idNumber,
        procedure: ['2.000815', 'Chứng thực bản sao từ bản chính', 'Chứng thực'],
        at: `2026-11-23T0${7 + (number % 2)}:${String(10 + number).padStart(2, '0')}`
      })
    );
  }
}

function failing(world: World): void {
  signedIn(world);
  birthDraft(world);
  simFault(world, 'printer', 'paper_out');
  simFault(world, 'barcode', 'unplugged');
  simFault(world, 'pad', 'unplugged');
  simNetwork(world, 'hub', false);
  world.hubDownSince = '2026-11-23T08:12';
  twelveWaitForProvince(world);
  world.dossiers.slice(0, 4).forEach((dossier) => {
    dossier.lamps = dossier.lamps.map((one) =>
      one.lamp === 'second_copy'
        ? {
            ...one,
            state: 'waiting',
            where: '',
            at: null,
            count: 4,
            since: '2026-11-23T08:12',
            reason: 'link_down'
          }
        : one
    );
  });
  world.keyInFile = true;
  world.clockState = 'doubtful';
  intake.settle(world);
}

function received(world: World, doubt: boolean): void {
  signedIn(world);
  birthDraft(world);
  arrive(world, 'giay-to');
  attach(world, 'paper-2', must(world.scans.at(-1), { code: 'scan_gone' }).id);
  sign(world);
  if (doubt) simFault(world, 'printer', 'paper_out_mid_slip');
  receive(world);
  if (doubt) simFault(world, 'printer', 'paper_out');
}

const BEGIN: Record<ScenarioName, (world: World) => void> = {
  'first-run': () => undefined,
  'sign-in': (world) => {
    seedPractice(world);
    world.stage = 'signed_out';
  },
  'sign-in-held': (world) => {
    seedPractice(world);
    world.stage = 'signed_out';
    world.recovered = {
      personName: 'Lò Thị Ẳm',
      procedureName: 'Đăng ký khai tử',
      savedAt: '2026-11-22T16:58'
    };
    const held = world.staff[2];
    if (held) held.lockedUntil = '2026-11-23T09:19';
  },
  desk: signedIn,
  called: (world) => {
    signedIn(world);
    callNext(world);
  },
  empty: (world) => {
    signedIn(world);
    Object.assign(world, { tickets: [], dossiers: [], calls: [] });
  },
  full: crowd,
  manual: (world) => {
    signedIn(world);
    intake.start(world);
  },
  intake: (world) => {
    drawnIntake(world);
    twelveWaitForProvince(world);
    simFault(world, 'led', 'unplugged');
  },
  ready: (world) => {
    signedIn(world);
    birthDraft(world);
    arrive(world, 'giay-to');
    attach(world, 'paper-2', must(world.scans.at(-1), { code: 'scan_gone' }).id);
    sign(world);
  },
  long: longNames,
  failing,
  received: (world) => received(world, false),
  doubt: (world) => received(world, true),
  locked: (world) => {
    signedIn(world);
    birthDraft(world);
    world.stage = 'locked';
  }
};

/** With `pace` 0 every delay of a scenario has already passed when it is shown. */
export function applyScenario(world: World, name: ScenarioName): void {
  BEGIN[name](world);
}
