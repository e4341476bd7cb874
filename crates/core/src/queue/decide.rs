//! Commands of the queue: what a counter asks for, and the events or the refusal that follow.

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};

use super::{
    Policy, PriorityReason, Ticket, TicketCalled, TicketFinished, TicketIssued, TicketMissed,
    TicketReturned, TicketState, next,
};
use crate::event::Event;
use crate::ids::EntityId;
use crate::numbers;
use crate::refusal::Refusal;

/// A second call of the same ticket within this time is the same key pressed twice.
pub const DOUBLE_CALL_GUARD_MS: i64 = 2_000;

/// What a counter asks of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Give out a number.
    Issue {
        /// The ticket's new identity.
        id: EntityId,
        /// The queue field.
        field: EntityId,
        /// The field's letter.
        letter: String,
        /// The number, already taken from a slice.
        number: u32,
        /// Why it goes first, if it does.
        priority: Option<PriorityReason>,
    },
    /// Call whoever is next for these fields.
    CallNext {
        /// The counter that calls.
        counter: EntityId,
        /// The fields it serves.
        fields: Vec<EntityId>,
    },
    /// Call one ticket by what the hall hears.
    CallLabel {
        /// The counter that calls.
        counter: EntityId,
        /// For example `A027`; case and blanks do not matter.
        label: String,
    },
    /// Call the ticket in hand once more.
    CallAgain {
        /// The counter.
        counter: EntityId,
    },
    /// Nobody came.
    Missed {
        /// The counter.
        counter: EntityId,
    },
    /// Back into the queue.
    Return {
        /// The counter.
        counter: EntityId,
    },
    /// Served.
    Finish {
        /// The counter.
        counter: EntityId,
        /// The dossiers that came of it.
        dossiers: Vec<EntityId>,
    },
}

/// Decides a command against today's tickets. `counter_name` names a counter in refusals.
///
/// # Errors
/// A [`Refusal`] when the queue's rules do not allow it.
pub fn decide(
    tickets: &[Ticket],
    command: Command,
    policy: Policy,
    counter_name: impl Fn(EntityId) -> String,
    now: DateTime,
) -> Result<(EntityId, Event), Refusal> {
    let in_hand = |counter| tickets.iter().find(|t| t.in_hand_of() == Some(counter));
    match command {
        Command::Issue {
            id,
            field,
            letter,
            number,
            priority,
        } => {
            let label = numbers::ticket_label(&letter, number);
            let issued = TicketIssued {
                label,
                number,
                field,
                day: now.date(),
                priority,
                at: now,
            };
            Ok((id, Event::TicketIssued(issued)))
        }
        Command::CallNext { counter, fields } => {
            free_hands(in_hand(counter))?;
            let ticket = next(tickets, &fields, policy).ok_or(Refusal::NobodyWaiting)?;
            Ok(call(ticket, counter, now))
        }
        Command::CallLabel { counter, label } => {
            let wanted = label.trim().to_uppercase();
            let ticket = find(tickets, &wanted).ok_or(Refusal::NoSuchTicket { label: wanted })?;
            if ticket.in_hand_of() == Some(counter) {
                return Ok(call(ticket, counter, now));
            }
            free_hands(in_hand(counter))?;
            callable(ticket, &counter_name)?;
            Ok(call(ticket, counter, now))
        }
        Command::CallAgain { counter } => {
            let ticket = in_hand(counter).ok_or(Refusal::NoTicketInHand)?;
            Ok(call(ticket, counter, now))
        }
        Command::Missed { counter } => {
            let ticket = in_hand(counter).ok_or(Refusal::NoTicketInHand)?;
            let held_until = now.saturating_add(i64::from(policy.missed_hold_minutes).minutes());
            Ok((
                ticket.id,
                Event::TicketMissed(TicketMissed {
                    counter,
                    at: now,
                    held_until,
                }),
            ))
        }
        Command::Return { counter } => {
            let ticket = in_hand(counter).ok_or(Refusal::NoTicketInHand)?;
            Ok((
                ticket.id,
                Event::TicketReturned(TicketReturned { counter, at: now }),
            ))
        }
        Command::Finish { counter, dossiers } => {
            let ticket = in_hand(counter).ok_or(Refusal::NoTicketInHand)?;
            Ok((
                ticket.id,
                Event::TicketFinished(TicketFinished {
                    counter,
                    at: now,
                    dossiers,
                }),
            ))
        }
    }
}

fn call(ticket: &Ticket, counter: EntityId, now: DateTime) -> (EntityId, Event) {
    (
        ticket.id,
        Event::TicketCalled(TicketCalled { counter, at: now }),
    )
}

fn free_hands(in_hand: Option<&Ticket>) -> Result<(), Refusal> {
    match in_hand {
        Some(ticket) => Err(Refusal::TicketInHand {
            label: ticket.issued.label.clone(),
        }),
        None => Ok(()),
    }
}

fn callable(ticket: &Ticket, counter_name: impl Fn(EntityId) -> String) -> Result<(), Refusal> {
    let label = ticket.issued.label.clone();
    match &ticket.state {
        TicketState::Waiting | TicketState::Missed { .. } => Ok(()),
        TicketState::Called { counter, .. } => Err(Refusal::TicketTaken {
            label,
            counter: counter_name(*counter),
        }),
        state @ TicketState::Finished { .. } => Err(Refusal::TicketNotReady {
            label,
            state: state.name().to_owned(),
        }),
    }
}

/// By the whole label, or by its digits alone where only one ticket has them (the number pad).
fn find<'a>(tickets: &'a [Ticket], wanted: &str) -> Option<&'a Ticket> {
    if let Some(ticket) = tickets.iter().find(|t| t.issued.label == wanted) {
        return Some(ticket);
    }
    let number: u32 = wanted.parse().ok()?;
    let mut same = tickets.iter().filter(|t| t.issued.number == number);
    let only = same.next()?;
    same.next().is_none().then_some(only)
}

/// Whether calling again now is the same key pressed twice.
#[must_use]
pub fn is_double_call(ticket: &Ticket, now: DateTime) -> bool {
    match ticket.state {
        TicketState::Called { last, .. } => {
            let since: SignedDuration = now.duration_since(last);
            since.as_millis() < i128::from(DOUBLE_CALL_GUARD_MS) && !since.is_negative()
        }
        _ => false,
    }
}
