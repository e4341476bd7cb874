//! The queue: tickets, who is next, and what may happen to a ticket.
//!
//! Fairness is a stated policy ([`Policy`]), not an accident of sorting. Whether a call reaches the hall is
//! not known here.

mod decide;
mod hall;
mod policy;
mod ticket;

pub use decide::{Command, DOUBLE_CALL_GUARD_MS, decide, is_double_call};
pub use hall::{CALLS_SHOWN, Call, Hall, Wait, announcement, estimate, hall};
pub use policy::{Policy, next};
pub use ticket::{
    PriorityReason, Ticket, TicketCalled, TicketFinished, TicketIssued, TicketMissed,
    TicketReturned, TicketState, judge,
};
