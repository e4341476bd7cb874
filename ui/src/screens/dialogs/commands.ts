// Every command of the desk in one list: what the palette offers, in the order it offers it.

import type { App } from '$lib/app.svelte';
import { fold } from '$lib/fold';
import { t, tk } from '$lib/i18n/index.svelte';
import { handlerOf, boundActions } from '$lib/keyboard.svelte';
import { KEYS, type ActionId } from '$lib/keys';

export interface Command {
  id: string;
  label: string;
  group: 'here' | 'go' | 'machine';
  action: ActionId | null;
  run: () => void;
}

const HIDDEN: ActionId[] = ['palette', 'back', 'panes', 'primary'];
const HERE_SCOPES = ['intake', 'dossier'];
const QUEUE: ActionId[] = ['callNext', 'callAgain', 'noShow', 'finishTicket'];

function queueAllows(app: App, action: ActionId): boolean {
  const can = app.desk?.can;
  if (!QUEUE.includes(action) || !can) return true;
  return {
    callNext: can.callNext,
    callAgain: can.callAgain,
    noShow: can.noShow,
    finishTicket: can.finish
  }[action as 'callNext' | 'callAgain' | 'noShow' | 'finishTicket'];
}

/** Read before the palette covers the screen: afterwards nothing beneath answers. */
export function keyedCommands(app: App): Command[] {
  return boundActions()
    .filter((action) => !HIDDEN.includes(action) && queueAllows(app, action))
    .filter((action) => action !== 'practice' || app.app?.practice === true)
    .map((action) => {
      const run = handlerOf(action) ?? (() => undefined);
      const { scope } = KEYS[action];
      const here = HERE_SCOPES.includes(scope) || QUEUE.includes(action);
      const group: Command['group'] = here
        ? 'here'
        : action === 'devices' || action === 'practice' || action === 'lock'
          ? 'machine'
          : 'go';
      return { id: action, label: tk('action', action), group, action, run };
    });
}

export function primaryCommand(app: App): Command[] {
  const run = handlerOf('primary');
  if (!run || !app.intake || app.route.name !== 'work') return [];
  return [{ id: 'primary', label: t('intake.receive'), group: 'here', action: 'primary', run }];
}

export function plainCommands(app: App): Command[] {
  return [
    {
      id: 'appearance',
      label: t('action.appearance'),
      group: 'machine',
      action: null,
      run: () => (app.dialog = 'appearance')
    },
    {
      id: 'messages',
      label: t('action.messages'),
      group: 'machine',
      action: null,
      run: () => (app.dialog = 'messages')
    },
    {
      id: 'hall',
      label: t('action.hall'),
      group: 'machine',
      action: null,
      run: () => void app.attempt('work', () => app.host.openHall())
    },
    {
      id: 'sign-out',
      label: t('action.signOut'),
      group: 'machine',
      action: null,
      run: () => void app.signOut()
    }
  ];
}

const ORDER: Command['group'][] = ['here', 'go', 'machine'];

export function allCommands(app: App): Command[] {
  const commands = [...primaryCommand(app), ...keyedCommands(app), ...plainCommands(app)];
  return commands.sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
}

/** Every word of the query begins some word of the label, marks or none. */
export function matching(commands: Command[], query: string): Command[] {
  const words = fold(query).split(' ').filter(Boolean);
  return commands.filter((command) => {
    const tokens = fold(command.label).split(/[\s,]+/);
    return words.every((word) => tokens.some((token) => token.startsWith(word)));
  });
}
