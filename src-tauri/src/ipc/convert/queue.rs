//! The queue at a counter, a ticket that was given out, and what the hall shows.

use jiff::civil::DateTime;
use motcua_core::ids::EntityId;
use motcua_core::queue::{Hall, PriorityReason, Ticket, TicketState};
use motcua_desk::{Issued, LONG_WAIT_MINUTES, QueueView};

use super::office::{counter_view, field_name, fields};
use super::words::{count, counter_number, date_time};
use crate::ipc::dto;
use crate::ipc::error::ApiError;

/// When the person at the counter began to be served: an intake was opened for their ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    /// Their ticket.
    pub ticket: EntityId,
    /// When the intake was opened.
    pub since: DateTime,
}

/// The queue as the counter's screen shows it.
#[must_use]
pub fn desk_view(view: &QueueView, serving: Option<Serving>) -> dto::DeskView {
    dto::DeskView {
        counter: counter_view(&view.counter),
        fields: fields(),
        ticket: view
            .in_hand
            .as_ref()
            .and_then(|ticket| current(ticket, serving)),
        waiting: view
            .waiting
            .iter()
            .map(|ticket| waiting(ticket, view.now))
            .collect(),
        held: view.held.iter().filter_map(held).collect(),
        hall: dto::HallTotals {
            waiting: count(view.hall_waiting),
            longest_wait_minutes: count(view.longest_wait_minutes.max(0)),
            open_counters: view
                .open_counters
                .iter()
                .map(|called| counter_number(called))
                .collect(),
        },
        can: rights(view),
        now: date_time(view.now),
    }
}

/// What the queue's rules allow, so that a key that would be refused is not offered.
fn rights(view: &QueueView) -> dto::DeskRights {
    let in_hand = view.in_hand.is_some();
    dto::DeskRights {
        call_next: !in_hand && !view.waiting.is_empty(),
        call_again: in_hand,
        no_show: in_hand,
        finish: in_hand,
    }
}

fn current(ticket: &Ticket, serving: Option<Serving>) -> Option<dto::CurrentTicket> {
    let TicketState::Called { since, times, .. } = ticket.state else {
        return None;
    };
    let serving = serving.filter(|serving| serving.ticket == ticket.id);
    Some(dto::CurrentTicket {
        id: ticket.id.to_string(),
        label: ticket.issued.label.clone(),
        field_name: field_name(ticket.issued.field),
        state: match serving {
            Some(_) => dto::TicketStage::Serving,
            None => dto::TicketStage::Called,
        },
        called_at: date_time(since),
        calls: u32::from(times),
        serving_since: serving.map(|serving| date_time(serving.since)),
        priority: ticket.issued.priority.and_then(shown_priority),
    })
}

fn waiting(ticket: &Ticket, now: DateTime) -> dto::WaitingTicket {
    let minutes = now.duration_since(ticket.issued.at).as_mins().max(0);
    dto::WaitingTicket {
        id: ticket.id.to_string(),
        label: ticket.issued.label.clone(),
        field_name: field_name(ticket.issued.field),
        // A ticket is for a field; what the person wants is learnt at the counter.
        purpose: String::new(),
        issued_at: date_time(ticket.issued.at),
        wait_minutes: count(minutes),
        long_wait: minutes > LONG_WAIT_MINUTES,
        priority: ticket.issued.priority.and_then(shown_priority),
    }
}

fn held(ticket: &Ticket) -> Option<dto::HeldTicket> {
    let TicketState::Missed {
        held_until, times, ..
    } = ticket.state
    else {
        return None;
    };
    Some(dto::HeldTicket {
        id: ticket.id.to_string(),
        label: ticket.issued.label.clone(),
        field_name: field_name(ticket.issued.field),
        calls: u32::from(times),
        held_until: date_time(held_until),
    })
}

/// A ticket that was given out by hand.
#[must_use]
pub fn issued(issued: &Issued) -> dto::IssuedTicket {
    dto::IssuedTicket {
        id: issued.ticket.id.to_string(),
        label: issued.ticket.issued.label.clone(),
        field_name: issued.field.clone(),
        ahead_of_you: count(issued.ahead),
    }
}

/// The hall. It has no personal data to leave out: numbers, counters, waits.
#[must_use]
pub fn hall_view(hall: &Hall, now: DateTime) -> dto::HallView {
    dto::HallView {
        office_name: hall.office.clone(),
        now: date_time(now),
        calls: hall
            .calls
            .iter()
            .map(|call| dto::HallCall {
                seq: call.seq,
                label: call.label.clone(),
                counter_number: counter_number(&call.counter),
                called_at: date_time(call.at),
            })
            .collect(),
        waits: hall
            .waits
            .iter()
            .map(|wait| dto::HallWait {
                field_name: wait.field.clone(),
                waiting: count(wait.waiting),
                min_minutes: wait.minutes.map(|(min, _)| min),
                max_minutes: wait.minutes.map(|(_, max)| max),
            })
            .collect(),
        // The office has no notice board and no returning of results yet: nothing is claimed.
        notice: String::new(),
        results_today: 0,
    }
}

/// The domain's reason for a screen's.
///
/// # Errors
/// [`ApiError::InvalidInput`] for a reason that the office's queue does not know.
pub fn priority_of(reason: dto::PriorityReason) -> Result<PriorityReason, ApiError> {
    match reason {
        dto::PriorityReason::Elderly => Ok(PriorityReason::Elderly),
        dto::PriorityReason::Pregnant => Ok(PriorityReason::Pregnant),
        dto::PriorityReason::Disabled => Ok(PriorityReason::Disabled),
        dto::PriorityReason::Merit => Ok(PriorityReason::Merit),
        _ => Err(ApiError::InvalidInput {
            problems: vec![dto::FieldProblem {
                field: "priority".to_owned(),
                code: dto::FieldProblemCode::BadFormat,
            }],
        }),
    }
}

fn shown_priority(reason: PriorityReason) -> Option<dto::PriorityReason> {
    match reason {
        PriorityReason::Elderly => Some(dto::PriorityReason::Elderly),
        PriorityReason::Pregnant => Some(dto::PriorityReason::Pregnant),
        PriorityReason::Disabled => Some(dto::PriorityReason::Disabled),
        PriorityReason::Merit => Some(dto::PriorityReason::Merit),
        // An appointment is called at its hour; it is no privilege to show.
        PriorityReason::Appointment => None,
    }
}
