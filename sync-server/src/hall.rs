//! What the hall sees: the last calls and how many wait. A function from state to a view; no personal data.

use std::collections::VecDeque;

use jiff::civil::DateTime;
use motcua_core::event::Event;
use motcua_core::office::Office;
use motcua_core::queue::{Ticket, TicketState};
use motcua_ledger::exchange::HallCall;
use serde::Serialize;

use crate::limits::HALL_CALLS_MAX;

/// What stands under the numbers in a practice office.
const PRACTICE_NOTICE: &str = "TẬP HUẤN: các số này không có thật.";

/// `GET /v1/hall`: the shape that the display page reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HallView {
    /// The office's name; empty until it is set up.
    pub office_name: String,
    /// Local time of the office.
    pub now: DateTime,
    /// Newest first: the current call and the last four.
    pub calls: Vec<HallCall>,
    /// How many wait, by field.
    pub waits: Vec<HallWait>,
    /// One line for everybody; may be empty.
    pub notice: String,
    /// Results to be collected today; none where the hub does not count them.
    pub results_today: Option<u32>,
}

/// One line of waiting people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HallWait {
    /// The field's name.
    pub field_name: String,
    /// How many wait.
    pub waiting: usize,
    /// An honest range; none where it cannot be told.
    pub min_minutes: Option<u32>,
    /// See [`Self::min_minutes`].
    pub max_minutes: Option<u32>,
}

/// The last calls.
#[derive(Clone, Debug, Default)]
pub struct Board {
    calls: VecDeque<HallCall>,
}

impl Board {
    /// Takes note of a call. A second call of a number moves it to the front.
    pub fn note(&mut self, call: HallCall) {
        if self.calls.iter().any(|known| known.seq >= call.seq) {
            return;
        }
        self.calls.retain(|known| known.label != call.label);
        self.calls.push_front(call);
        self.calls.truncate(HALL_CALLS_MAX);
    }

    /// The calls of a day after a log position, newest first.
    pub fn calls(&self, day: jiff::civil::Date, after: u64) -> impl Iterator<Item = &HallCall> {
        self.calls
            .iter()
            .filter(move |call| call.called_at.date() == day && call.seq > after)
    }
}

/// The call that an operation at `seq` makes, if it is one that stands.
#[must_use]
pub fn call_of(
    seq: u64,
    event: &Event,
    ticket: &Ticket,
    office: Option<&Office>,
) -> Option<HallCall> {
    let Event::TicketCalled(called) = event else {
        return None;
    };
    let counter = office
        .map(|office| office.counter_number(called.counter))
        .unwrap_or_default();
    Some(HallCall {
        seq,
        label: ticket.issued.label.clone(),
        counter_number: counter.parse().unwrap_or(0),
        called_at: called.at,
    })
}

/// The view at `now`.
#[must_use]
pub fn view(office: Option<&Office>, tickets: &[Ticket], board: &Board, now: DateTime) -> HallView {
    let waiting = |field| {
        let waits = |t: &&Ticket| t.issued.field == field && t.state == TicketState::Waiting;
        tickets.iter().filter(waits).count()
    };
    let fields = office
        .into_iter()
        .flat_map(|office| office.fields.values())
        .filter(|f| f.active);
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by(|a, b| a.letter.cmp(&b.letter));
    let is_practice = office.is_some_and(|office| office.profile.practice);
    HallView {
        office_name: office
            .map(|office| office.profile.name.clone())
            .unwrap_or_default(),
        now,
        calls: board.calls(now.date(), 0).cloned().collect(),
        waits: fields
            .into_iter()
            .map(|field| HallWait {
                field_name: field.name.clone(),
                waiting: waiting(field.id),
                min_minutes: None,
                max_minutes: None,
            })
            .collect(),
        notice: if is_practice {
            PRACTICE_NOTICE.to_owned()
        } else {
            String::new()
        },
        results_today: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use motcua_core::ids::EntityId;
    use motcua_core::queue::{TicketCalled, TicketIssued};

    use super::*;

    fn call(seq: u64, label: &str) -> HallCall {
        let called_at = date(2026, 11, 23).at(9, 0, i8::try_from(seq).unwrap(), 0);
        HallCall {
            seq,
            label: label.to_owned(),
            counter_number: 3,
            called_at,
        }
    }

    fn labels(board: &Board) -> Vec<&str> {
        board
            .calls(date(2026, 11, 23), 0)
            .map(|c| c.label.as_str())
            .collect()
    }

    #[test]
    fn the_current_call_and_the_last_four_newest_first() {
        let mut board = Board::default();
        for (seq, label) in [
            (1, "A001"),
            (2, "A002"),
            (3, "B001"),
            (4, "A003"),
            (5, "A004"),
            (6, "B002"),
        ] {
            board.note(call(seq, label));
        }
        assert_eq!(labels(&board), ["B002", "A004", "A003", "B001", "A002"]);
    }

    #[test]
    fn calling_again_moves_the_number_to_the_front_and_nothing_is_shown_twice() {
        let mut board = Board::default();
        for (seq, label) in [(1, "A001"), (2, "A002"), (3, "A001"), (3, "A001")] {
            board.note(call(seq, label));
        }
        assert_eq!(labels(&board), ["A001", "A002"]);
    }

    #[test]
    fn yesterdays_calls_are_not_todays() {
        let mut board = Board::default();
        board.note(call(1, "A001"));
        assert_eq!(board.calls(date(2026, 11, 24), 0).count(), 0);
    }

    #[test]
    fn a_display_that_comes_back_hears_what_it_missed() {
        let mut board = Board::default();
        board.note(call(1, "A001"));
        board.note(call(2, "A002"));
        let missed: Vec<u64> = board.calls(date(2026, 11, 23), 1).map(|c| c.seq).collect();
        assert_eq!(missed, [2]);
    }

    #[test]
    fn before_the_office_is_set_up_the_hall_is_empty_and_a_call_has_no_counter() {
        let now = date(2026, 11, 23).at(9, 0, 0, 0);
        let empty = view(None, &[], &Board::default(), now);
        assert_eq!((empty.office_name.as_str(), empty.waits.len()), ("", 0));
        let issued = TicketIssued {
            label: "A001".into(),
            number: 1,
            field: EntityId::derived("hộ tịch"),
            day: now.date(),
            priority: None,
            at: now,
        };
        let id = EntityId::derived("vé");
        let ticket = Ticket {
            id,
            issued,
            state: TicketState::Waiting,
            last_seq: 1,
        };
        let called = Event::TicketCalled(TicketCalled {
            counter: id,
            at: now,
        });
        assert_eq!(
            call_of(7, &called, &ticket, None).unwrap().counter_number,
            0
        );
    }
}
