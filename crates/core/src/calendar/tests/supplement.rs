//! The due date after a citizen brought what was missing.

use super::*;
use LimitUnit::{Day, Hour, WorkingDay};

fn after(policy: SupplementPolicy, term: Term, asked: &str, completed: &str) -> Due {
    let original = request(moment("05/10/2026"), term);
    let waiting = Waiting {
        asked: moment(asked),
        completed: moment(completed),
    };
    let (calendar, hours) = (Calendar::vietnam(), OpeningHours::default());
    let old_due = due(&original, &calendar, &hours).unwrap();
    due_after_supplement(policy, &original, &old_due, waiting, &calendar, &hours).unwrap()
}

#[test]
fn by_default_the_limit_starts_again_from_nothing() {
    let policy = SupplementPolicy::default();
    assert_eq!(policy, SupplementPolicy::Restart);
    let due = after(policy, limit(5, WorkingDay), "07/10/2026", "20/10/2026");
    assert_eq!(due.on(), date(2026, 10, 27));
    assert_eq!(due.received_as, moment("20/10/2026"));
    assert_eq!(due.explanation[0].kind, NoteKind::Received);
}

#[test]
fn or_the_old_due_date_moves_by_the_working_days_waited() {
    // Due 12/10; waited 8, 9, 12 and 13 October: four working days.
    let due = after(
        SupplementPolicy::Extend,
        limit(5, WorkingDay),
        "07/10/2026",
        "13/10/2026",
    );
    assert_eq!(due.at, moment("16/10/2026 17:00"));
    assert_eq!(due.received_as, moment("05/10/2026"));
    assert_eq!(
        days(&due),
        "12/10 previous_due · 13/10 counted · 14/10 counted · 15/10 counted · 16/10 counted"
    );
    assert_eq!(
        due.explanation[0].why,
        "Hẹn trả trước đây: Thứ Hai 12/10/2026; cộng thời gian chờ bổ sung 04 ngày làm việc."
    );
}

#[test]
fn limits_in_days_move_by_days_and_off_days_of_rest() {
    // Due 15/10 (Thursday); waited 9 days to Saturday 24/10: Monday.
    let due = after(
        SupplementPolicy::Extend,
        limit(10, Day),
        "07/10/2026",
        "16/10/2026",
    );
    assert_eq!(due.on(), date(2026, 10, 26));
    assert_eq!(due.explanation.last().unwrap().kind, NoteKind::LastDayMoved);
}

#[test]
fn limits_in_hours_keep_their_time_of_day() {
    let due = after(
        SupplementPolicy::Extend,
        limit(8, Hour),
        "05/10/2026 10:00",
        "07/10/2026 10:00",
    );
    assert_eq!(due.at, moment("08/10/2026 09:00"));
}

#[test]
fn a_supplement_on_the_same_day_moves_nothing() {
    let due = after(
        SupplementPolicy::Extend,
        limit(5, WorkingDay),
        "07/10/2026 09:00",
        "07/10/2026 15:00",
    );
    assert_eq!(due.on(), date(2026, 10, 12));
    assert_eq!(days(&due), "12/10 previous_due");
}

#[test]
fn completed_before_it_was_asked_for_is_no_wait() {
    let due = after(
        SupplementPolicy::Extend,
        limit(5, WorkingDay),
        "09/10/2026",
        "07/10/2026",
    );
    assert_eq!(due.on(), date(2026, 10, 12));
}

#[test]
fn a_result_on_the_same_day_always_restarts() {
    let term = Term::SameDay {
        late_cutoff: Some(time(15, 0, 0, 0)),
    };
    let due = after(
        SupplementPolicy::Extend,
        term,
        "05/10/2026",
        "08/10/2026 16:00",
    );
    assert_eq!(due.on(), date(2026, 10, 9));
}
