//! The due date with its reasons, day by day.

use jiff::civil::DateTime;
use motcua_core::calendar::{self, DayNote, Due, NoteKind};
use motcua_core::dossier::DueRecord;
use motcua_core::intake::NoDue;

use super::words::{date, date_time};
use crate::ipc::dto::{DueProblem, DueState, DueStep, DueStepKind, DueView, LimitUnit, TimeLimit};

const DAYS_PER_WEEK: u32 = 7;
const MINUTES_PER_HOUR: i64 = 60;

/// A limit as the catalogue states it. A week is shown as seven days: it ends on the same date.
pub(super) fn limit(limit: calendar::TimeLimit) -> TimeLimit {
    let (value, unit) = match limit.unit() {
        calendar::LimitUnit::WorkingDay => (limit.amount(), LimitUnit::WorkingDay),
        calendar::LimitUnit::Day => (limit.amount(), LimitUnit::Day),
        calendar::LimitUnit::Hour => (limit.amount(), LimitUnit::Hour),
        calendar::LimitUnit::Week => (limit.amount() * DAYS_PER_WEEK, LimitUnit::Day),
        calendar::LimitUnit::Month => (limit.amount(), LimitUnit::Month),
    };
    TimeLimit { value, unit }
}

/// "In the day" is shown as one working day; the steps say that it is today.
const SAME_DAY: TimeLimit = TimeLimit {
    value: 1,
    unit: LimitUnit::WorkingDay,
};

/// The due date of a draft that is being taken now.
pub(super) fn due_view(
    due: &Due,
    stated: Option<calendar::TimeLimit>,
    received: DateTime,
) -> DueView {
    view(
        received,
        due.at,
        stated,
        &due.explanation,
        &due.legal_basis,
        &due.calendar_version,
    )
}

/// The due date that a dossier was received with.
pub(super) fn recorded_due(due: &DueRecord, received: DateTime) -> DueView {
    view(
        received,
        due.at,
        due.limit,
        &due.explanation,
        &due.legal_basis,
        &due.calendar_version,
    )
}

/// A dossier whose procedure has no limit promises no date: what is shown is the day it was taken.
pub(super) fn no_due(received: DateTime) -> DueView {
    view(received, received, None, &[], "", "")
}

fn view(
    received: DateTime,
    at: DateTime,
    stated: Option<calendar::TimeLimit>,
    notes: &[DayNote],
    legal_basis: &str,
    calendar_version: &str,
) -> DueView {
    let stated = stated.map_or(SAME_DAY, limit);
    DueView {
        received_at: date_time(received),
        due_at: date_time(at),
        limit: stated,
        steps: steps(notes, stated.unit),
        legal_basis: legal_basis.to_owned(),
        calendar_name: calendar_version.to_owned(),
    }
}

/// Why there is no due date yet.
pub(super) fn due_problem(why: &NoDue) -> DueProblem {
    match why {
        NoDue::NoProcedure => DueProblem::NoProcedure,
        NoDue::NoLimit => DueProblem::NoLimit,
        NoDue::NeedsDecision | NoDue::NoRow => DueProblem::UnitUndecided,
        // Only a date far outside the calendar cannot be counted from.
        NoDue::Calendar(_) => DueProblem::ClockDoubtful,
    }
}

/// How near the end is. A dossier that was answered is neither early nor late.
pub(super) fn due_state(due: Option<DateTime>, now: DateTime, closed: bool) -> DueState {
    match due {
        _ if closed => DueState::Closed,
        Some(at) if now > at => DueState::Late,
        Some(at) if now.date() == at.date() => DueState::DueToday,
        _ => DueState::OnTime,
    }
}

fn steps(notes: &[DayNote], unit: LimitUnit) -> Vec<DueStep> {
    let mut days = 0_u32;
    let mut minutes = 0_i64;
    notes
        .iter()
        .map(|note| {
            let ordinal = match unit {
                LimitUnit::Hour => note.minutes.filter(|used| *used > 0).map(|used| {
                    minutes += used;
                    hours_so_far(minutes)
                }),
                _ => note.kind.counts().then(|| {
                    days += 1;
                    days
                }),
            };
            DueStep {
                date: date(note.date),
                kind: step_kind(note, unit),
                why: short_reason(note),
                ordinal,
            }
        })
        .collect()
}

/// The hour that is reached; one that has begun counts, as people count hours.
fn hours_so_far(minutes: i64) -> u32 {
    let hours = minutes
        .max(0)
        .unsigned_abs()
        .div_ceil(MINUTES_PER_HOUR.unsigned_abs());
    u32::try_from(hours).unwrap_or(u32::MAX)
}

fn step_kind(note: &DayNote, unit: LimitUnit) -> DueStepKind {
    match note.kind {
        NoteKind::Counted | NoteKind::Received if note.minutes.is_some_and(|used| used > 0) => {
            DueStepKind::Hour
        }
        NoteKind::Received | NoteKind::PreviousDue => DueStepKind::Received,
        NoteKind::AfterHours => DueStepKind::ReceivedAfterHours,
        NoteKind::Weekend | NoteKind::DeskClosed => DueStepKind::Weekend,
        NoteKind::Holiday => DueStepKind::Holiday,
        NoteKind::CompensatoryOff => DueStepKind::CompensatoryOff,
        NoteKind::SwapOff => DueStepKind::SwapOff,
        NoteKind::SwapWork => DueStepKind::MakeUpDay,
        NoteKind::LastDayMoved => DueStepKind::Moved,
        NoteKind::Counted => match unit {
            LimitUnit::WorkingDay => DueStepKind::WorkingDay,
            LimitUnit::Day => DueStepKind::CalendarDay,
            LimitUnit::Hour => DueStepKind::Hour,
            LimitUnit::Month => DueStepKind::Month,
        },
    }
}

/// The name of the holiday or the decree, for a line that has the date and the kind beside it. The days
/// that explain themselves by their kind need no name.
fn short_reason(note: &DayNote) -> String {
    const HOLIDAY: &str = "Nghỉ lễ: ";
    let named = matches!(
        note.kind,
        NoteKind::Holiday | NoteKind::CompensatoryOff | NoteKind::SwapOff | NoteKind::SwapWork
    );
    if !named {
        return String::new();
    }
    let words = note.why.strip_prefix(HOLIDAY).unwrap_or(&note.why);
    let name = words
        .split_once(", tính là")
        .map_or(words, |(name, _)| name);
    name.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use motcua_core::calendar::{Calendar, DueOptions, DueRequest, OpeningHours, Term};

    use super::*;

    fn due_of(received: DateTime, amount: u32, unit: calendar::LimitUnit) -> DueView {
        let stated = calendar::TimeLimit::new(amount, unit).unwrap();
        let request = DueRequest {
            received,
            term: Term::Limit(stated),
            options: DueOptions::default(),
        };
        let due = calendar::due(&request, &Calendar::vietnam(), &OpeningHours::default()).unwrap();
        due_view(&due, Some(stated), received)
    }

    fn kinds(view: &DueView) -> Vec<(&str, DueStepKind, Option<u32>)> {
        view.steps
            .iter()
            .map(|s| (s.date.as_str(), s.kind, s.ordinal))
            .collect()
    }

    #[test]
    fn three_working_days_over_the_culture_day_name_the_holiday_and_count_to_three() {
        let view = due_of(
            date(2026, 11, 20).at(9, 15, 0, 0),
            3,
            calendar::LimitUnit::WorkingDay,
        );

        assert_eq!(view.due_at, "2026-11-26T17:00:00");
        assert_eq!(
            kinds(&view),
            [
                ("2026-11-20", DueStepKind::Received, None),
                ("2026-11-21", DueStepKind::Weekend, None),
                ("2026-11-22", DueStepKind::Weekend, None),
                ("2026-11-23", DueStepKind::WorkingDay, Some(1)),
                ("2026-11-24", DueStepKind::Holiday, None),
                ("2026-11-25", DueStepKind::WorkingDay, Some(2)),
                ("2026-11-26", DueStepKind::WorkingDay, Some(3)),
            ]
        );
        let holiday = &view.steps[4].why;
        assert!(
            !holiday.is_empty() && !holiday.starts_with("Nghỉ lễ"),
            "{holiday}"
        );
        assert!(!holiday.ends_with('.'), "{holiday}");
        assert!(view.steps[3].why.is_empty());
    }

    #[test]
    fn eight_working_hours_are_counted_over_two_days() {
        let view = due_of(
            date(2026, 11, 25).at(15, 0, 0, 0),
            8,
            calendar::LimitUnit::Hour,
        );
        assert_eq!(
            view.limit,
            TimeLimit {
                value: 8,
                unit: LimitUnit::Hour
            }
        );
        let last = view.steps.last().unwrap();
        assert_eq!((last.kind, last.ordinal), (DueStepKind::Hour, Some(8)));
    }

    #[test]
    fn a_week_is_shown_as_the_days_it_has() {
        let week = calendar::TimeLimit::new(2, calendar::LimitUnit::Week).unwrap();
        assert_eq!(
            limit(week),
            TimeLimit {
                value: 14,
                unit: LimitUnit::Day
            }
        );
    }

    #[test]
    fn a_dossier_is_late_only_after_the_promised_minute() {
        let due = Some(date(2026, 11, 26).at(17, 0, 0, 0));
        let at = |hour, minute| date(2026, 11, 26).at(hour, minute, 0, 0);
        assert_eq!(
            due_state(due, date(2026, 11, 25).at(8, 0, 0, 0), false),
            DueState::OnTime
        );
        assert_eq!(due_state(due, at(17, 0), false), DueState::DueToday);
        assert_eq!(due_state(due, at(17, 1), false), DueState::Late);
        assert_eq!(due_state(due, at(17, 1), true), DueState::Closed);
        assert_eq!(due_state(None, at(17, 1), false), DueState::OnTime);
    }
}
