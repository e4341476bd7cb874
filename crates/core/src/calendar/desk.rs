//! A calendar and opening hours seen together: is the desk open, when does it next open, which day
//! is the next working day. Every walk over days is bounded.

use jiff::civil::{Date, DateTime, Time};

use super::days::{Calendar, DayInfo};
use super::due::DueError;
use super::hours::{Interval, OpeningHours};

/// Longest run of closed days that a walk crosses; Tết is 9. Beyond it the data is wrong.
const MAX_CLOSED_RUN_DAYS: u32 = 60;

#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) calendar: &'a Calendar,
    pub(super) hours: &'a OpeningHours,
    pub(super) makeup_counts: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn info(self, date: Date) -> DayInfo<'a> {
        self.calendar.day(date)
    }

    pub(super) fn works(self, date: Date) -> bool {
        self.calendar.is_working(date, self.makeup_counts)
    }

    pub(super) fn intervals(self, date: Date) -> &'a [Interval] {
        self.hours.on(date, self.calendar)
    }

    /// The moment itself when the desk is open, else the next opening. Closing time is closed.
    pub(super) fn open_at_or_after(self, at: DateTime) -> Result<DateTime, DueError> {
        let today = self
            .intervals(at.date())
            .iter()
            .find(|i| at.time() < i.closes);
        if let Some(interval) = today {
            return Ok(at.date().to_datetime(interval.opens.max(at.time())));
        }
        let date = walk(at.date(), |date| !self.intervals(date).is_empty())?;
        let opens = self
            .intervals(date)
            .first()
            .map_or(Time::midnight(), |i| i.opens);
        Ok(date.to_datetime(opens))
    }

    /// The first working day after this date.
    pub(super) fn next_working_day(self, after: Date) -> Result<Date, DueError> {
        walk(after, |date| self.works(date))
    }

    /// The end of a working day, when results are handed out for the last time.
    pub(super) fn closing(self, date: Date) -> Time {
        self.intervals(date)
            .last()
            .map_or_else(|| self.hours.usual_closing(), |i| i.closes)
    }

    /// A clock time on a date, moved into the opening hours of that date.
    pub(super) fn within_hours(self, date: Date, time: Time) -> Time {
        let interval = self.intervals(date).iter().find(|i| time <= i.closes);
        interval.map_or_else(|| self.closing(date), |i| time.max(i.opens))
    }
}

pub(super) fn tomorrow(date: Date) -> Result<Date, DueError> {
    date.tomorrow().map_err(|_| DueError::OutOfRange)
}

fn walk(after: Date, stop: impl Fn(Date) -> bool) -> Result<Date, DueError> {
    let mut date = after;
    for _ in 0..MAX_CLOSED_RUN_DAYS {
        date = tomorrow(date)?;
        if stop(date) {
            return Ok(date);
        }
    }
    Err(DueError::NeverOpens {
        after,
        searched_days: MAX_CLOSED_RUN_DAYS,
    })
}
