//! What the hall sees and hears, from today's tickets. No personal data: numbers, counters, waits.

use super::{Ticket, TicketState};
use crate::ids::EntityId;
use crate::office::Office;
use jiff::civil::DateTime;

/// Calls that the hall keeps on the display: the current one and four before it.
pub const CALLS_SHOWN: usize = 5;
/// Finished tickets that an estimate rests on at least.
const ESTIMATE_SAMPLES_MIN: usize = 5;
/// Finished tickets that an estimate looks back on at most.
const ESTIMATE_SAMPLES_MAX: usize = 30;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Grows with each call of the day, for every PC the same: a repeated call has a new one.
    pub seq: u64,
    /// For example `A027`.
    pub label: String,
    /// What the hall calls the counter.
    pub counter: String,
    /// When.
    pub at: DateTime,
}

/// How long a field waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The field's name.
    pub field: String,
    /// How many people.
    pub waiting: usize,
    /// An honest range in minutes for who comes now, where enough people were served to tell.
    pub minutes: Option<(u32, u32)>,
}

/// Everything on the display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hall {
    /// The office's name.
    pub office: String,
    /// Newest first.
    pub calls: Vec<Call>,
    /// By field.
    pub waits: Vec<Wait>,
}

/// The display from today's tickets.
#[must_use]
pub fn hall(office: &Office, tickets: &[Ticket]) -> Hall {
    Hall {
        office: office.profile.name.clone(),
        calls: calls(office, tickets),
        waits: waits(office, tickets),
    }
}

fn calls(office: &Office, tickets: &[Ticket]) -> Vec<Call> {
    let mut calls: Vec<Call> = tickets.iter().filter_map(|t| call(office, t)).collect();
    calls.sort_by(|a, b| (b.at, &b.label).cmp(&(a.at, &a.label)));
    calls.truncate(CALLS_SHOWN);
    calls
}

/// Who was missed is called again when they come back: only calls that were answered or still stand are shown.
fn call(office: &Office, ticket: &Ticket) -> Option<Call> {
    let (counter, at) = match &ticket.state {
        TicketState::Called { counter, last, .. } => (*counter, *last),
        TicketState::Finished { counter, last, .. } => (*counter, *last),
        TicketState::Waiting | TicketState::Missed { .. } => return None,
    };
    let midnight = at.date().at(0, 0, 0, 0);
    let seconds = u64::try_from(at.duration_since(midnight).as_secs()).unwrap_or(0);
    let seq = seconds * 1000 + u64::from(ticket.issued.number % 1000);
    Some(Call {
        seq,
        label: ticket.issued.label.clone(),
        counter: office.counter_number(counter),
        at,
    })
}

fn waits(office: &Office, tickets: &[Ticket]) -> Vec<Wait> {
    let fields = office.fields.values().filter(|f| f.active);
    let waiting = |field: EntityId| {
        tickets
            .iter()
            .filter(|t| t.issued.field == field && t.state == TicketState::Waiting)
            .count()
    };
    fields
        .map(|f| (f, waiting(f.id)))
        .filter(|(_, waiting)| *waiting > 0)
        .map(|(f, waiting)| Wait {
            field: f.name.clone(),
            waiting,
            minutes: estimate(tickets, f.id),
        })
        .collect()
}

/// The middle half of the waits of those who were called most recently in this field: from the lower to the upper
/// quartile. Nothing when too few were called to be honest about it.
#[must_use]
pub fn estimate(tickets: &[Ticket], field: EntityId) -> Option<(u32, u32)> {
    let called = |t: &Ticket| match &t.state {
        TicketState::Called { since, .. } => Some((*since, t.issued.at)),
        TicketState::Finished { since, .. } => Some((*since, t.issued.at)),
        _ => None,
    };
    let mut recent: Vec<(DateTime, DateTime)> = tickets
        .iter()
        .filter(|t| t.issued.field == field)
        .filter_map(called)
        .collect();
    recent.sort_by_key(|(called, _)| std::cmp::Reverse(*called));
    recent.truncate(ESTIMATE_SAMPLES_MAX);
    if recent.len() < ESTIMATE_SAMPLES_MIN {
        return None;
    }
    let minutes =
        |(served, issued): &(DateTime, DateTime)| served.duration_since(*issued).as_mins().max(0);
    let mut waits: Vec<i64> = recent.iter().map(minutes).collect();
    waits.sort_unstable();
    let at =
        |quarter: usize| u32::try_from(waits[(waits.len() - 1) * quarter / 4]).unwrap_or(u32::MAX);
    Some((at(1), at(3).max(at(1) + 1)))
}

/// The sentence that the hall hears. Tickets are read digit by digit, counters as a number.
#[must_use]
pub fn announcement(label: &str, counter: &str) -> String {
    let digit = |c: char| match c {
        '0' => "không",
        '1' => "một",
        '2' => "hai",
        '3' => "ba",
        '4' => "bốn",
        '5' => "năm",
        '6' => "sáu",
        '7' => "bảy",
        '8' => "tám",
        '9' => "chín",
        _ => "",
    };
    let spell = |c: char| {
        if c.is_ascii_digit() {
            digit(c).to_owned()
        } else {
            c.to_string()
        }
    };
    let spelled: Vec<String> = label.chars().map(spell).collect();
    let counter = counter
        .parse::<u64>()
        .map_or_else(|_| counter.to_owned(), crate::money::number_in_words);
    format!("Mời số {}, đến quầy số {counter}.", spelled.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_digit_by_digit() {
        assert_eq!(
            announcement("A027", "3"),
            "Mời số A không hai bảy, đến quầy số ba."
        );
        assert_eq!(
            announcement("B114", "12"),
            "Mời số B một một bốn, đến quầy số mười hai."
        );
    }
}
