// One draft: every change is a patch, saved at once and undone alone.

import { dateParts } from '../../dates';
import { fold } from '../../fold';
import type {
  ChosenProcedure,
  EarlierDossier,
  FieldProblem,
  IntakeHint,
  IntakePatch,
  IntakeView,
  PersonField,
  PersonView,
  ProcedureHit,
  Sourced
} from '../types';
import { readCard } from './card';
import { FIELDS, PROCEDURES, type FakeProcedure } from './catalogue';
import { dueOf } from './due';
import { PEOPLE, type CardPerson } from './people';
import { startServing } from './queue';
import { must, refuse, type World } from './world';

const EMPTY: Sourced = { value: '', source: 'none', at: null };
const PERSON_FIELDS: PersonField[] = [
  'fullName',
  'idNumber',
  'oldIdNumber',
  'bornOn',
  'gender',
  'address',
  'phone',
  'email'
];
const SEARCH_LIMIT = 8;

function emptyPerson(): PersonView {
  const fields = Object.fromEntries(PERSON_FIELDS.map((field) => [field, { ...EMPTY }])) as Record<
    PersonField,
    Sourced
  >;
  return { ...fields, cardReadAt: null, cardIssuedOn: null };
}

export function start(world: World): IntakeView {
  if (world.draft) return view(world);
  const ticket = startServing(world);
  world.undo = [];
  world.draft = {
    id: world.id('intake'),
    ticketLabel: ticket?.label ?? null,
    startedAt: world.now(),
    savedAt: world.now(),
    revision: 1,
    person: emptyPerson(),
    submitter: null,
    differences: [],
    procedure: null,
    papers: [],
    setCount: 1,
    fee: { lines: [], total: 0, state: 'free', exemptions: [], exemptionId: null },
    resultMethod: 'counter',
    resultAddress: '',
    due: null,
    dueProblem: 'no_procedure',
    signature: {
      state: 'none',
      via: null,
      deviceName: '',
      signedAt: null,
      imageId: null,
      stale: false
    },
    hints: [],
    problems: [],
    earlier: [],
    reusable: [],
    note: '',
    undo: null
  };
  settle(world);
  return view(world);
}

export function view(world: World): IntakeView {
  return structuredClone(must(world.draft, { code: 'no_intake' }));
}

const procedureOf = (code: string | undefined) => PROCEDURES.find((one) => one.code === code);

function forceOf(procedure: FakeProcedure, today: string): ProcedureHit['force'] {
  if (procedure.force?.from && procedure.force.from > today) return 'not_yet';
  if (procedure.force?.to && procedure.force.to < today) return 'expired';
  return 'in_force';
}

export function searchProcedures(world: World, query: string): ProcedureHit[] {
  const words = fold(query).split(' ').filter(Boolean);
  const today = world.now().slice(0, 10);
  const score = (procedure: FakeProcedure): number => {
    if (words.length === 0) return procedure.common ? 2 : 0;
    const name = fold(procedure.name);
    const tokens = [...name.split(/[\s,()]+/), procedure.code];
    if (!words.every((word) => tokens.some((token) => token.startsWith(word)))) return 0;
    return (
      1 + (name.includes(words.join(' ')) ? 4 : 0) + (procedure.common ? 2 : 0) + 10 / name.length
    );
  };
  return PROCEDURES.map((procedure) => ({ procedure, rank: score(procedure) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, SEARCH_LIMIT)
    .map(({ procedure }) => ({
      code: procedure.code,
      name: procedure.name,
      fieldName: FIELDS.find((field) => field.id === procedure.fieldId)?.name ?? '',
      limit: procedure.limit,
      force: forceOf(procedure, today),
      forceDate: procedure.force?.from ?? procedure.force?.to ?? null,
      common: procedure.common ?? false
    }));
}

function chosen(procedure: FakeProcedure): ChosenProcedure {
  return {
    code: procedure.code,
    name: procedure.name,
    fieldName: FIELDS.find((field) => field.id === procedure.fieldId)?.name ?? '',
    decision: procedure.decision,
    effectiveFrom: '2026-07-01',
    channel: 'direct',
    channels: (['direct', 'post', 'online'] as const).map((channel) => ({
      channel,
      available: procedure.channels.includes(channel)
    })),
    caseId: 'case-0',
    cases: procedure.cases.map((name, index) => ({ id: `case-${index}`, name }))
  };
}

function chooseProcedure(world: World, draft: IntakeView, code: string | null): void {
  for (const scan of world.scans) scan.attachedTo = null;
  if (code === null) {
    Object.assign(draft, { procedure: null, papers: [] });
    return;
  }
  const procedure = must(procedureOf(code), { code: 'procedure_unknown', procedure: code });
  const force = forceOf(procedure, world.now().slice(0, 10));
  if (force === 'not_yet') {
    refuse({
      code: 'procedure_not_yet',
      procedure: procedure.name,
      from: procedure.force?.from ?? ''
    });
  }
  if (force === 'expired') {
    refuse({ code: 'procedure_expired', procedure: procedure.name, to: procedure.force?.to ?? '' });
  }
  draft.procedure = chosen(procedure);
  draft.papers = procedure.papers.map((paper, index) => ({
    id: `paper-${index}`,
    name: paper.name,
    formCode: paper.formCode ?? '',
    required: paper.condition === undefined,
    condition: paper.condition ?? '',
    presentOnly: paper.presentOnly ?? false,
    added: false,
    checked: false,
    originals: 0,
    certified: 0,
    photos: 0,
    expectedOriginals: paper.originals ?? 0,
    expectedCertified: paper.certified ?? 0,
    expectedPhotos: paper.photos ?? 0,
    scans: [],
    reusedFrom: ''
  }));
  draft.fee.lines = procedure.fee
    ? [
        {
          id: 'fee-0',
          name: procedure.fee.name,
          kind: procedure.fee.kind,
          unitPrice: procedure.fee.unitPrice,
          unitName: procedure.fee.unitName,
          quantity: 1,
          amount: procedure.fee.unitPrice,
          legalBasis: procedure.fee.basis
        }
      ]
    : [];
  draft.fee.state = procedure.feeUndecided ? 'undecided' : procedure.fee ? 'amount' : 'free';
  draft.fee.exemptionId = null;
  draft.fee.exemptions =
    procedure.fee || procedure.feeUndecided
      ? [
          {
            id: 'merit',
            name: 'Gia đình có công với cách mạng',
            legalBasis: 'Luật Hộ tịch Điều 11'
          },
          { id: 'poor', name: 'Hộ nghèo', legalBasis: 'Luật Hộ tịch Điều 11' },
          { id: 'disabled', name: 'Người khuyết tật', legalBasis: 'Luật Hộ tịch Điều 11' }
        ]
      : [];
}

function paperOf(draft: IntakeView, paperId: string) {
  return must(
    draft.papers.find((paper) => paper.id === paperId),
    { code: 'no_intake' }
  );
}

function applyPaper(world: World, draft: IntakeView, patch: IntakePatch): void {
  if (patch.kind === 'paper_checked') {
    const paper = paperOf(draft, patch.paperId);
    paper.checked = patch.checked;
    paper.originals = patch.checked ? paper.expectedOriginals : 0;
    paper.certified = patch.checked ? paper.expectedCertified : 0;
    paper.photos = patch.checked ? paper.expectedPhotos : 0;
  } else if (patch.kind === 'paper_count') {
    const paper = paperOf(draft, patch.paperId);
    paper[patch.which] = patch.count;
    paper.checked = paper.originals + paper.certified + paper.photos > 0;
  } else if (patch.kind === 'paper_added') {
    const zero = { originals: 0, certified: 0, photos: 0 };
    const expected = { expectedOriginals: 1, expectedCertified: 0, expectedPhotos: 0 };
    const flags = {
      required: false,
      condition: '',
      presentOnly: false,
      added: true,
      checked: true
    };
    draft.papers.push({
      id: world.id('paper'),
      name: patch.name.normalize('NFC'),
      formCode: '',
      scans: [],
      reusedFrom: '',
      ...flags,
      ...zero,
      ...expected,
      originals: 1
    });
  } else if (patch.kind === 'paper_removed') {
    draft.papers = draft.papers.filter((paper) => paper.id !== patch.paperId);
  } else if (patch.kind === 'paper_reused') {
    const paper = paperOf(draft, patch.paperId);
    const source = draft.reusable.find((one) => one.id === patch.reusableId);
    paper.reusedFrom = source ? source.name : '';
    paper.checked = source !== undefined || paper.checked;
  }
}

function applyFee(draft: IntakeView, patch: IntakePatch): void {
  const { fee } = draft;
  if (patch.kind === 'fee_quantity') {
    const line = fee.lines.find((one) => one.id === patch.lineId);
    if (line) line.quantity = patch.quantity;
  } else if (patch.kind === 'fee_exemption') {
    fee.exemptionId = patch.exemptionId;
  } else if (patch.kind === 'fee_amount') {
    fee.lines = [
      {
        id: 'fee-set',
        name: 'Lệ phí',
        kind: 'fee',
        unitPrice: patch.amount,
        unitName: '',
        quantity: 1,
        amount: patch.amount,
        legalBasis: 'Nghị quyết HĐND tỉnh'
      }
    ];
    fee.state = patch.amount > 0 ? 'amount' : 'free';
  }
  for (const line of fee.lines) line.amount = line.unitPrice * line.quantity;
  fee.total = fee.exemptionId ? 0 : fee.lines.reduce((sum, line) => sum + line.amount, 0);
}

function applyPerson(world: World, draft: IntakeView, patch: IntakePatch): void {
  if (patch.kind === 'person') {
    const value = patch.value.normalize('NFC').trim();
    draft.person[patch.field] = { value, source: value === '' ? 'none' : 'typed', at: world.now() };
  } else if (patch.kind === 'take_difference') {
    const difference = draft.differences.find((one) => one.field === patch.field);
    if (difference && patch.take) {
      draft.person[patch.field] = { value: difference.offered, source: 'card', at: world.now() };
    }
    draft.differences = draft.differences.filter((one) => one.field !== patch.field);
  }
}

function apply(world: World, draft: IntakeView, patch: IntakePatch): void {
  applyPerson(world, draft, patch);
  applyPaper(world, draft, patch);
  if (patch.kind === 'procedure') chooseProcedure(world, draft, patch.code);
  if (patch.kind === 'channel' && draft.procedure) draft.procedure.channel = patch.channel;
  if (patch.kind === 'case' && draft.procedure) draft.procedure.caseId = patch.caseId;
  if (patch.kind === 'submitter') draft.submitter = patch.submitter;
  if (patch.kind === 'set_count') draft.setCount = Math.max(1, patch.count);
  if (patch.kind === 'result_method') draft.resultMethod = patch.method;
  if (patch.kind === 'result_address') draft.resultAddress = patch.address.normalize('NFC');
  if (patch.kind === 'note') draft.note = patch.note.normalize('NFC');
  applyFee(draft, patch);
}

function hintsOf(world: World, draft: IntakeView): IntakeHint[] {
  const hints: IntakeHint[] = [];
  const { person } = draft;
  const id = person.idNumber.value;
  if (id !== '' && id.length !== 12) hints.push({ code: 'id_number_length', digits: id.length });
  if (id.length === 12 && person.bornOn.value.length >= 4) {
    const year = dateParts(`${person.bornOn.value.slice(0, 4)}-01-01`).year;
    if (id.slice(4, 6) !== String(year).slice(2))
      hints.push({ code: 'id_number_birth_year', year });
  }
  const name = person.fullName.value;
  if (name.length > 3 && name === name.toUpperCase() && person.fullName.source === 'typed') {
    hints.push({ code: 'name_all_capitals' });
  }
  if (person.phone.value !== '' && !/^0\d{9,10}$/.test(person.phone.value))
    hints.push({ code: 'phone_shape' });
  if (person.oldIdNumber.value !== '')
    hints.push({ code: 'old_id_number', number: person.oldIdNumber.value });
  const today = world.now().slice(0, 10);
  const same = world.dossiers.find(
    (one) =>
      id !== '' &&
      one.ownerIdNumber === id &&
      one.receivedAt.startsWith(today) &&
      one.procedureCode === draft.procedure?.code
  );
  if (same) {
    hints.push({
      code: 'same_person_today',
      dossierCode: same.code,
      procedureName: same.procedureName,
      at: same.receivedAt
    });
  }
  return hints;
}

function problemsOf(draft: IntakeView): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (field: string, code: FieldProblem['code']) => problems.push({ field, code });
  if (draft.person.fullName.value === '') add('fullName', 'required');
  if (draft.person.idNumber.value === '') add('idNumber', 'required');
  const born = draft.person.bornOn.value;
  if (born !== '' && !/^\d{4}(-\d{2}){0,2}$/.test(born)) add('bornOn', 'bad_date');
  if (draft.person.address.value === '') add('address', 'required');
  if (!draft.procedure) add('procedure', 'required');
  else if (draft.papers.some((paper) => paper.required && !paper.checked))
    add('papers', 'papers_missing');
  if (draft.fee.state === 'undecided' && draft.fee.exemptionId === null)
    add('fee', 'fee_undecided');
  if (draft.procedure && !draft.due) add('due', 'due_undecided');
  if (draft.resultMethod === 'post' && draft.resultAddress === '') add('resultAddress', 'required');
  return problems;
}

function earlierOf(world: World, idNumber: string): EarlierDossier[] {
  if (idNumber === '') return [];
  return world.dossiers
    .filter((one) => one.ownerIdNumber === idNumber)
    .map((one) => ({
      dossierId: one.id,
      code: one.code,
      procedureName: one.procedureName,
      receivedAt: one.receivedAt,
      state: one.state,
      stateAt: one.state === 'returned' ? one.due.dueAt : one.receivedAt
    }));
}

/** Works out everything that follows from the draft: due date, hints, problems, neighbours. */
export function settle(world: World): void {
  const draft = must(world.draft, { code: 'no_intake' });
  const procedure = procedureOf(draft.procedure?.code);
  draft.due = null;
  if (!procedure) draft.dueProblem = 'no_procedure';
  else if (world.clockState !== 'trusted') draft.dueProblem = 'clock_doubtful';
  else if (!procedure.limit)
    draft.dueProblem = procedure.limitUnitUnknown ? 'unit_undecided' : 'no_limit';
  else {
    draft.due = dueOf(world.now(), procedure.limit, procedure.cutoff15 ?? false);
    draft.dueProblem = null;
  }
  draft.earlier = earlierOf(world, draft.person.idNumber.value);
  const birth = draft.procedure?.code === '1.001193';
  draft.reusable =
    draft.earlier.length > 0
      ? [
          {
            id: 'reuse-0',
            name: 'Giấy chứng sinh',
            issuer: 'Trạm y tế xã, ký số, còn giá trị',
            dated: '2026-11-20',
            paperId: birth ? 'paper-1' : null
          },
          {
            id: 'reuse-1',
            name: 'Trích lục kết hôn',
            issuer: 'UBND xã Bản Mây, bản điện tử',
            dated: '2025-03-12',
            paperId: null
          }
        ]
      : [];
  draft.hints = hintsOf(world, draft);
  draft.problems = problemsOf(draft);
  draft.undo = world.undo.at(-1)?.step ?? null;
  draft.savedAt = world.now();
  draft.revision += 1;
}

export function patch(world: World, change: IntakePatch): IntakeView {
  const draft = must(world.draft, { code: 'no_intake' });
  if (world.diskFull) refuse({ code: 'disk_full' });
  const before = structuredClone(draft);
  apply(world, draft, change);
  world.undo.push({ step: { kind: change.kind, at: world.now() }, before });
  if (draft.signature.state === 'signed' && change.kind !== 'note') draft.signature.stale = true;
  settle(world);
  return view(world);
}

export function undo(world: World): IntakeView {
  const record = must(world.undo.pop(), { code: 'nothing_to_undo' });
  const revision = world.draft?.revision ?? 0;
  world.draft = { ...record.before, revision };
  settle(world);
  return view(world);
}

export function discard(world: World): void {
  world.draft = null;
  for (const scan of world.scans) scan.attachedTo = null;
  world.emit({ kind: 'intake', revision: 0 }, { kind: 'queue' });
}

function fillFromCard(world: World, draft: IntakeView, card: CardPerson): void {
  const at = world.now();
  for (const field of [
    'fullName',
    'idNumber',
    'oldIdNumber',
    'bornOn',
    'gender',
    'address'
  ] as const) {
    const present = draft.person[field];
    if (present.source === 'typed' && present.value !== '' && present.value !== card[field]) {
      draft.differences.push({ field, kept: present.value, offered: card[field] });
    } else if (card[field] !== '') {
      draft.person[field] = { value: card[field], source: 'card', at };
    }
  }
  const known = PEOPLE.find((one) => one.idNumber === card.idNumber);
  if (
    known?.phone &&
    draft.person.phone.value === '' &&
    earlierOf(world, card.idNumber).length > 0
  ) {
    draft.person.phone = { value: known.phone, source: 'record', at };
  }
  draft.person.cardReadAt = at;
  draft.person.cardIssuedOn = card.issuedOn || null;
}

export function cardText(world: World, text: string): IntakeView {
  const card = readCard(text);
  start(world);
  const draft = must(world.draft, { code: 'no_intake' });
  draft.differences = [];
  fillFromCard(world, draft, card);
  settle(world);
  world.emit({ kind: 'intake', revision: draft.revision }, { kind: 'card', intakeId: draft.id });
  return view(world);
}
