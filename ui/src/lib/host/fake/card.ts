// The stand-in's reader of identity-card text. The real one lives in the program's core.

import type { CardPerson } from './people';
import { refuse } from './world';

function compactDate(text: string): string | null {
  const match = /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (!match) return null;
  const [, day, month, year] = match;
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
    ? `${year}-${month}-${day}`
    : null;
}

/** Reads `number|old number|name|born|gender|address|issued`; refuses with the reason otherwise. */
export function readCard(raw: string): CardPerson {
  const text = raw.replace(/[\ufeff\r\n]/g, '').normalize('NFC');
  const fields = text.split('|');
  if (fields.length === 1) return refuse({ code: 'card_unreadable' });
  if (fields.length < 6) return refuse({ code: 'card_incomplete', fields: fields.length });
  if (text.includes('\ufffd')) return refuse({ code: 'card_garbled' });
  const [id = '', old = '', name = '', born = '', gender = '', address = '', issued = ''] = fields;
  if (!/^\d{12}$/.test(id)) return refuse({ code: 'card_field_invalid', field: 'idNumber' });
  if (name.trim() === '') return refuse({ code: 'card_field_invalid', field: 'fullName' });
  const bornOn = compactDate(born);
  if (bornOn === null) return refuse({ code: 'card_field_invalid', field: 'bornOn' });
  return {
    idNumber: id,
    oldIdNumber: old,
    fullName: name.trim(),
    bornOn,
    gender: gender === 'Nam' ? 'male' : 'female',
    address: address.trim(),
    issuedOn: compactDate(issued) ?? '',
    phone: ''
  };
}
