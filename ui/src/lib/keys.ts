// The one list of keys. Every action that has a key has it here and nowhere else; the help page, the
// palette, the keycaps and the dispatcher read this list, and a test reads it for clashes.
//
// Laws (Vietnamese typing): only function keys and keys with Ctrl or Alt; no bare letter or digit, for
// Telex and VNI write with those; nothing that UniKey, the web view or the system owns.

export type Scope = 'everywhere' | 'desk' | 'intake' | 'dossier';

export interface KeyEntry {
  combo: string;
  scope: Scope;
  /** Leaves the key to a text field that has the focus (its own undo, its own line break). */
  notInText?: boolean;
}

export const KEYS = {
  help: { combo: 'F1', scope: 'everywhere' },
  palette: { combo: 'Ctrl+K', scope: 'everywhere' },
  search: { combo: 'Ctrl+F', scope: 'everywhere' },
  intake: { combo: 'Ctrl+N', scope: 'everywhere' },
  lock: { combo: 'Ctrl+L', scope: 'everywhere' },
  primary: { combo: 'Ctrl+Enter', scope: 'everywhere' },
  back: { combo: 'Escape', scope: 'everywhere' },
  panes: { combo: 'F6', scope: 'everywhere' },
  devices: { combo: 'F9', scope: 'everywhere' },
  practice: { combo: 'Ctrl+M', scope: 'everywhere' },
  callNext: { combo: 'F2', scope: 'desk' },
  callAgain: { combo: 'F3', scope: 'desk' },
  noShow: { combo: 'F4', scope: 'desk' },
  callNumber: { combo: 'Ctrl+G', scope: 'desk' },
  finishTicket: { combo: 'Ctrl+E', scope: 'desk' },
  issueTicket: { combo: 'Ctrl+I', scope: 'desk' },
  queuePane: { combo: 'Alt+Q', scope: 'desk' },
  citizenPane: { combo: 'Alt+W', scope: 'desk' },
  person: { combo: 'Alt+C', scope: 'intake' },
  procedure: { combo: 'Alt+T', scope: 'intake' },
  papers: { combo: 'Alt+H', scope: 'intake' },
  inbox: { combo: 'Alt+S', scope: 'intake' },
  attachNewest: { combo: 'F8', scope: 'intake' },
  fee: { combo: 'Alt+L', scope: 'intake' },
  result: { combo: 'Alt+K', scope: 'intake' },
  sign: { combo: 'Alt+Y', scope: 'intake' },
  note: { combo: 'Alt+G', scope: 'intake' },
  undo: { combo: 'Ctrl+Z', scope: 'intake', notInText: true },
  discard: { combo: 'Alt+X', scope: 'intake' },
  print: { combo: 'Ctrl+P', scope: 'dossier' },
  openForm: { combo: 'Ctrl+O', scope: 'dossier' }
} as const satisfies Record<string, KeyEntry>;

export type ActionId = keyof typeof KEYS;

/** Keys the web view would act on by itself and lose work with; swallowed, never an action. */
export const SWALLOWED: readonly string[] = [
  'F5',
  'Ctrl+F5',
  'Ctrl+R',
  'Ctrl+Shift+R',
  'F7',
  'Ctrl+S',
  'Ctrl+U',
  'Ctrl+J',
  'Ctrl+D',
  'Ctrl+H',
  'Alt+ArrowLeft',
  'Alt+ArrowRight',
  'F3',
  'Ctrl+P',
  'Ctrl+F',
  'Ctrl+G'
];

/** Keys that belong to UniKey, the web view or the system: no action may take them. */
export const FORBIDDEN: readonly RegExp[] = [
  /^F(5|7|10|11|12)$/,
  /^Ctrl\+(R|W|T|Q|C|V|X|A)$/,
  /^Ctrl\+F\d+$/,
  /^Alt\+(F4|Z|Tab|F|E|D|Space)$/,
  /^Ctrl\+Shift(\+|$)/,
  /^Alt\+Shift(\+|$)/,
  /^Ctrl\+Alt(\+|$)/,
  /^(Shift\+)?.$/
];

export interface KeyStroke {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

/** A key event written the way the list writes it: `Ctrl+Enter`, `Alt+T`, `F2`. */
export function comboOf(stroke: KeyStroke): string {
  const parts: string[] = [];
  if (stroke.ctrlKey || stroke.metaKey) parts.push('Ctrl');
  if (stroke.altKey) parts.push('Alt');
  const letter = /^Key([A-Z])$/.exec(stroke.code)?.[1];
  const name = letter ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
  if (stroke.shiftKey) parts.push('Shift');
  parts.push(name);
  return parts.join('+');
}

const CAPS: Record<string, string> = { Enter: '↵', Escape: 'Esc' };

/** What stands on the keycap: `Ctrl ↵`. */
export function keycap(action: ActionId): string {
  return KEYS[action].combo
    .split('+')
    .map((part) => CAPS[part] ?? part)
    .join(' ');
}

/** For `aria-keyshortcuts`: `Control+Enter`. */
export function ariaShortcut(action: ActionId): string {
  return KEYS[action].combo.replace('Ctrl', 'Control');
}
