//! Limits in working days, days, weeks and months.

use super::*;
use LimitUnit::{Day, Month, Week, WorkingDay};

#[track_caller]
fn check(received: &str, amount: u32, unit: LimitUnit, expected: &str) {
    let due = answer(&request(moment(received), limit(amount, unit)));
    let found = due.on();
    let expected_day = moment(expected).date();
    assert_eq!(
        found,
        expected_day,
        "{received} + {amount} {unit:?}\n{}",
        days(&due)
    );
    assert_eq!(
        due.at.time(),
        time(17, 0, 0, 0),
        "{received} + {amount} {unit:?}"
    );
}

#[test]
fn working_days_of_2026() {
    for (received, amount, expected) in [
        // The new holiday of 24 November.
        ("23/11/2026", 1, "25/11/2026"),
        ("23/11/2026", 3, "27/11/2026"),
        ("20/11/2026", 7, "02/12/2026"),
        // A make-up Saturday is a working day.
        ("21/08/2026", 1, "22/08/2026"),
        // 31/8 is exchanged, 1/9 and 2/9 are holidays.
        ("28/08/2026", 3, "07/09/2026"),
        // Tết.
        ("12/02/2026", 5, "26/02/2026"),
        // 27/4 in place of Sunday 26/4, then 30/4 and 1/5.
        ("24/04/2026", 3, "04/05/2026"),
        ("29/04/2026", 1, "04/05/2026"),
        // New Year: 2/1 off, Saturday 10/1 worked.
        ("31/12/2025", 1, "05/01/2026"),
        ("09/01/2026", 1, "10/01/2026"),
        ("09/01/2026", 2, "12/01/2026"),
        // Nothing special.
        ("05/10/2026", 5, "12/10/2026"),
        ("09/10/2026", 1, "12/10/2026"),
    ] {
        check(received, amount, WorkingDay, expected);
    }
}

#[test]
fn working_days_of_the_years_before() {
    for (received, amount, expected) in [
        // 2023: 2/1 in place of Sunday 1/1; Tết 20–26/1; 29/4–3/5; 1–4/9.
        ("30/12/2022", 1, "03/01/2023"),
        ("19/01/2023", 1, "27/01/2023"),
        ("28/04/2023", 1, "04/05/2023"),
        ("31/08/2023", 1, "05/09/2023"),
        // 2024: Tết 8–14/2; 18/4; 29/4 exchanged for Saturday 4/5; 2–3/9.
        ("07/02/2024", 1, "15/02/2024"),
        ("17/04/2024", 1, "19/04/2024"),
        ("26/04/2024", 1, "02/05/2024"),
        ("03/05/2024", 1, "04/05/2024"),
        ("30/08/2024", 1, "04/09/2024"),
        // 2025: Tết 27–31/1; 7/4; 2/5 exchanged for Saturday 26/4; 1–2/9.
        ("24/01/2025", 1, "03/02/2025"),
        ("04/04/2025", 1, "08/04/2025"),
        ("25/04/2025", 1, "26/04/2025"),
        ("29/04/2025", 1, "05/05/2025"),
        ("29/08/2025", 1, "03/09/2025"),
        ("31/12/2024", 1, "02/01/2025"),
    ] {
        check(received, amount, WorkingDay, expected);
    }
}

#[test]
fn plain_days_count_rest_but_never_end_on_it() {
    for (received, amount, expected) in [
        ("02/11/2026", 1, "03/11/2026"),
        // Ends on Saturday 7/11: Monday.
        ("02/11/2026", 5, "09/11/2026"),
        // Ends on Sunday 8/11: Monday.
        ("02/11/2026", 6, "09/11/2026"),
        ("02/11/2026", 7, "09/11/2026"),
        // Ends on the holiday of 24/11.
        ("23/11/2026", 1, "25/11/2026"),
        // Ends in Tết: 23/2 is the next working day.
        ("06/02/2026", 10, "23/02/2026"),
        // Ends on a make-up Saturday: it stays there.
        ("12/08/2026", 10, "22/08/2026"),
        ("01/10/2026", 20, "21/10/2026"),
        ("01/10/2026", 30, "02/11/2026"),
    ] {
        check(received, amount, Day, expected);
    }
}

#[test]
fn weeks_end_on_the_same_weekday() {
    check("05/10/2026", 1, Week, "12/10/2026");
    check("09/10/2026", 2, Week, "23/10/2026");
    // Tuesday + 5 weeks is the holiday of 24/11.
    check("20/10/2026", 5, Week, "25/11/2026");
}

#[test]
fn months_end_on_the_corresponding_day_or_the_last_of_the_month() {
    for (received, amount, expected) in [
        ("15/09/2026", 1, "15/10/2026"),
        ("15/10/2026", 1, "16/11/2026"),
        // 31/1 + 1 month is 29/02 in a leap year, 28/02 otherwise.
        ("31/01/2024", 1, "29/02/2024"),
        ("30/01/2024", 1, "29/02/2024"),
        ("29/01/2024", 1, "29/02/2024"),
        // 28/02/2025 is a Friday, 28/02/2026 a Saturday.
        ("31/12/2024", 2, "28/02/2025"),
        ("31/12/2025", 2, "02/03/2026"),
        ("29/02/2024", 12, "28/02/2025"),
        // 30/4 is a holiday, and so is 1/5.
        ("31/03/2026", 1, "04/05/2026"),
        ("31/08/2023", 6, "29/02/2024"),
    ] {
        check(received, amount, Month, expected);
    }
}

#[test]
fn a_moved_last_day_says_from_where() {
    let due = answer(&request(moment("02/11/2026"), limit(5, Day)));
    assert_eq!(
        days(&due),
        "02/11 received · 03/11 counted · 04/11 counted · 05/11 counted · 06/11 counted · \
         07/11 counted · 08/11 weekend · 09/11 last_day_moved"
    );
    let why: Vec<&str> = due
        .explanation
        .iter()
        .rev()
        .take(3)
        .map(|n| n.why.as_str())
        .collect();
    assert_eq!(
        why,
        [
            "Ngày cuối của thời hạn là Thứ Bảy 07/11/2026, ngày nghỉ; thời hạn kết thúc vào ngày làm việc \
             tiếp theo (khoản 5 Điều 148 Bộ luật Dân sự).",
            "Chủ Nhật, nghỉ hằng tuần.",
            "Ngày thứ 5 trong 5 (Thứ Bảy, vẫn tính).",
        ]
    );
}

#[test]
fn every_kind_of_day_off_is_named() {
    let due = answer(&request(moment("21/08/2026"), limit(6, WorkingDay)));
    assert_eq!(
        days(&due),
        "21/08 received · 22/08 swap_work · 23/08 weekend · 24/08 counted · 25/08 counted · \
         26/08 counted · 27/08 counted · 28/08 counted"
    );
    assert_eq!(
        due.explanation[1].why,
        "Thứ Bảy làm bù cho ngày nghỉ 31/8/2026, tính là ngày làm việc thứ 1 trong 6."
    );
    let due = answer(&request(moment("24/04/2026"), limit(1, WorkingDay)));
    assert_eq!(
        days(&due),
        "24/04 received · 25/04 weekend · 26/04 holiday · 27/04 compensatory_off · 28/04 counted"
    );
    assert_eq!(
        due.explanation[3].why,
        "Nghỉ bù Giỗ Tổ Hùng Vương (26/4 là Chủ Nhật)."
    );
    let due = answer(&request(moment("28/08/2026"), limit(1, WorkingDay)));
    assert_eq!(
        days(&due),
        "28/08 received · 29/08 weekend · 30/08 weekend · 31/08 swap_off · 01/09 holiday · \
         02/09 holiday · 03/09 counted"
    );
}

#[test]
fn an_office_may_leave_make_up_saturdays_out() {
    let options = DueOptions {
        makeup_saturday_counts: false,
        ..DueOptions::default()
    };
    let asked = request(moment("21/08/2026"), limit(1, WorkingDay));
    let due = answer(&DueRequest { options, ..asked });
    assert_eq!(due.on(), date(2026, 8, 24));
    assert_eq!(
        days(&due),
        "21/08 received · 22/08 weekend · 23/08 weekend · 24/08 counted"
    );
    assert_eq!(
        due.explanation[1].why,
        "Thứ Bảy làm bù, không tính vào thời hạn giải quyết."
    );
    let asked = request(moment("12/08/2026"), limit(10, Day));
    assert_eq!(
        answer(&DueRequest { options, ..asked }).on(),
        date(2026, 8, 24)
    );
}

#[test]
fn a_due_date_beyond_the_calendar_is_given_with_a_warning() {
    // 1/1/2027 is a holiday by law, whatever the yearly decision will add.
    let due = answer(&request(moment("30/12/2026"), limit(3, WorkingDay)));
    assert_eq!(due.on(), date(2027, 1, 5));
    assert_eq!(due.beyond_calendar(), Some(date(2027, 1, 1)));
    assert_eq!(
        days(&due),
        "30/12 received · 31/12 counted · 01/01 holiday · 02/01 weekend · 03/01 weekend · \
         04/01 counted · 05/01 counted"
    );
    let inside = answer(&request(moment("29/12/2026"), limit(2, WorkingDay)));
    assert_eq!(
        (inside.on(), inside.beyond_calendar()),
        (date(2026, 12, 31), None)
    );
}

#[test]
fn a_computer_set_to_2019_or_2031_is_told_that_no_calendar_covers_it() {
    let past = answer(&request(moment("24/11/2019"), limit(1, WorkingDay)));
    assert_eq!(past.beyond_calendar(), Some(date(2019, 11, 24)));
    let future = answer(&request(moment("24/11/2031"), limit(1, WorkingDay)));
    assert_eq!(future.beyond_calendar(), Some(date(2031, 11, 24)));
}

#[test]
fn the_same_time_of_day_can_be_promised_instead() {
    let options = DueOptions {
        due_time: DueTime::SameClockTime,
        ..DueOptions::default()
    };
    for (received, expected) in [
        ("05/10/2026 09:15", time(9, 15, 0, 0)),
        ("05/10/2026 11:30", time(13, 30, 0, 0)),
        ("05/10/2026 12:00", time(13, 30, 0, 0)),
        ("05/10/2026 16:59", time(16, 59, 0, 0)),
    ] {
        let asked = request(moment(received), limit(1, WorkingDay));
        assert_eq!(
            answer(&DueRequest { options, ..asked }).at,
            date(2026, 10, 6).to_datetime(expected)
        );
    }
}

#[test]
fn limits_have_a_least_and_a_most() {
    for unit in LimitUnit::ALL {
        let max = unit.max_amount();
        assert_eq!(TimeLimit::new(0, unit), Err(LimitError::Zero));
        assert!(TimeLimit::new(max, unit).is_ok());
        assert_eq!(
            TimeLimit::new(max + 1, unit),
            Err(LimitError::TooLong {
                amount: max + 1,
                max
            })
        );
        let longest = answer(&request(moment("05/01/2026"), limit(max, unit)));
        assert!(longest.at.year() <= 2032, "{unit:?}: {}", longest.at);
    }
    assert_eq!(
        TimeLimit::new(3, WorkingDay).unwrap().to_string(),
        "03 ngày làm việc"
    );
    let json = serde_json::to_string(&TimeLimit::new(3, WorkingDay).unwrap()).unwrap();
    assert_eq!(json, r#"{"amount":3,"unit":"working_day"}"#);
    assert!(serde_json::from_str::<TimeLimit>(r#"{"amount":0,"unit":"day"}"#).is_err());
}

#[test]
fn working_days_left_and_overdue_are_counted_the_same_way() {
    let calendar = Calendar::vietnam();
    let between = |from: &str, to: &str| {
        calendar.working_days_between(moment(from).date(), moment(to).date(), true)
    };
    assert_eq!(between("23/11/2026", "27/11/2026"), 3);
    assert_eq!(between("27/11/2026", "23/11/2026"), -3);
    assert_eq!(between("24/11/2026", "24/11/2026"), 0);
    assert_eq!(between("20/11/2026", "23/11/2026"), 1);
    assert_eq!(between("21/08/2026", "22/08/2026"), 1);
    let without_makeup = calendar.working_days_between(date(2026, 8, 21), date(2026, 8, 22), false);
    assert_eq!(without_makeup, 0);
}
