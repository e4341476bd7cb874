//! Counting: walks a limit day by day, or minute by minute, and notes every day it passes.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Span};

use super::desk::{Desk, tomorrow};
use super::due::DueError;
use super::explain::{DayNote, NoteKind, clock};
use super::limit::{LimitUnit, TimeLimit};
use super::reception::Reception;

const MINUTES_PER_HOUR: i64 = 60;

/// Walks a limit in days, weeks or months and returns its last day, which is a working day.
pub(super) fn run_days(
    desk: Desk<'_>,
    start: Date,
    limit: TimeLimit,
    notes: &mut Vec<DayNote>,
) -> Result<Date, DueError> {
    match limit.unit() {
        LimitUnit::WorkingDay => run_working_days(desk, start, limit.amount(), notes),
        LimitUnit::Week | LimitUnit::Month => {
            let end = run_periods(start, limit, notes)?;
            settle(desk, end, notes)
        }
        LimitUnit::Day | LimitUnit::Hour => {
            let end = run_plain_days(desk, start, limit.amount(), notes)?;
            settle(desk, end, notes)
        }
    }
}

fn run_working_days(
    desk: Desk<'_>,
    start: Date,
    amount: u32,
    notes: &mut Vec<DayNote>,
) -> Result<Date, DueError> {
    let mut on = start;
    for nth in 1..=amount {
        let next = desk.next_working_day(on)?;
        note_days_off(desk, on, next, notes)?;
        notes.push(DayNote::working(next, desk.info(next), nth, amount));
        on = next;
    }
    Ok(on)
}

fn run_plain_days(
    desk: Desk<'_>,
    start: Date,
    amount: u32,
    notes: &mut Vec<DayNote>,
) -> Result<Date, DueError> {
    let mut on = start;
    for nth in 1..=amount {
        on = tomorrow(on)?;
        notes.push(DayNote::plain(on, desk.info(on), nth, amount));
    }
    Ok(on)
}

/// Only the corresponding day of each week or month is noted: the days between all count alike.
fn run_periods(start: Date, limit: TimeLimit, notes: &mut Vec<DayNote>) -> Result<Date, DueError> {
    let mut on = start;
    for nth in 1..=limit.amount() {
        let span = match limit.unit() {
            LimitUnit::Month => Span::new().try_months(nth),
            _ => Span::new().try_weeks(nth),
        };
        let span = span.map_err(|_| DueError::OutOfRange)?;
        on = start.checked_add(span).map_err(|_| DueError::OutOfRange)?;
        notes.push(DayNote::period(on, nth, limit));
    }
    Ok(on)
}

/// Moves a last day on which nobody works to the next working day.
fn settle(desk: Desk<'_>, end: Date, notes: &mut Vec<DayNote>) -> Result<Date, DueError> {
    if desk.works(end) {
        return Ok(end);
    }
    let on = desk.next_working_day(end)?;
    note_days_off(desk, end, on, notes)?;
    notes.push(DayNote::moved(on, end));
    Ok(on)
}

/// Notes for the days strictly between two dates.
fn note_days_off(
    desk: Desk<'_>,
    after: Date,
    before: Date,
    notes: &mut Vec<DayNote>,
) -> Result<(), DueError> {
    let mut date = tomorrow(after)?;
    while date < before {
        notes.push(DayNote::skipped(date, desk.info(date)));
        date = tomorrow(date)?;
    }
    Ok(())
}

/// Lets the limit run while the desk is open; ends at a minute.
pub(super) fn run_hours(
    desk: Desk<'_>,
    reception: &Reception,
    limit: TimeLimit,
    notes: &mut Vec<DayNote>,
) -> Result<DateTime, DueError> {
    let total = i64::from(limit.amount()) * MINUTES_PER_HOUR;
    let start = reception.counts_from.date();
    let mut left = total;
    let mut at = desk.open_at_or_after(reception.counts_from)?;
    if at.date() > start {
        notes.push(DayNote::received_hours(reception, 0, total));
        note_days_off(desk, start, at.date(), notes)?;
    }
    loop {
        let before = left;
        let end = run_one_day(desk, at, &mut left);
        notes.push(if at.date() == start {
            DayNote::received_hours(reception, before - left, total)
        } else {
            DayNote::hours(at.date(), before - left, total)
        });
        if left == 0 {
            return Ok(at.date().to_datetime(end));
        }
        let next = desk.open_at_or_after(at.date().to_datetime(end))?;
        note_days_off(desk, at.date(), next.date(), notes)?;
        at = next;
    }
}

/// Uses up what is open from this moment to the end of its day; the time at which it stopped.
fn run_one_day(desk: Desk<'_>, from: DateTime, left: &mut i64) -> Time {
    let mut end = from.time();
    for interval in desk.intervals(from.date()) {
        let opens = interval.opens.max(from.time());
        let open = opens.duration_until(interval.closes).as_mins();
        if open <= 0 || *left == 0 {
            continue;
        }
        let used = open.min(*left);
        *left -= used;
        end = if used == open {
            interval.closes
        } else {
            opens.saturating_add(minutes(used))
        };
    }
    end
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(super) fn same_day(
    desk: Desk<'_>,
    reception: &Reception,
    late_cutoff: Option<Time>,
    notes: &mut Vec<DayNote>,
) -> Result<Date, DueError> {
    let received = reception.counts_from;
    let words = reception.words();
    let cutoff = late_cutoff.filter(|cutoff| received.time() > *cutoff);
    let works = desk.works(received.date()) || !desk.intervals(received.date()).is_empty();
    let why = match (cutoff, works) {
        (Some(cutoff), _) => {
            format!(
                "{words}, sau {}; trả kết quả trong ngày làm việc tiếp theo.",
                clock(cutoff)
            )
        }
        (None, true) => format!("{words}; trả kết quả trong ngày."),
        (None, false) => format!("{words}, ngày nghỉ; trả kết quả trong ngày làm việc tiếp theo."),
    };
    notes.push(DayNote::new(received.date(), NoteKind::Received, why));
    if cutoff.is_none() && works {
        return Ok(received.date());
    }
    let on = desk.next_working_day(received.date())?;
    note_days_off(desk, received.date(), on, notes)?;
    notes.push(DayNote::working(on, desk.info(on), 1, 1));
    Ok(on)
}
