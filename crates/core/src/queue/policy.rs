//! Who is next: the fairness of the hall, stated.

use std::cmp::Reverse;

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{Ticket, TicketState};
use crate::ids::EntityId;

/// The rules of the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// After this many priority calls in a row an ordinary ticket is called, so that nobody waits for ever.
    pub priority_calls_in_a_row_max: u16,
    /// How long a missed place is kept, in minutes.
    pub missed_hold_minutes: u16,
    /// How many calls come before "nobody came" is offered.
    pub calls_before_missed: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            priority_calls_in_a_row_max: 2,
            missed_hold_minutes: 10,
            calls_before_missed: 2,
        }
    }
}

/// The ticket that a counter serving `fields` calls next.
///
/// Priority before others, except that after [`Policy::priority_calls_in_a_row_max`] priority calls of these
/// fields an ordinary ticket goes first; within each group who came first (then the label) goes first.
#[must_use]
pub fn next<'a>(tickets: &'a [Ticket], fields: &[EntityId], policy: Policy) -> Option<&'a Ticket> {
    let of_fields = |t: &&Ticket| fields.contains(&t.issued.field);
    let waiting = tickets
        .iter()
        .filter(of_fields)
        .filter(|t| t.state == TicketState::Waiting);
    let (priority, ordinary): (Vec<_>, Vec<_>) = waiting.partition(|t| t.issued.priority.is_some());
    let first = |group: Vec<&'a Ticket>| {
        group
            .into_iter()
            .min_by_key(|t| (t.issued.at, t.issued.label.clone()))
    };
    let run = priority_run(tickets.iter().filter(of_fields));
    let (priority, ordinary) = (first(priority), first(ordinary));
    if run >= policy.priority_calls_in_a_row_max {
        ordinary.or(priority)
    } else {
        priority.or(ordinary)
    }
}

/// How many of the latest calls, newest first, were priority tickets.
fn priority_run<'a>(tickets: impl Iterator<Item = &'a Ticket>) -> u16 {
    let mut called: Vec<(DateTime, bool)> = tickets
        .filter_map(|t| called_at(t).map(|at| (at, t.issued.priority.is_some())))
        .collect();
    called.sort_by_key(|(at, _)| Reverse(*at));
    let run = called.iter().take_while(|(_, priority)| *priority).count();
    u16::try_from(run).unwrap_or(u16::MAX)
}

fn called_at(ticket: &Ticket) -> Option<DateTime> {
    match &ticket.state {
        TicketState::Called { since, .. } => Some(*since),
        TicketState::Finished { since, .. } => Some(*since),
        TicketState::Waiting | TicketState::Missed { .. } => None,
    }
}
