// Invented people and their cards. No name, number or place here belongs to anyone.

import type { PracticePerson } from '../types';

export interface CardPerson {
  idNumber: string;
  oldIdNumber: string;
  fullName: string;
  bornOn: string;
  gender: 'male' | 'female';
  address: string;
  issuedOn: string;
  phone: string;
}

export const PEOPLE: CardPerson[] = [
  {
    idNumber: '038194012345',
    oldIdNumber: '',
    fullName: 'Nguyễn Thị Ngọc Ỷ',
    bornOn: '1994-09-02',
    gender: 'female',
    address: 'Bản Nà Cốc, xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2022-05-14',
    phone: '0912345678'
  },
  {
    idNumber: '038088004321',
    oldIdNumber: '172345678',
    fullName: 'Đặng Văn Ướt',
    bornOn: '1988-01-15',
    gender: 'male',
    address: 'Bản Pá Hốc, xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2021-08-03',
    phone: '0987654321'
  },
  {
    idNumber: '038155000777',
    oldIdNumber: '170000777',
    fullName: 'Lò Thị Ẳm',
    bornOn: '1955-12-30',
    gender: 'female',
    address: 'Bản Nà Ngần, xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2021-03-21',
    phone: ''
  },
  {
    idNumber: '038302009876',
    oldIdNumber: '',
    fullName: 'Hoàng Nguyễn Phương Quỳnh Như Thảo Uyên',
    bornOn: '2002-06-01',
    gender: 'female',
    address:
      'Số 17, ngách 4, ngõ 128 đường Hồ Nà Mưa, tổ dân phố số 3 thị trấn Mường Khoai (cũ), xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2024-11-05',
    phone: '0905112233'
  },
  {
    idNumber: '038079003456',
    oldIdNumber: '',
    fullName: 'Giàng A Tẩu',
    bornOn: '1979-07-07',
    gender: 'male',
    address: 'Bản Phiêng Lầu, xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2023-02-10',
    phone: '0333444555'
  },
  {
    idNumber: '038196055512',
    oldIdNumber: '',
    fullName: 'Vi Thị Ệt',
    bornOn: '1996-03-19',
    gender: 'female',
    address: 'Bản Co Muông, xã Bản Mây, tỉnh Sơn Vân',
    issuedOn: '2022-12-01',
    phone: '0977001122'
  }
];

const compact = (iso: string) => iso.slice(8, 10) + iso.slice(5, 7) + iso.slice(0, 4);

/** The text a barcode scanner reads from the card. */
export function cardTextOf(person: CardPerson): string {
  return [
    person.idNumber,
    person.oldIdNumber,
    person.fullName,
    compact(person.bornOn),
    person.gender === 'male' ? 'Nam' : 'Nữ',
    person.address,
    compact(person.issuedOn)
  ].join('|');
}

const garbled = (text: string) => text.replace(/[^\x20-\x7e]/g, '\ufffd');

/** Cards of the practice panel: the ordinary ones, then one for each thing that goes wrong. */
export const PRACTICE_CARDS: { person: PracticePerson; text: string }[] = [
  ...PEOPLE.map((person, index) => ({
    person: {
      index,
      name: person.fullName,
      bornOn: person.bornOn,
      quirk: person.oldIdNumber === '' ? ('' as const) : ('old_number' as const)
    },
    text: cardTextOf(person)
  })),
  ...(
    [
      ['nfd', (text: string) => text.normalize('NFD')],
      ['garbled', garbled],
      ['unreadable', () => 'PA-2210-000918']
    ] as const
  ).map(([quirk, change], offset) => {
    const person = PEOPLE[4] as CardPerson;
    return {
      person: {
        index: PEOPLE.length + offset,
        name: person.fullName,
        bornOn: person.bornOn,
        quirk
      },
      text: change(cardTextOf(person))
    };
  })
];
