//! When a dossier counts as received: after hours, Saturday desks, the 15:00 rule, hand-over.

use super::*;
use LimitUnit::WorkingDay;

const CUTOFF: Time = time(15, 0, 0, 0);

fn same_day(received: &str) -> Due {
    let term = Term::SameDay {
        late_cutoff: Some(CUTOFF),
    };
    answer(&request(moment(received), term))
}

#[test]
fn outside_opening_hours_the_next_opening_counts() {
    for (received, received_as, due_on) in [
        ("05/10/2026 06:30", "05/10/2026 07:00", "06/10/2026"),
        ("05/10/2026 11:30", "05/10/2026 13:30", "06/10/2026"),
        ("05/10/2026 12:15", "05/10/2026 13:30", "06/10/2026"),
        ("05/10/2026 16:59", "05/10/2026 16:59", "06/10/2026"),
        ("05/10/2026 17:00", "06/10/2026 07:00", "07/10/2026"),
        ("09/10/2026 17:20", "12/10/2026 07:00", "13/10/2026"),
        ("11/10/2026 10:00", "12/10/2026 07:00", "13/10/2026"),
        ("24/11/2026 09:00", "25/11/2026 07:00", "26/11/2026"),
        ("13/02/2026 19:00", "23/02/2026 07:00", "24/02/2026"),
        ("22/08/2026 09:00", "22/08/2026 09:00", "24/08/2026"),
    ] {
        let due = answer(&request(moment(received), limit(1, WorkingDay)));
        assert_eq!(due.received_as, moment(received_as), "{received}");
        assert_eq!(
            due.on(),
            moment(due_on).date(),
            "{received}: {}",
            days(&due)
        );
    }
}

#[test]
fn handed_in_at_lunch_is_said_in_the_note() {
    let due = answer(&request(moment("05/10/2026 12:15"), limit(1, WorkingDay)));
    assert_eq!(
        due.explanation[0].why,
        "Nộp lúc 12:15, ngoài giờ tiếp nhận, tính là tiếp nhận lúc 13:30; ngày tiếp nhận không tính vào \
         thời hạn (khoản 2 Điều 147 Bộ luật Dân sự)."
    );
}

#[test]
fn the_days_before_the_counted_reception_are_explained_too() {
    let due = answer(&request(moment("20/11/2026 17:20"), limit(1, WorkingDay)));
    assert_eq!(
        days(&due),
        "20/11 after_hours · 21/11 weekend · 22/11 weekend · 23/11 received · 24/11 holiday · 25/11 counted"
    );
}

#[test]
fn an_office_may_count_from_the_day_of_arrival() {
    let options = DueOptions {
        after_hours: AfterHours::AsReceived,
        ..DueOptions::default()
    };
    let asked = request(moment("09/10/2026 17:20"), limit(1, WorkingDay));
    let due = answer(&DueRequest { options, ..asked });
    assert_eq!(due.on(), date(2026, 10, 12));
    assert_eq!(
        days(&due),
        "09/10 received · 10/10 weekend · 11/10 weekend · 12/10 counted"
    );
}

#[test]
fn a_saturday_desk_receives_on_saturday_but_saturday_does_not_count() {
    let calendar = Calendar::vietnam();
    let at = |received: &str| {
        let asked = request(moment(received), limit(1, WorkingDay));
        due(&asked, &calendar, &saturday_desk()).unwrap()
    };
    let on_saturday = at("10/10/2026 08:30");
    assert_eq!(
        days(&on_saturday),
        "10/10 received · 11/10 weekend · 12/10 counted"
    );
    // After it closes at 11:30, Monday counts as the day of reception.
    let later = at("10/10/2026 11:30");
    assert_eq!(
        days(&later),
        "10/10 after_hours · 11/10 weekend · 12/10 received · 13/10 counted"
    );
    // Friday evening: the desk next opens on Saturday.
    assert_eq!(
        at("09/10/2026 18:00").received_as,
        moment("10/10/2026 07:30")
    );
    // A holiday closes it.
    assert_eq!(
        at("29/04/2023 08:00").received_as,
        moment("04/05/2023 07:00")
    );
}

#[test]
fn a_birth_is_registered_on_the_day_or_after_15_00_on_the_next_working_day() {
    for (received, expected) in [
        ("05/10/2026 08:00", "05/10/2026 17:00"),
        ("05/10/2026 15:00", "05/10/2026 17:00"),
        ("05/10/2026 15:01", "06/10/2026 17:00"),
        ("09/10/2026 16:00", "12/10/2026 17:00"),
        ("23/11/2026 15:30", "25/11/2026 17:00"),
        // Handed in after closing: received next morning, hence that day.
        ("05/10/2026 17:30", "06/10/2026 17:00"),
        ("21/08/2026 16:00", "22/08/2026 17:00"),
    ] {
        let due = same_day(received);
        assert_eq!(due.at, moment(expected), "{received}: {}", days(&due));
    }
}

#[test]
fn the_15_00_rule_is_explained() {
    let on_time = same_day("23/11/2026 09:15");
    assert_eq!(days(&on_time), "23/11 received");
    assert_eq!(
        on_time.explanation[0].why,
        "Tiếp nhận lúc 09:15; trả kết quả trong ngày."
    );
    let late = same_day("23/11/2026 15:30");
    assert_eq!(
        days(&late),
        "23/11 received · 24/11 holiday · 25/11 counted"
    );
    assert_eq!(
        late.explanation[0].why,
        "Tiếp nhận lúc 15:30, sau 15:00; trả kết quả trong ngày làm việc tiếp theo."
    );
    let without_cutoff = request(
        moment("23/11/2026 16:59"),
        Term::SameDay { late_cutoff: None },
    );
    assert_eq!(answer(&without_cutoff).at, moment("23/11/2026 17:00"));
}

#[test]
fn paper_dossiers_are_handed_over_on_the_day_or_next_morning() {
    let by = |received: &str| {
        let hours = OpeningHours::default();
        hand_over_by(
            moment(received),
            CUTOFF,
            DueOptions::default(),
            &Calendar::vietnam(),
            &hours,
        )
        .unwrap()
    };
    for (received, expected, next_day) in [
        ("05/10/2026 08:00", "05/10/2026 17:00", false),
        ("05/10/2026 15:00", "05/10/2026 17:00", false),
        ("05/10/2026 15:01", "06/10/2026 07:00", true),
        ("09/10/2026 16:00", "12/10/2026 07:00", true),
        ("23/11/2026 15:30", "25/11/2026 07:00", true),
        ("05/10/2026 18:00", "06/10/2026 17:00", false),
    ] {
        let found = by(received);
        assert_eq!(
            found,
            HandOver {
                by: moment(expected),
                next_day
            },
            "{received}"
        );
    }
}

#[test]
fn a_desk_closed_on_the_due_date_is_said() {
    let mut week: [Vec<Interval>; 7] = Default::default();
    week[0] = morning((8, 0), (11, 0));
    let mondays = OpeningHours::new(week, Vec::new()).unwrap();
    let asked = request(moment("05/10/2026 08:30"), limit(1, WorkingDay));
    let due = due(&asked, &Calendar::vietnam(), &mondays).unwrap();
    assert_eq!(due.at, moment("06/10/2026 11:00"));
    assert_eq!(due.warnings, [DueWarning::DeskClosedOnDueDate]);
}

#[test]
fn data_that_never_opens_is_an_error_and_not_an_endless_search() {
    let mut week: [Vec<Interval>; 7] = Default::default();
    week[5] = morning((8, 0), (11, 0));
    let saturdays = OpeningHours::new(week, Vec::new()).unwrap();
    let closed_on_saturdays: String = (0..30)
        .map(|n| {
            let day = date(2026, 10, 10).saturating_add(jiff::Span::new().weeks(n));
            format!(r#"{{"date":"{day}","kind":"HOLIDAY","name":"Nghỉ","legal_basis":""}}"#)
        })
        .collect::<Vec<_>>()
        .join(",");
    let calendar = Calendar::from_json(&format!(
        r#"{{"version":"t","from":"2026-01-01","to":"2027-12-31","weekly_rest":["sunday"],"days":[{closed_on_saturdays}]}}"#
    ))
    .unwrap();
    let asked = request(moment("05/10/2026 08:30"), limit(1, LimitUnit::Hour));
    let error = due(&asked, &calendar, &saturdays).unwrap_err();
    assert_eq!(
        error,
        DueError::NeverOpens {
            after: date(2026, 10, 5),
            searched_days: 60
        }
    );
    let last = request(Date::MAX.at(8, 0, 0, 0), limit(1, WorkingDay));
    let edge = due(&last, &Calendar::vietnam(), &OpeningHours::default());
    assert_eq!(edge, Err(DueError::OutOfRange));
}
