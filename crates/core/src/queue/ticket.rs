//! A ticket as the fold of its operations, and the merge table for tickets.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::ids::EntityId;
use crate::state::{Decision, Entry};

/// Why a person goes before others. Said aloud at the counter, printed on the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityReason {
    /// Người cao tuổi.
    Elderly,
    /// Phụ nữ mang thai hoặc có con nhỏ.
    Pregnant,
    /// Người khuyết tật.
    Disabled,
    /// Người có công.
    Merit,
    /// Có hẹn trước.
    Appointment,
}

/// `ticket.issue`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketIssued {
    /// What the hall hears, for example `A027`.
    pub label: String,
    /// The number within the field and day.
    pub number: u32,
    /// The queue field.
    pub field: EntityId,
    /// The local day.
    pub day: Date,
    /// Why it goes first, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<PriorityReason>,
    /// When, local time.
    pub at: DateTime,
}

/// `ticket.call`: to a counter, the first time or again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCalled {
    /// The counter that calls.
    pub counter: EntityId,
    /// When, local time.
    pub at: DateTime,
}

/// `ticket.miss`: nobody came; the place is kept for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketMissed {
    /// The counter that waited.
    pub counter: EntityId,
    /// When, local time.
    pub at: DateTime,
    /// Until when the place is kept.
    pub held_until: DateTime,
}

/// `ticket.return`: back into the queue, at its old place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketReturned {
    /// The counter that gives it back.
    pub counter: EntityId,
    /// When, local time.
    pub at: DateTime,
}

/// `ticket.finish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFinished {
    /// The counter that served.
    pub counter: EntityId,
    /// When, local time.
    pub at: DateTime,
    /// The dossiers that came of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dossiers: Vec<EntityId>,
}

/// Where a ticket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TicketState {
    /// In the queue.
    Waiting,
    /// Called to a counter and served there.
    Called {
        /// The counter.
        counter: EntityId,
        /// The first call.
        since: DateTime,
        /// The last call.
        last: DateTime,
        /// How often it was called to this counter.
        times: u16,
    },
    /// Nobody came.
    Missed {
        /// The counter that called.
        counter: EntityId,
        /// The place is kept until then.
        held_until: DateTime,
        /// How often it was called altogether.
        times: u16,
    },
    /// Served.
    Finished {
        /// Where.
        counter: EntityId,
        /// The first call.
        since: DateTime,
        /// The last call.
        last: DateTime,
        /// When it was done.
        at: DateTime,
    },
}

impl TicketState {
    /// Its name for refusals and screens.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called { .. } => "called",
            Self::Missed { .. } => "missed",
            Self::Finished { .. } => "finished",
        }
    }
}

/// A ticket as it stands on this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The log entity.
    pub id: EntityId,
    /// As issued.
    pub issued: TicketIssued,
    /// Where it is.
    pub state: TicketState,
    /// The highest log position folded in.
    pub last_seq: u64,
}

impl Ticket {
    /// The ticket after one operation.
    #[must_use]
    pub fn fold(ticket: Option<Self>, entry: Entry<'_>, decision: &Decision) -> Option<Self> {
        let mut ticket = match (ticket, entry.event) {
            (Some(ticket), _) => ticket,
            (None, Event::TicketIssued(issued)) => Self {
                id: entry.op.entity,
                issued: issued.clone(),
                state: TicketState::Waiting,
                last_seq: 0,
            },
            (None, _) => return None,
        };
        if decision.stands() {
            ticket.state = next_state(&ticket.state, entry.event);
        }
        ticket.last_seq = ticket.last_seq.max(entry.seq.unwrap_or(0));
        Some(ticket)
    }

    /// The counter that has it in hand.
    #[must_use]
    pub fn in_hand_of(&self) -> Option<EntityId> {
        match self.state {
            TicketState::Called { counter, .. } => Some(counter),
            _ => None,
        }
    }
}

fn next_state(state: &TicketState, event: &Event) -> TicketState {
    match (event, state) {
        (
            Event::TicketCalled(call),
            TicketState::Called {
                counter,
                since,
                times,
                ..
            },
        ) if *counter == call.counter => TicketState::Called {
            counter: *counter,
            since: *since,
            last: call.at,
            times: times.saturating_add(1),
        },
        (Event::TicketCalled(call), _) => TicketState::Called {
            counter: call.counter,
            since: call.at,
            last: call.at,
            times: 1,
        },
        (Event::TicketMissed(missed), state) => {
            let times = match state {
                TicketState::Called { times, .. } => *times,
                _ => 1,
            };
            TicketState::Missed {
                counter: missed.counter,
                held_until: missed.held_until,
                times,
            }
        }
        (Event::TicketReturned(_), _) => TicketState::Waiting,
        (Event::TicketFinished(done), TicketState::Called { since, last, .. }) => {
            TicketState::Finished {
                counter: done.counter,
                since: *since,
                last: *last,
                at: done.at,
            }
        }
        (_, state) => state.clone(),
    }
}

/// What the log says of an operation on a ticket: calls are claims, the first one in the log's order wins.
#[must_use]
pub fn judge(ticket: Option<&Ticket>, event: &Event) -> Decision {
    let Some(ticket) = ticket else {
        return match event {
            Event::TicketIssued(_) => Decision::Applied,
            _ => Decision::rejected("no_ticket"),
        };
    };
    let holder = ticket.in_hand_of();
    match (event, &ticket.state) {
        (Event::TicketIssued(issued), _) if *issued == ticket.issued => Decision::Duplicate,
        (Event::TicketIssued(_), _) => Decision::conflict("issued_twice"),
        (_, TicketState::Finished { .. }) => Decision::conflict("ticket_finished"),
        (Event::TicketCalled(call), _) => claim(holder.is_none_or(|c| c == call.counter)),
        (Event::TicketMissed(missed), _) => claim(holder == Some(missed.counter)),
        (Event::TicketReturned(back), _) => claim(holder == Some(back.counter)),
        (Event::TicketFinished(done), _) => claim(holder == Some(done.counter)),
        _ => Decision::rejected("not_about_a_ticket"),
    }
}

fn claim(holds: bool) -> Decision {
    if holds {
        Decision::Applied
    } else {
        Decision::conflict("ticket_taken")
    }
}
