//! Due dates as a desk meets them: tables first, properties last.

mod data;
mod days;
mod hours;
mod properties;
mod reception;
mod supplement;

use jiff::civil::{Date, DateTime, Time, date, time};

use super::*;

fn limit(amount: u32, unit: LimitUnit) -> Term {
    Term::Limit(TimeLimit::new(amount, unit).unwrap())
}

fn request(received: DateTime, term: Term) -> DueRequest {
    DueRequest {
        received,
        term,
        options: DueOptions::default(),
    }
}

fn answer(request: &DueRequest) -> Due {
    due(request, &Calendar::vietnam(), &OpeningHours::default()).unwrap()
}

/// `"23/11/2026"` or `"23/11/2026 09:15"`; nine in the morning when no time is given.
fn moment(text: &str) -> DateTime {
    let (day, clock) = text.split_once(' ').unwrap_or((text, "09:00"));
    let parts: Vec<i16> = day.split('/').map(|part| part.parse().unwrap()).collect();
    let clock: Time = clock.parse().unwrap();
    let month = i8::try_from(parts[1]).unwrap();
    Date::new(parts[2], month, i8::try_from(parts[0]).unwrap())
        .unwrap()
        .to_datetime(clock)
}

/// `"23/11 received · 24/11 holiday · …"`
fn days(due: &Due) -> String {
    let note = |note: &DayNote| {
        let kind = serde_json::to_value(note.kind).unwrap();
        format!(
            "{:02}/{:02} {}",
            note.date.day(),
            note.date.month(),
            kind.as_str().unwrap()
        )
    };
    due.explanation
        .iter()
        .map(note)
        .collect::<Vec<_>>()
        .join(" · ")
}

fn morning(from: (i8, i8), to: (i8, i8)) -> Vec<Interval> {
    vec![Interval {
        opens: time(from.0, from.1, 0, 0),
        closes: time(to.0, to.1, 0, 0),
    }]
}

/// A residence desk of the police: also open on Saturday morning.
fn saturday_desk() -> OpeningHours {
    OpeningHours::default()
        .with_saturday(morning((7, 30), (11, 30)))
        .unwrap()
}

#[test]
fn the_question_of_today_is_answered_with_every_reason() {
    let due = answer(&request(
        moment("23/11/2026 09:15"),
        limit(3, LimitUnit::WorkingDay),
    ));
    assert_eq!(due.at, date(2026, 11, 27).at(17, 0, 0, 0));
    assert_eq!(
        days(&due),
        "23/11 received · 24/11 holiday · 25/11 counted · 26/11 counted · 27/11 counted"
    );
    let why: Vec<&str> = due
        .explanation
        .iter()
        .map(|note| note.why.as_str())
        .collect();
    assert_eq!(
        why,
        [
            "Tiếp nhận lúc 09:15; ngày tiếp nhận không tính vào thời hạn (khoản 2 Điều 147 Bộ luật Dân sự).",
            "Nghỉ lễ: Ngày Văn hóa Việt Nam.",
            "Ngày làm việc thứ 1 trong 3.",
            "Ngày làm việc thứ 2 trong 3.",
            "Ngày làm việc thứ 3 trong 3.",
        ]
    );
    assert_eq!(due.calendar_version, Calendar::vietnam().version());
    assert!(due.legal_basis.contains("Bộ luật Dân sự 2015"));
    assert_eq!(due.warnings, []);
    let skipped: Vec<Date> = due.skipped().map(|note| note.date).collect();
    assert_eq!(skipped, [date(2026, 11, 24)]);
}

#[test]
fn an_explanation_is_stored_and_read_back() {
    let due = answer(&request(
        moment("20/11/2026 16:30"),
        limit(10, LimitUnit::Hour),
    ));
    let json = serde_json::to_string(&due).unwrap();
    assert_eq!(serde_json::from_str::<Due>(&json).unwrap(), due);
    assert!(
        json.contains(r#""kind":"weekend","why":"Thứ Bảy, nghỉ hằng tuần.""#),
        "{json}"
    );
}
