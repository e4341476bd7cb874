// Messages: Vietnamese is the source, English the second. A typed lookup over two JSON files; no
// download, no compiler. `{name}` is replaced; `{n#person|people}` writes the word that fits `n`.

import en from '../../../messages/en.json';
import vi from '../../../messages/vi.json';

export type MessageKey = keyof typeof vi;
export type Language = 'vi' | 'en';
export type MessageParams = Record<string, string | number>;

const CATALOGUES: Record<Language, Record<MessageKey, string>> = { vi, en };

let current = $state<Language>('vi');

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/** Fills the places of a message. A place with no value is a mistake of ours and shows as `{name}`. */
export function fill(template: string, params: MessageParams): string {
  return template.replace(/\{(\w+)(?:#([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    const value = params[name as string];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return Number(value) === 1 ? one : many;
  });
}

export function t(key: MessageKey, params: MessageParams = {}): string {
  return fill(CATALOGUES[current][key], params);
}

/** A key put together at run time, such as `priority.elderly`; the test of messages lists them all. */
export function tk(prefix: string, code: string, params: MessageParams = {}): string {
  const key = `${prefix}.${code}` as MessageKey;
  const template = CATALOGUES[current][key];
  return template === undefined ? key : fill(template, params);
}

export function hasMessage(key: string): key is MessageKey {
  return key in vi;
}
