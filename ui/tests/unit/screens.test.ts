// Small pure parts of the screens.
import { describe, expect, test } from 'vitest';
import type { AttachedScan, PaperRow, SetupOptions } from '$lib/host/types';
import { matching, type Command } from '../../src/screens/dialogs/commands';
import { agencyLineOf, emptyDraft, withoutEmptyStaff } from '../../src/screens/entry/draft';
import { nextRow, papersDone } from '../../src/screens/intake/papers';

const scan = (quality: AttachedScan['quality']): AttachedScan => ({
  id: 's',
  fileName: 'quet-0001.pdf',
  pages: 1,
  sizeBytes: 1,
  quality,
  qualityPage: null,
  attachedAt: ''
});
const paper = (part: Partial<PaperRow>): PaperRow => ({
  id: 'p',
  name: 'Tờ khai',
  formCode: '',
  required: true,
  condition: '',
  presentOnly: false,
  added: false,
  checked: false,
  originals: 0,
  certified: 0,
  photos: 0,
  expectedOriginals: 1,
  expectedCertified: 0,
  expectedPhotos: 0,
  scans: [],
  reusedFrom: '',
  ...part
});

describe('the row that takes the next scan', () => {
  test.each([
    [
      'the faulty one first',
      [paper({ scans: [scan('clear')] }), paper({ scans: [scan('blurred')] }), paper({})],
      1
    ],
    [
      'then the first needed one without',
      [paper({ scans: [scan('clear')] }), paper({ required: false }), paper({})],
      2
    ],
    ['then any without', [paper({ scans: [scan('clear')] }), paper({ required: false })], 1],
    [
      'papers shown or reused want none',
      [paper({ presentOnly: true }), paper({ reusedFrom: 'kho' }), paper({})],
      2
    ],
    ['the first when all are in', [paper({ scans: [scan('clear')] })], 0]
  ] as [string, PaperRow[], number][])('%s', (_name, papers, row) =>
    expect(nextRow(papers)).toBe(row)
  );
});

test('only papers that are needed or in are counted', () => {
  const papers = [
    paper({ checked: true }),
    paper({}),
    paper({ required: false }),
    paper({ required: false, checked: true })
  ];
  expect(papersDone(papers)).toEqual({ done: 2, all: 3 });
});

describe('the office form', () => {
  const options: SetupOptions = {
    fields: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id, letter: 'A' })),
    catalogues: [
      {
        id: 'practice',
        name: '',
        procedures: 25,
        needsDecision: 0,
        rejected: 0,
        effectiveFrom: null
      }
    ],
    hours: [{ weekdays: [1, 2, 3, 4, 5], opens: '07:00', closes: '11:30' }],
    minPinLength: 4
  };
  test('begins with three counters that share all fields, five lines of staff, one administrator', () => {
    const draft = emptyDraft(options);
    expect(draft.counters.flatMap((counter) => counter.fieldIds)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e'
    ]);
    expect(draft.staff.map((person) => person.role)).toEqual([
      'admin',
      'clerk',
      'clerk',
      'clerk',
      'clerk'
    ]);
  });
  test('lines left empty are not people, half-filled ones are', () => {
    const draft = emptyDraft(options);
    Object.assign(draft.staff[0] ?? {}, { name: 'Quàng Thị Thu', pin: '9630' });
    Object.assign(draft.staff[2] ?? {}, { name: 'Hà Văn Sáng' });
    expect(withoutEmptyStaff(draft).staff.map((person) => person.name)).toEqual([
      'Quàng Thị Thu',
      'Hà Văn Sáng'
    ]);
  });
  test.each([
    ['Trung tâm Phục vụ hành chính công xã Bản Mây', 'UBND XÃ BẢN MÂY'],
    ['Trung tâm Phục vụ hành chính công phường Ướt Át', 'UBND PHƯỜNG ƯỚT ÁT'],
    ['Trung tâm hành chính', '']
  ])('%s gives the agency line %j', (name, line) => expect(agencyLineOf(name)).toBe(line));
});

test('the palette finds by beginnings of words, with or without marks', () => {
  const command = (label: string): Command => ({
    id: label,
    label,
    group: 'here',
    action: null,
    run: () => undefined
  });
  const list = [command('Gọi số tiếp theo'), command('Gọi lại'), command('In giấy hẹn')];
  const labels = (query: string) => matching(list, query).map((one) => one.label);
  expect(labels('goi')).toEqual(['Gọi số tiếp theo', 'Gọi lại']);
  expect(labels('tiep goi')).toEqual(['Gọi số tiếp theo']);
  expect(labels('Giấy'.normalize('NFD'))).toEqual(['In giấy hẹn']);
  expect(labels('')).toHaveLength(3);
  expect(labels('xyz')).toEqual([]);
});
