//! When a dossier counts as received, and in which words that is said.

use jiff::civil::DateTime;

use super::desk::{Desk, tomorrow};
use super::due::{AfterHours, DueError, DueRequest};
use super::explain::{DayNote, clock};

pub(super) struct Reception {
    /// When it was handed in, to the minute.
    pub(super) handed_in: DateTime,
    /// When it counts as received; never earlier.
    pub(super) counts_from: DateTime,
}

impl Reception {
    pub(super) fn of(request: &DueRequest, desk: Desk<'_>) -> Result<Reception, DueError> {
        let handed_in = whole_minute(request.received);
        let counts_from = match request.options.after_hours {
            AfterHours::NextOpening => desk.open_at_or_after(handed_in)?,
            AfterHours::AsReceived => handed_in,
        };
        Ok(Reception {
            handed_in,
            counts_from,
        })
    }

    /// Notes for the days before the one that counts.
    pub(super) fn notes_before(&self, desk: Desk<'_>) -> Result<Vec<DayNote>, DueError> {
        let mut notes = Vec::new();
        if self.counts_from.date() == self.handed_in.date() {
            return Ok(notes);
        }
        notes.push(DayNote::after_hours(self.handed_in, self.counts_from));
        let mut date = tomorrow(self.handed_in.date())?;
        while date < self.counts_from.date() {
            notes.push(DayNote::skipped(date, desk.info(date)));
            date = tomorrow(date)?;
        }
        Ok(notes)
    }

    /// "Tiếp nhận lúc 09:15", or why another time of the same day counts.
    pub(super) fn words(&self) -> String {
        let counts = clock(self.counts_from.time());
        let moved = self.counts_from.date() == self.handed_in.date()
            && self.counts_from.time() != self.handed_in.time();
        if moved {
            let handed_in = clock(self.handed_in.time());
            format!("Nộp lúc {handed_in}, ngoài giờ tiếp nhận, tính là tiếp nhận lúc {counts}")
        } else {
            format!("Tiếp nhận lúc {counts}")
        }
    }
}

pub(super) fn whole_minute(at: DateTime) -> DateTime {
    at.date().at(at.hour(), at.minute(), 0, 0)
}
