//! The calendar and the opening hours as data: what ships, what is refused.

use super::*;

#[test]
fn the_shipped_calendar_says_what_the_years_decided() {
    let calendar = Calendar::vietnam();
    assert_eq!(calendar.span(), (date(2023, 1, 1), date(2026, 12, 31)));
    for (day, class, name) in [
        (
            "24/11/2026",
            DayClass::Special(DayKind::Holiday),
            "Ngày Văn hóa Việt Nam",
        ),
        ("24/11/2025", DayClass::Working, ""),
        (
            "22/08/2026",
            DayClass::Special(DayKind::SwapWork),
            "Thứ Bảy làm bù cho ngày nghỉ 31/8/2026",
        ),
        (
            "27/04/2026",
            DayClass::Special(DayKind::CompensatoryOff),
            "Nghỉ bù Giỗ Tổ Hùng Vương (26/4 là Chủ Nhật)",
        ),
        ("23/11/2026", DayClass::Working, ""),
        ("22/11/2026", DayClass::WeeklyRest, ""),
    ] {
        let info = calendar.day(moment(day).date());
        assert_eq!((info.class, info.name), (class, name), "{day}");
    }
    assert!(
        calendar
            .special_days()
            .all(|day| !day.legal_basis.is_empty() && !day.name.is_empty())
    );
}

#[test]
fn every_swap_has_a_day_worked_for_it() {
    let calendar = Calendar::vietnam();
    for year in 2023..=2026 {
        let count = |kind| {
            calendar
                .special_days()
                .filter(|d| d.date.year() == year && d.kind == kind)
                .count()
        };
        assert_eq!(count(DayKind::SwapOff), count(DayKind::SwapWork), "{year}");
    }
}

#[test]
fn every_holiday_on_weekly_rest_has_a_compensatory_day() {
    let calendar = Calendar::vietnam();
    for year in 2023..=2026 {
        let of_year = || {
            calendar
                .special_days()
                .filter(move |d| d.date.year() == year)
        };
        let lost = of_year().filter(|d| {
            d.kind == DayKind::Holiday && d.date.weekday().to_monday_zero_offset() >= 5
        });
        let compensated = of_year().filter(|d| d.kind == DayKind::CompensatoryOff);
        assert_eq!(lost.count(), compensated.count(), "{year}");
    }
}

#[test]
fn the_year_has_eleven_holidays_and_twelve_from_2026() {
    let calendar = Calendar::vietnam();
    for (year, expected) in [(2023, 11), (2024, 11), (2025, 11), (2026, 12)] {
        let holidays = calendar
            .special_days()
            .filter(|d| d.date.year() == year && d.kind == DayKind::Holiday)
            .count();
        assert_eq!(holidays, expected, "{year}");
    }
}

#[test]
fn fixed_holidays_hold_where_the_calendar_ends() {
    let calendar = Calendar::vietnam();
    for (day, works) in [
        ("01/01/2027", false),
        ("30/04/2027", false),
        ("02/09/2027", false),
        ("24/11/2027", false),
        ("23/11/2027", true),
        ("24/11/2022", true),
    ] {
        assert_eq!(
            calendar.is_working(moment(day).date(), true),
            works,
            "{day}"
        );
    }
}

#[test]
fn a_calendar_is_read_and_written_without_loss() {
    let calendar = Calendar::vietnam();
    let json = serde_json::to_string(&calendar).unwrap();
    assert_eq!(Calendar::from_json(&json).unwrap(), calendar);
}

#[test]
fn a_late_swap_is_a_new_edition() {
    let json = serde_json::to_string(&Calendar::vietnam()).unwrap();
    let late = json
        .replace("vn-2023-2026.1", "vn-2023-2026.2")
        .replacen(
            r#""days":["#,
            r#""days":[{"date":"2026-11-23","kind":"SWAP_OFF","name":"Nghỉ hoán đổi","legal_basis":"Văn bản mới"},"#,
            1,
        );
    let calendar = Calendar::from_json(&late).unwrap();
    let asked = request(moment("20/11/2026"), limit(1, LimitUnit::WorkingDay));
    let due = due(&asked, &calendar, &OpeningHours::default()).unwrap();
    assert_eq!(
        (due.on(), due.calendar_version.as_str()),
        (date(2026, 11, 25), "vn-2023-2026.2")
    );
}

fn calendar(from: &str, to: &str, rest: &str, days: &str) -> Result<Calendar, CalendarError> {
    Calendar::from_json(&format!(
        r#"{{"version":"t","from":"{from}","to":"{to}","weekly_rest":{rest},"days":[{days}]}}"#
    ))
}

fn day(date: &str, kind: &str) -> String {
    format!(r#"{{"date":"{date}","kind":"{kind}","name":"x","legal_basis":"y"}}"#)
}

#[test]
fn calendars_that_contradict_themselves_are_refused() {
    const WEEKEND: &str = r#"["saturday","sunday"]"#;
    let refused =
        |from, to, rest, days: &str| calendar(from, to, rest, days).unwrap_err().to_string();
    assert_eq!(
        refused("2026-02-01", "2026-01-01", WEEKEND, ""),
        "the calendar ends (2026-01-01) before it begins (2026-02-01)"
    );
    assert_eq!(
        refused(
            "2026-01-01",
            "2026-12-31",
            WEEKEND,
            &day("2027-01-01", "HOLIDAY")
        ),
        "2027-01-01 lies outside the span that the calendar covers"
    );
    let twice = [day("2026-01-01", "HOLIDAY"), day("2026-01-01", "SWAP_OFF")].join(",");
    assert_eq!(
        refused("2026-01-01", "2026-12-31", WEEKEND, &twice),
        "2026-01-01 is listed twice"
    );
    assert_eq!(
        refused(
            "2026-01-01",
            "2026-12-31",
            WEEKEND,
            &day("2026-01-05", "SWAP_WORK")
        ),
        "2026-01-05 is to be worked in exchange, but is a working day already"
    );
    let all = r#"["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]"#;
    assert_eq!(
        refused("2026-01-01", "2026-12-31", all, ""),
        "no weekday is left for work"
    );
    assert!(
        refused(
            "2026-01-01",
            "2026-12-31",
            WEEKEND,
            &day("2026-02-30", "HOLIDAY")
        )
        .starts_with("not a calendar")
    );
    assert!(
        refused("2026-01-01", "2026-12-31", r#"["someday"]"#, "").starts_with("not a calendar")
    );
    assert!(
        Calendar::from_json("")
            .unwrap_err()
            .to_string()
            .starts_with("not a calendar")
    );
}

#[test]
fn opening_hours_that_contradict_themselves_are_refused() {
    let one_day = |intervals: Vec<Interval>| {
        let mut week: [Vec<Interval>; 7] = Default::default();
        week[2] = intervals;
        OpeningHours::new(week, Vec::new())
    };
    assert_eq!(one_day(Vec::new()), Err(OpeningHoursError::NeverOpen));
    assert_eq!(
        one_day(morning((8, 0), (8, 0))),
        Err(OpeningHoursError::Empty(time(8, 0, 0, 0)))
    );
    let overlapping = [morning((8, 0), (11, 0)), morning((10, 0), (12, 0))].concat();
    assert_eq!(
        one_day(overlapping),
        Err(OpeningHoursError::Overlap(time(10, 0, 0, 0)))
    );
    let odd = vec![Interval {
        opens: time(8, 0, 30, 0),
        closes: time(11, 0, 0, 0),
    }];
    assert_eq!(
        one_day(odd),
        Err(OpeningHoursError::NotAMinute(time(8, 0, 30, 0)))
    );
    let many = (8..16).flat_map(|h| morning((h, 0), (h, 30))).collect();
    assert_eq!(one_day(many), Err(OpeningHoursError::TooMany));
}

#[test]
fn opening_hours_are_stored_by_the_names_of_days() {
    let json = r#"{"monday":[{"opens":"07:30","closes":"12:00"}],"saturday":[{"opens":"07:30","closes":"11:30"}]}"#;
    let desk: OpeningHours = serde_json::from_str(json).unwrap();
    assert_eq!(desk.minutes_a_week(), 270 + 240);
    let calendar = Calendar::vietnam();
    assert_eq!(desk.on(date(2026, 10, 5), &calendar).len(), 1);
    assert!(desk.on(date(2026, 10, 6), &calendar).is_empty());
    // A make-up Saturday has its own hours; here none were set.
    assert!(desk.on(date(2026, 8, 22), &calendar).is_empty());
    let again = serde_json::to_string(&desk).unwrap();
    assert_eq!(serde_json::from_str::<OpeningHours>(&again).unwrap(), desk);
    assert!(serde_json::from_str::<OpeningHours>("{}").is_err());
}
