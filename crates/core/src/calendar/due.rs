//! The due date of one dossier, with the reason for every day.

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::count::{run_days, run_hours, same_day};
use super::days::Calendar;
use super::desk::Desk;
use super::explain::DayNote;
use super::hours::OpeningHours;
use super::limit::{LimitUnit, TimeLimit};
use super::reception::Reception;

/// The texts a due date rests on, as printed in its explanation.
const LEGAL_BASIS: &str =
    "Điều 147, 148 Bộ luật Dân sự 2015; Điều 105, 111, 112 Bộ luật Lao động 2019";

/// How long an authority has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A number of units.
    Limit(TimeLimit),
    /// The result is given on the day of reception; received after the cut-off ("sau 15 giờ"), on
    /// the next working day. At the cut-off to the minute is not after it.
    SameDay {
        /// The cut-off; `None` when the text knows none.
        late_cutoff: Option<Time>,
    },
}

/// What happens to a dossier handed in while the desk is closed (by post, from a box, online).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterHours {
    /// It counts as received when the desk next opens.
    #[default]
    NextOpening,
    /// It counts as received when it arrived.
    AsReceived,
}

/// At which time of the due date the result is promised, for limits in days, weeks and months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueTime {
    /// When the desk closes on that day.
    #[default]
    EndOfWorkingDay,
    /// At the time of day of the reception, moved into the opening hours. Two dossiers that are due
    /// on the same day may then be due in another order than they came.
    SameClockTime,
}

/// The choices that texts leave to the authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct DueOptions {
    /// Whether a make-up Saturday counts as a working day. No text says; by default it does.
    pub makeup_saturday_counts: bool,
    /// Dossiers that arrive while the desk is closed.
    pub after_hours: AfterHours,
    /// The time of the due date.
    pub due_time: DueTime,
}

impl Default for DueOptions {
    fn default() -> DueOptions {
        DueOptions {
            makeup_saturday_counts: true,
            after_hours: AfterHours::default(),
            due_time: DueTime::default(),
        }
    }
}

/// A question to [`due`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DueRequest {
    /// When the dossier was handed in, in local civil time. Seconds are not counted.
    pub received: DateTime,
    /// How long the authority has.
    pub term: Term,
    /// The authority's choices.
    pub options: DueOptions,
}

/// Something a person should know before relying on a due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum DueWarning {
    /// Holidays and swaps from this day on have not been decided, or not been loaded. Only weekly
    /// rest and the holidays on fixed dates were counted there.
    BeyondCalendar {
        /// The first day that was needed and is not covered.
        from: Date,
    },
    /// The due date is a working day on which this desk does not open.
    DeskClosedOnDueDate,
}

/// A due date and why it is that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Until when the result is promised, in local civil time.
    pub at: DateTime,
    /// The moment that counts as reception.
    pub received_as: DateTime,
    /// One note per day, in order.
    pub explanation: Vec<DayNote>,
    /// Edition of the calendar that was used.
    pub calendar_version: String,
    /// The texts the counting rests on.
    pub legal_basis: String,
    /// What a person should know.
    pub warnings: Vec<DueWarning>,
}

impl Due {
    /// The day of the due date.
    pub fn on(&self) -> Date {
        self.at.date()
    }

    /// The first day for which the calendar had no decision, if any was needed.
    pub fn beyond_calendar(&self) -> Option<Date> {
        self.warnings.iter().find_map(|warning| match warning {
            DueWarning::BeyondCalendar { from } => Some(*from),
            DueWarning::DeskClosedOnDueDate => None,
        })
    }

    /// The days that were passed over, with their reasons.
    pub fn skipped(&self) -> impl Iterator<Item = &DayNote> {
        self.explanation
            .iter()
            .filter(|note| note.kind.is_skipped())
    }
}

/// No due date can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// Beyond the years that dates can hold.
    #[error("the date lies outside the years that can be counted")]
    OutOfRange,
    /// Calendar and hours leave no open day in a long stretch: one of them is wrong.
    #[error("no open day in the {searched_days} days after {after}")]
    NeverOpens {
        /// The day after which the search began.
        after: Date,
        /// How far it went.
        searched_days: u32,
    },
}

/// The due date of a dossier.
///
/// Days of the limit are counted from the day after reception (Civil Code Đ147.2); a last day on
/// which nobody works moves to the next working day (Đ148.5); months end on the corresponding day
/// or the last of a shorter month (Đ148.4); hours start at once and run while the desk is open.
///
/// # Errors
/// When calendar and hours leave no open day, or the date leaves the range of the calendar.
pub fn due(
    request: &DueRequest,
    calendar: &Calendar,
    hours: &OpeningHours,
) -> Result<Due, DueError> {
    let makeup_counts = request.options.makeup_saturday_counts;
    let desk = Desk {
        calendar,
        hours,
        makeup_counts,
    };
    let reception = Reception::of(request, desk)?;
    let counts_from = reception.counts_from;
    let mut notes = reception.notes_before(desk)?;
    let at = match request.term {
        Term::Limit(limit) if limit.unit() == LimitUnit::Hour => {
            run_hours(desk, &reception, limit, &mut notes)?
        }
        Term::Limit(limit) => {
            notes.push(DayNote::received(&reception));
            let on = run_days(desk, counts_from.date(), limit, &mut notes)?;
            on.to_datetime(due_time(desk, on, counts_from.time(), request.options))
        }
        Term::SameDay { late_cutoff } => {
            let on = same_day(desk, &reception, late_cutoff, &mut notes)?;
            on.to_datetime(desk.closing(on))
        }
    };
    Ok(conclude(desk, counts_from, at, notes))
}

/// Puts the parts of an answer together and says where it is on thin ice.
pub(super) fn conclude(
    desk: Desk<'_>,
    received_as: DateTime,
    at: DateTime,
    explanation: Vec<DayNote>,
) -> Due {
    let first = explanation
        .first()
        .map_or(received_as.date(), |note| note.date);
    let beyond = first_uncovered(desk.calendar, first, at.date());
    let mut warnings: Vec<DueWarning> = beyond
        .map(|from| DueWarning::BeyondCalendar { from })
        .into_iter()
        .collect();
    if desk.intervals(at.date()).is_empty() {
        warnings.push(DueWarning::DeskClosedOnDueDate);
    }
    Due {
        at,
        received_as,
        explanation,
        calendar_version: desk.calendar.version().to_owned(),
        legal_basis: LEGAL_BASIS.to_owned(),
        warnings,
    }
}

fn first_uncovered(calendar: &Calendar, first: Date, last: Date) -> Option<Date> {
    let (_, to) = calendar.span();
    if !calendar.covers(first) {
        return Some(first);
    }
    let after = to.tomorrow().ok()?;
    (last > to).then_some(after)
}

fn due_time(desk: Desk<'_>, on: Date, received: Time, options: DueOptions) -> Time {
    match options.due_time {
        DueTime::EndOfWorkingDay => desk.closing(on),
        DueTime::SameClockTime => desk.within_hours(on, received),
    }
}
