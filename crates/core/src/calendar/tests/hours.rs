//! Limits in hours: they start at once and run while the desk is open.

use super::*;
use LimitUnit::Hour;

fn at(hours: &OpeningHours, received: &str, amount: u32) -> Due {
    due(
        &request(moment(received), limit(amount, Hour)),
        &Calendar::vietnam(),
        hours,
    )
    .unwrap()
}

#[test]
fn hours_run_over_lunch_night_weekend_and_holiday() {
    for (received, amount, expected) in [
        ("05/10/2026 08:00", 2, "05/10/2026 10:00"),
        // Over lunch: 1 h 30 before it, 30 min after.
        ("05/10/2026 10:00", 2, "05/10/2026 14:00"),
        // To the minute of closing.
        ("05/10/2026 07:00", 8, "05/10/2026 17:00"),
        ("05/10/2026 07:00", 4, "05/10/2026 11:00"),
        // Over night.
        ("05/10/2026 16:00", 2, "06/10/2026 08:00"),
        // Eight hours are a working day.
        ("05/10/2026 09:15", 8, "06/10/2026 09:15"),
        // Over the weekend.
        ("09/10/2026 16:30", 1, "12/10/2026 07:30"),
        // Over the holiday of 24/11.
        ("23/11/2026 15:00", 8, "25/11/2026 15:00"),
        // Over Tết: received on Friday 13/2, due on Monday 23/2.
        ("13/02/2026 16:00", 2, "23/02/2026 08:00"),
        // On a make-up Saturday the desk is open as on other days.
        ("21/08/2026 16:00", 2, "22/08/2026 08:00"),
        // During lunch, before opening and after closing nothing runs.
        ("05/10/2026 12:00", 1, "05/10/2026 14:30"),
        ("05/10/2026 05:00", 1, "05/10/2026 08:00"),
        ("05/10/2026 18:00", 1, "06/10/2026 08:00"),
        ("10/10/2026 08:00", 1, "12/10/2026 08:00"),
        // Two working weeks.
        ("05/10/2026 07:00", 80, "16/10/2026 17:00"),
    ] {
        let due = at(&OpeningHours::default(), received, amount);
        assert_eq!(
            due.at,
            moment(expected),
            "{received} + {amount} h: {}",
            days(&due)
        );
    }
}

#[test]
fn an_online_dossier_is_answered_within_eight_working_hours() {
    // Handed in on Friday evening: the clock starts on Monday morning.
    let due = at(&OpeningHours::default(), "09/10/2026 20:00", 8);
    assert_eq!(due.at, moment("12/10/2026 17:00"));
    assert_eq!(
        days(&due),
        "09/10 after_hours · 10/10 weekend · 11/10 weekend · 12/10 received"
    );
    assert_eq!(
        due.explanation[0].why,
        "Nộp lúc 20:00, ngoài giờ tiếp nhận; tính là tiếp nhận lúc 07:00 Thứ Hai 12/10/2026."
    );
}

#[test]
fn each_day_says_how_much_of_the_limit_it_took() {
    let due = at(&OpeningHours::default(), "09/10/2026 15:45", 10);
    let taken: Vec<(NoteKind, Option<i64>)> = due
        .explanation
        .iter()
        .map(|n| (n.kind, n.minutes))
        .collect();
    assert_eq!(
        taken,
        [
            (NoteKind::Received, Some(75)),
            (NoteKind::Weekend, None),
            (NoteKind::Weekend, None),
            (NoteKind::Counted, Some(480)),
            (NoteKind::Counted, Some(45)),
        ]
    );
    assert_eq!(
        due.explanation[0].why,
        "Tiếp nhận lúc 15:45, thời hạn tính ngay: 1 giờ 15 phút trong 10 giờ."
    );
    assert_eq!(due.explanation[4].why, "Tính 45 phút trong 10 giờ.");
    assert_eq!(due.at, moment("13/10/2026 07:45"));
}

#[test]
fn a_saturday_desk_runs_on_saturday_morning() {
    let due = at(&saturday_desk(), "10/10/2026 09:30", 8);
    // 2 h on Saturday, 6 h on Monday: 4 h 30 in the morning, 1 h 30 in the afternoon.
    assert_eq!(due.at, moment("12/10/2026 15:00"));
    assert_eq!(days(&due), "10/10 received · 11/10 weekend · 12/10 counted");
}

#[test]
fn a_desk_that_opens_on_two_days_a_week_says_so() {
    let mut week: [Vec<Interval>; 7] = Default::default();
    week[0] = morning((8, 0), (11, 0));
    week[3] = morning((8, 0), (11, 0));
    let desk = OpeningHours::new(week, Vec::new()).unwrap();
    let due = at(&desk, "05/10/2026 10:00", 2);
    assert_eq!(due.at, moment("08/10/2026 09:00"));
    assert_eq!(
        days(&due),
        "05/10 received · 06/10 desk_closed · 07/10 desk_closed · 08/10 counted"
    );
    assert_eq!(due.explanation[1].why, "Thứ Ba, quầy này không mở cửa.");
}

#[test]
fn received_as_it_arrived_still_waits_for_the_desk_to_open() {
    let options = DueOptions {
        after_hours: AfterHours::AsReceived,
        ..DueOptions::default()
    };
    let asked = DueRequest {
        options,
        ..request(moment("10/10/2026 08:00"), limit(1, Hour))
    };
    let due = answer(&asked);
    assert_eq!(due.at, moment("12/10/2026 08:00"));
    assert_eq!(days(&due), "10/10 received · 11/10 weekend · 12/10 counted");
    assert_eq!(due.explanation[0].minutes, Some(0));
    assert_eq!(
        due.explanation[0].why,
        "Tiếp nhận lúc 08:00, khi quầy đóng cửa; thời hạn tính từ khi quầy mở cửa."
    );
}
