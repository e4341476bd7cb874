// Tickets as this counter sees them, and the hall display.

import { addMinutes, minutesBetween } from '../../dates';
import type { DeskView, HallView, Id, IssuedTicket, PriorityReason } from '../types';
import { FIELDS } from './catalogue';
import { must, refuse, type FakeTicket, type World } from './world';

const LONG_WAIT_MINUTES = 20;
const LAST_CALLS_KEPT = 5;

const fieldName = (id: Id) => FIELDS.find((field) => field.id === id)?.name ?? '';

function mine(world: World): Id[] {
  return world.counterFields.get(world.session?.counterId ?? '') ?? [];
}

function current(world: World): FakeTicket | undefined {
  return world.tickets.find((ticket) => ticket.state === 'called' || ticket.state === 'serving');
}

function waiting(world: World): FakeTicket[] {
  return world.tickets
    .filter((ticket) => ticket.state === 'waiting' && mine(world).includes(ticket.fieldId))
    .sort(
      (a, b) =>
        Number(b.priority !== null) - Number(a.priority !== null) ||
        a.issuedAt.localeCompare(b.issuedAt)
    );
}

export function desk(world: World): DeskView {
  const session = must(world.session, { code: 'not_signed_in' });
  const now = world.now();
  const ticket = current(world);
  const queue = waiting(world);
  const all = world.tickets.filter((one) => one.state === 'waiting');
  return {
    counter: must(
      world.counters.find((one) => one.id === session.counterId),
      { code: 'not_signed_in' }
    ),
    fields: FIELDS,
    ticket: ticket
      ? {
          id: ticket.id,
          label: ticket.label,
          fieldName: fieldName(ticket.fieldId),
          state: ticket.state === 'serving' ? 'serving' : 'called',
          calledAt: ticket.calledAt ?? now,
          calls: ticket.calls,
          servingSince: ticket.servingSince,
          priority: ticket.priority
        }
      : null,
    waiting: queue.map((one) => {
      const waitMinutes = minutesBetween(one.issuedAt, now);
      return {
        id: one.id,
        label: one.label,
        fieldName: fieldName(one.fieldId),
        purpose: one.purpose,
        issuedAt: one.issuedAt,
        waitMinutes,
        longWait: waitMinutes >= LONG_WAIT_MINUTES,
        priority: one.priority
      };
    }),
    held: world.tickets
      .filter((one) => one.state === 'held')
      .map((one) => ({
        id: one.id,
        label: one.label,
        fieldName: fieldName(one.fieldId),
        calls: one.calls,
        heldUntil: one.heldUntil ?? now
      })),
    hall: {
      waiting: all.length,
      longestWaitMinutes: Math.max(0, ...all.map((one) => minutesBetween(one.issuedAt, now))),
      openCounters: world.counters
        .filter((one) => one.takenBy || one.id === session.counterId)
        .map((one) => one.number)
    },
    can: {
      callNext: queue.length > 0 && world.draft === null,
      callAgain: ticket?.state === 'called',
      noShow: ticket?.state === 'called',
      finish: ticket !== undefined
    },
    now
  };
}

function announce(world: World, ticket: FakeTicket): void {
  const counterNumber = world.session?.counterNumber ?? 0;
  world.callSeq += 1;
  world.calls = [
    { seq: world.callSeq, label: ticket.label, counterNumber, calledAt: world.now() },
    ...world.calls
  ].slice(0, LAST_CALLS_KEPT);
  const digits = [...ticket.label].join(' ');
  world.emit(
    { kind: 'queue' },
    { kind: 'hall' },
    {
      kind: 'announce',
      seq: world.callSeq,
      label: ticket.label,
      counterNumber,
      text: `Mời số ${digits}, đến quầy số ${counterNumber}`
    }
  );
}

function call(world: World, ticket: FakeTicket): DeskView {
  const before = current(world);
  if (before && before !== ticket) before.state = 'done';
  ticket.state = 'called';
  ticket.calls += 1;
  ticket.calledAt = world.now();
  announce(world, ticket);
  return desk(world);
}

export function callNext(world: World): DeskView {
  const ticket = current(world);
  if (world.draft) refuse({ code: 'counter_busy', label: ticket?.label ?? '' });
  return call(world, must(waiting(world)[0], { code: 'queue_empty' }));
}

export function callAgain(world: World): DeskView {
  return call(world, must(current(world), { code: 'no_current_ticket' }));
}

export function noShow(world: World): DeskView {
  const ticket = must(current(world), { code: 'no_current_ticket' });
  ticket.state = 'held';
  ticket.heldUntil = addMinutes(world.now(), world.heldLongestMinutes);
  world.emit({ kind: 'queue' }, { kind: 'hall' });
  return desk(world);
}

export function callNumber(world: World, typed: string): DeskView {
  const label = typed.trim().toUpperCase();
  const busy = current(world);
  if (world.draft) refuse({ code: 'counter_busy', label: busy?.label ?? '' });
  const ticket = world.tickets.find(
    (one) =>
      one.label === label || one.label.slice(1).replace(/^0+/, '') === label.replace(/^0+/, '')
  );
  if (!ticket) return refuse({ code: 'ticket_unknown', label });
  if (ticket.state === 'done') refuse({ code: 'ticket_closed', label: ticket.label });
  if (!mine(world).includes(ticket.fieldId))
    refuse({ code: 'ticket_taken', label: ticket.label, counter: 2 });
  return call(world, ticket);
}

export function finishTicket(world: World): DeskView {
  const ticket = must(current(world), { code: 'no_current_ticket' });
  ticket.state = 'done';
  world.emit({ kind: 'queue' }, { kind: 'hall' });
  return desk(world);
}

/** An intake has begun: the person in front is being served. */
export function startServing(world: World): FakeTicket | undefined {
  const ticket = current(world);
  if (ticket?.state === 'called') {
    ticket.state = 'serving';
    ticket.servingSince = world.now();
    world.emit({ kind: 'queue' });
  }
  return ticket;
}

export function issueTicket(
  world: World,
  fieldId: Id,
  priority: PriorityReason | null
): IssuedTicket {
  const field = FIELDS.find((one) => one.id === fieldId) ?? FIELDS[0];
  const letter = field?.letter ?? 'A';
  const highest = Math.max(
    0,
    ...world.tickets
      .filter((one) => one.label.startsWith(letter))
      .map((one) => Number(one.label.slice(1)))
  );
  const ticket: FakeTicket = {
    id: world.id('ticket'),
    label: `${letter}${String(highest + 1).padStart(3, '0')}`,
    fieldId: field?.id ?? '',
    purpose: field?.name ?? '',
    issuedAt: world.now(),
    priority,
    state: 'waiting',
    calls: 0,
    calledAt: null,
    servingSince: null,
    heldUntil: null
  };
  const ahead = world.tickets.filter(
    (one) => one.state === 'waiting' && one.fieldId === ticket.fieldId
  ).length;
  world.tickets.push(ticket);
  world.emit({ kind: 'queue' }, { kind: 'hall' });
  return { id: ticket.id, label: ticket.label, fieldName: field?.name ?? '', aheadOfYou: ahead };
}

export function hall(world: World): HallView {
  const waitsOf = (name: string, ids: Id[], minutesEach: number) => {
    const count = world.tickets.filter(
      (one) => one.state === 'waiting' && ids.includes(one.fieldId)
    ).length;
    const least = count * minutesEach;
    return {
      fieldName: name,
      waiting: count,
      minMinutes: count === 0 ? null : Math.max(5, Math.round(least / 5) * 5),
      maxMinutes: count === 0 ? null : Math.max(10, Math.round((least * 2.4) / 5) * 5)
    };
  };
  return {
    officeName: world.office?.name ?? '',
    now: world.now(),
    calls: world.calls,
    waits: [
      waitsOf('Hộ tịch, chứng thực', ['ho-tich', 'chung-thuc'], 2),
      waitsOf('Đất đai, xây dựng', ['dat-dai'], 4),
      waitsOf('Bảo trợ, người có công', ['bao-tro'], 3)
    ],
    notice: 'Người cao tuổi, phụ nữ mang thai, người khuyết tật được mời trước',
    resultsToday: 18
  };
}
