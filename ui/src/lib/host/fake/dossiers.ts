// Receiving, the four acknowledgements, prints and their doubts, the search.

import { digitsOf } from '../../format';
import { fold } from '../../fold';
import type {
  DossierAction,
  DossierView,
  Lamp,
  LampName,
  PrintJob,
  Received,
  ReprintReason,
  SearchHit,
  SearchView,
  TimelineKind
} from '../types';
import { must, refuse, type FakeDevice, type World } from './world';

const COPY_MS = 700;
const PRINT_MS = 900;
const PROVINCE_MS = 1800;
const SEARCH_LIMIT = 50;
const ME = 'Máy quầy 3';
const HUB = 'máy quầy 1';
const PROVINCE = 'Hệ thống một cửa tỉnh Sơn Vân';

const compactDay = (iso: string) => iso.slice(2, 4) + iso.slice(5, 7) + iso.slice(8, 10);

export function lamp(name: LampName, part: Partial<Lamp> = {}): Lamp {
  return {
    lamp: name,
    state: 'none',
    where: '',
    at: null,
    count: 0,
    since: null,
    reason: null,
    ...part
  };
}

export function setLamp(dossier: DossierView, name: LampName, part: Partial<Lamp>): void {
  dossier.lamps = dossier.lamps.map((one) =>
    one.lamp === name ? { ...one, reason: null, ...part } : one
  );
}

export function write(
  world: World,
  dossier: DossierView,
  kind: TimelineKind,
  who: string,
  detail = ''
): void {
  dossier.timeline.push({
    id: world.id('event'),
    at: world.now(),
    kind,
    who,
    where: `Quầy ${world.session?.counterNumber ?? dossier.counterNumber}`,
    detail
  });
}

function changed(world: World, dossier: DossierView): void {
  world.emit({ kind: 'dossier', dossierId: dossier.id }, { kind: 'status' });
}

function build(world: World): DossierView {
  const draft = must(world.draft, { code: 'no_intake' });
  const procedure = must(draft.procedure, { code: 'no_intake' });
  const due = must(draft.due, { code: 'no_intake' });
  world.sequence += 1;
  const code = `${world.office?.orgCode ?? ''}-${compactDay(world.now())}-${String(world.sequence).padStart(4, '0')}`;
  return {
    id: world.id('dossier'),
    code,
    state: 'received',
    provisional: true,
    ownerName: draft.person.fullName.value,
    ownerIdNumber: draft.person.idNumber.value,
    ownerBornOn: draft.person.bornOn.value,
    ownerPhone: draft.person.phone.value,
    ownerAddress: draft.person.address.value,
    submitterName: draft.submitter?.fullName ?? '',
    procedureCode: procedure.code,
    procedureName: procedure.name,
    fieldName: procedure.fieldName,
    caseName: procedure.cases.find((one) => one.id === procedure.caseId)?.name ?? '',
    channel: procedure.channel,
    receivedAt: world.now().slice(0, 16),
    receivedBy: world.session?.staffName ?? '',
    counterNumber: world.session?.counterNumber ?? 0,
    due,
    dueState: 'on_time',
    resultMethod: draft.resultMethod,
    resultAddress: draft.resultAddress,
    feeTotal: draft.fee.total,
    feeName: draft.fee.lines[0]?.name ?? '',
    setCount: draft.setCount,
    lamps: [
      lamp('saved', { state: 'ok', where: ME, at: world.now() }),
      lamp('second_copy'),
      lamp('printed'),
      lamp('province')
    ],
    timeline: [],
    papers: draft.papers
      .filter((paper) => paper.checked)
      .map(({ id, name, originals, certified, photos, presentOnly, scans, reusedFrom }) => ({
        id,
        name,
        originals,
        certified,
        photos,
        presentOnly,
        scans,
        reusedFrom
      })),
    signatureImageId: draft.signature.imageId,
    signedAt: draft.signature.signedAt,
    prints: [],
    actions: [],
    note: draft.note
  };
}

export function receive(world: World): Received {
  const draft = must(world.draft, { code: 'no_intake' });
  if (draft.problems.length > 0) refuse({ code: 'intake_incomplete', problems: draft.problems });
  if (world.diskFull) refuse({ code: 'disk_full' });
  const dossier = build(world);
  world.dossiers.unshift(dossier);
  write(world, dossier, 'received', dossier.receivedBy);
  if (dossier.signedAt)
    write(world, dossier, 'signed', dossier.ownerName, draft.signature.deviceName);
  write(world, dossier, 'form_made', ME);
  world.draft = null;
  const job = sendPrint(world, dossier, '');
  sendCopies(world, dossier);
  world.emit({ kind: 'intake', revision: 0 }, { kind: 'queue' }, { kind: 'status' });
  return {
    dossierId: dossier.id,
    code: dossier.code,
    ownerName: dossier.ownerName,
    dueAt: dossier.due.dueAt,
    printJobId: job?.id ?? null
  };
}

/** Asks the hub and the province for their acknowledgements, as far as the links allow. */
export function sendCopies(world: World, dossier: DossierView): void {
  const state = (name: LampName) => dossier.lamps.find((one) => one.lamp === name)?.state;
  if (state('second_copy') !== 'ok') {
    const since = world.hubDownSince;
    setLamp(dossier, 'second_copy', {
      state: 'waiting',
      count: 1,
      since,
      reason: world.hubUp ? 'sending' : 'link_down'
    });
    if (world.hubUp) world.after(COPY_MS, () => acknowledgeCopy(world, dossier));
  }
  if (state('province') !== 'ok') {
    const up = world.hubUp && world.provinceUp;
    const since = world.provinceDownSince ?? world.hubDownSince;
    setLamp(dossier, 'province', {
      state: 'waiting',
      count: 1,
      since,
      reason: up ? 'sending' : 'link_down'
    });
    if (up) world.after(PROVINCE_MS, () => acknowledgeProvince(world, dossier));
  }
  changed(world, dossier);
}

function acknowledgeCopy(world: World, dossier: DossierView): void {
  if (!world.hubUp) return;
  setLamp(dossier, 'second_copy', {
    state: 'ok',
    where: HUB,
    at: world.now(),
    count: 0,
    since: null
  });
  write(world, dossier, 'copied', ME, HUB);
  changed(world, dossier);
}

function acknowledgeProvince(world: World, dossier: DossierView): void {
  if (!world.hubUp || !world.provinceUp) return;
  setLamp(dossier, 'province', {
    state: 'ok',
    where: PROVINCE,
    at: world.now(),
    count: 0,
    since: null
  });
  dossier.provisional = false;
  write(world, dossier, 'province_accepted', PROVINCE, dossier.code);
  changed(world, dossier);
}

function fault(world: World, dossier: DossierView, job: PrintJob, printer: FakeDevice): boolean {
  const { name } = printer;
  const dossierCode = dossier.code;
  if (
    printer.fault === 'paper_out' ||
    printer.fault === 'cover_open' ||
    printer.fault === 'unplugged'
  ) {
    const reason = printer.fault === 'unplugged' ? 'printer_offline' : 'paper_out';
    job.state = 'failed';
    job.fault = printer.fault;
    setLamp(dossier, 'printed', { state: 'bad', where: name, at: world.now(), reason });
    write(world, dossier, 'print_failed', name, '');
    if (printer.fault === 'paper_out')
      world.notice({ code: 'printer_paper_out', printer: name, dossierCode });
    if (printer.fault === 'cover_open')
      world.notice({ code: 'printer_cover_open', printer: name, dossierCode });
    if (printer.fault === 'unplugged')
      world.notice({ code: 'printer_offline', printer: name, dossierCode });
    return true;
  }
  if (printer.fault === 'paper_out_mid_slip') {
    job.state = 'unknown';
    setLamp(dossier, 'printed', {
      state: 'bad',
      where: name,
      at: world.now(),
      reason: 'outcome_unknown'
    });
    write(world, dossier, 'print_unknown', name, '');
    world.notice({ code: 'print_unknown', printer: name, dossierCode, jobId: job.id });
    return true;
  }
  return false;
}

function sendPrint(world: World, dossier: DossierView, reason: string): PrintJob | null {
  const printer = world.device('slip_printer');
  if (!printer) {
    setLamp(dossier, 'printed', { state: 'bad', reason: 'no_printer' });
    return null;
  }
  const job: PrintJob = {
    id: world.id('job'),
    document: 'slip',
    state: 'sent',
    copy: dossier.prints.filter((one) => one.state === 'confirmed').length + 1,
    reason,
    at: world.now(),
    printerName: printer.name,
    fault: ''
  };
  dossier.prints.unshift(job);
  setLamp(dossier, 'printed', {
    state: 'waiting',
    where: printer.name,
    count: 1,
    since: world.now(),
    reason: 'sending'
  });
  write(world, dossier, 'print_sent', printer.name);
  world.after(PRINT_MS, () => {
    if (!fault(world, dossier, job, printer)) {
      job.state = 'confirmed';
      if (printer.paperLeft !== null) printer.paperLeft -= 1;
      setLamp(dossier, 'printed', {
        state: 'ok',
        where: printer.name,
        at: world.now(),
        count: 0,
        since: null
      });
      write(world, dossier, 'print_confirmed', printer.name);
    }
    changed(world, dossier);
    world.emit({ kind: 'devices' });
  });
  return job;
}

function actionsOf(world: World, dossier: DossierView): DossierAction[] {
  const busy = dossier.prints.some((job) => job.state === 'sent' || job.state === 'sending');
  const doubt = dossier.prints.some((job) => job.state === 'unknown');
  const original = dossier.prints.some((job) => job.state === 'confirmed');
  const blocked = busy ? 'print_in_progress' : world.device('slip_printer') ? null : 'no_printer';
  return [
    { kind: 'answer_print', allowed: doubt, refusal: null },
    { kind: 'print_slip', allowed: !original && !doubt && blocked === null, refusal: blocked },
    {
      kind: 'reprint_slip',
      allowed: original && blocked === null,
      refusal: original ? blocked : 'no_original_yet'
    },
    { kind: 'open_form', allowed: true, refusal: null }
  ];
}

function find(world: World, id: string): DossierView {
  return must(
    world.dossiers.find((one) => one.id === id),
    { code: 'dossier_not_found' }
  );
}

export function view(world: World, id: string): DossierView {
  const dossier = find(world, id);
  return structuredClone({ ...dossier, actions: actionsOf(world, dossier) });
}

export function printSlip(world: World, id: string): DossierView {
  sendPrint(world, find(world, id), '');
  return view(world, id);
}

const REASON_WORDS: Record<ReprintReason, string> = {
  lost: 'Người nộp làm mất',
  damaged: 'Giấy bị rách, ướt',
  not_readable: 'Bản in mờ, không đọc được',
  asked_by_citizen: 'Người nộp xin thêm',
  other: ''
};

export function reprintSlip(
  world: World,
  id: string,
  reason: ReprintReason,
  words: string
): DossierView {
  const dossier = find(world, id);
  if (reason === 'other' && words.trim() === '') refuse({ code: 'reprint_reason_missing' });
  const said = REASON_WORDS[reason] || words.trim();
  write(world, dossier, 'reprint_asked', world.session?.staffName ?? '', said);
  sendPrint(world, dossier, said);
  return view(world, id);
}

export function printOutcome(world: World, jobId: string, cameOut: boolean): DossierView {
  const dossier = must(
    world.dossiers.find((one) => one.prints.some((job) => job.id === jobId)),
    { code: 'dossier_not_found' }
  );
  const job = dossier.prints.find((one) => one.id === jobId);
  if (!job || job.state !== 'unknown') return refuse({ code: 'print_answered_already' });
  job.state = cameOut ? 'confirmed' : 'abandoned';
  const who = world.session?.staffName ?? '';
  write(world, dossier, cameOut ? 'print_answered_out' : 'print_answered_not_out', who);
  setLamp(
    dossier,
    'printed',
    cameOut
      ? {
          state: 'ok',
          where: `${job.printerName}, ${who} xác nhận`,
          at: world.now(),
          count: 0,
          since: null
        }
      : { state: 'none', where: '', at: null, count: 0, since: null }
  );
  changed(world, dossier);
  return view(world, dossier.id);
}

function hit(dossier: DossierView, matched: SearchHit['matched']): SearchHit {
  return {
    dossierId: dossier.id,
    code: dossier.code,
    ownerName: dossier.ownerName,
    ownerBornOn: dossier.ownerBornOn,
    procedureName: dossier.procedureName,
    receivedAt: dossier.receivedAt,
    dueOn: dossier.due.dueAt.slice(0, 10),
    state: dossier.state,
    dueState: dossier.dueState,
    matched
  };
}

function matchOf(dossier: DossierView, query: string): SearchHit['matched'] | null {
  const folded = fold(query);
  const digits = digitsOf(query);
  if (dossier.code.toLowerCase().includes(folded)) return 'code';
  if (/^\d{3,}$/.test(digits)) {
    if (dossier.ownerIdNumber.includes(digits)) return 'id_number';
    if (dossier.ownerPhone.includes(digits)) return 'phone';
  }
  const names = fold(dossier.ownerName).split(' ');
  return folded.split(' ').every((word) => names.some((name) => name.startsWith(word)))
    ? 'name'
    : null;
}

export function search(world: World, query: string): SearchView {
  const today = world.now().slice(0, 10);
  const hits = world.dossiers.flatMap((dossier) => {
    if (query.trim() === '')
      return dossier.receivedAt.startsWith(today) ? [hit(dossier, 'code')] : [];
    const matched = matchOf(dossier, query);
    return matched ? [hit(dossier, matched)] : [];
  });
  return { query, hits: hits.slice(0, SEARCH_LIMIT), total: hits.length };
}
