//! What waiting for a citizen's supplement does to a due date.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::count::run_days;
use super::days::Calendar;
use super::desk::Desk;
use super::due::{Due, DueError, DueRequest, Term, conclude, due};
use super::explain::{DayNote, NoteKind, vietnamese_date};
use super::hours::OpeningHours;
use super::limit::{LimitUnit, TimeLimit};

/// How the time limit goes on once a dossier is complete again. A setting of the procedure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SupplementPolicy {
    /// The limit starts again from nothing (NĐ 61/2018/NĐ-CP Đ19.4).
    #[default]
    Restart,
    /// The old due date moves by the time spent waiting.
    Extend,
}

/// The wait for a supplement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Waiting {
    /// When the supplement was asked for, in local civil time.
    pub asked: DateTime,
    /// When the dossier was complete, in local civil time.
    pub completed: DateTime,
}

/// The due date after a supplement.
///
/// `RESTART` asks [`due`] again with the completion as the reception. `EXTEND` adds to the old due
/// date the working days waited (limits in working days and hours, whole days only) or the days
/// waited (limits in days, weeks and months); a wait within one day adds nothing. Result on the
/// same day always restarts.
///
/// # Errors
/// As [`due`].
pub fn due_after_supplement(
    policy: SupplementPolicy,
    original: &DueRequest,
    old_due: &Due,
    waiting: Waiting,
    calendar: &Calendar,
    hours: &OpeningHours,
) -> Result<Due, DueError> {
    match (policy, original.term) {
        (SupplementPolicy::Extend, Term::Limit(limit)) => {
            let makeup_counts = original.options.makeup_saturday_counts;
            let desk = Desk {
                calendar,
                hours,
                makeup_counts,
            };
            extend(desk, limit, old_due, waiting)
        }
        (SupplementPolicy::Restart, _) | (_, Term::SameDay { .. }) => {
            let restarted = DueRequest {
                received: waiting.completed,
                ..*original
            };
            due(&restarted, calendar, hours)
        }
    }
}

fn extend(
    desk: Desk<'_>,
    limit: TimeLimit,
    old_due: &Due,
    waiting: Waiting,
) -> Result<Due, DueError> {
    let unit = match limit.unit() {
        LimitUnit::WorkingDay | LimitUnit::Hour => LimitUnit::WorkingDay,
        LimitUnit::Day | LimitUnit::Week | LimitUnit::Month => LimitUnit::Day,
    };
    let waited = waited_days(desk, unit, waiting.asked.date(), waiting.completed.date());
    let mut notes = vec![previous(old_due, unit, waited)];
    let on = match TimeLimit::new(waited, unit) {
        Ok(wait) => run_days(desk, old_due.on(), wait, &mut notes)?,
        Err(_) => old_due.on(),
    };
    let at = on.to_datetime(desk.within_hours(on, old_due.at.time()));
    Ok(conclude(desk, old_due.received_as, at, notes))
}

fn waited_days(desk: Desk<'_>, unit: LimitUnit, asked: Date, completed: Date) -> u32 {
    let days = match unit {
        LimitUnit::WorkingDay => {
            desk.calendar
                .working_days_between(asked, completed, desk.makeup_counts)
        }
        _ => asked.duration_until(completed).as_hours() / 24,
    };
    u32::try_from(days).unwrap_or(0).min(unit.max_amount())
}

fn previous(old_due: &Due, unit: LimitUnit, waited: u32) -> DayNote {
    let why = format!(
        "Hẹn trả trước đây: {}; cộng thời gian chờ bổ sung {waited:02} {}.",
        vietnamese_date(old_due.on()),
        unit.vietnamese()
    );
    DayNote::new(old_due.on(), NoteKind::PreviousDue, why)
}
