//! Dates of force, limits by channel and case, papers, fees.

use super::*;
use crate::calendar::{LimitError, LimitUnit, Term, TimeLimit};
use crate::money::Vnd;

fn editions() -> Catalogue {
    let v1 = procedure(
        "1.000001",
        "Cũ",
        r#""effective_from":"2026-01-01","effective_to":"2027-02-28""#,
    );
    let v2 = procedure("1.000001", "Mới", r#""effective_from":"2027-03-01""#);
    let gone = procedure(
        "1.000002",
        "Đã bãi bỏ",
        r#""effective_from":"2020-01-01","effective_to":"2024-12-31","replaced_by":"1.000001""#,
    );
    let gap1 = procedure(
        "1.000003",
        "Ngắt quãng",
        r#""effective_from":"2026-01-01","effective_to":"2026-06-30""#,
    );
    let gap2 = procedure("1.000003", "Ngắt quãng", r#""effective_from":"2027-01-01""#);
    let second = |p: Procedure| Procedure { version: 2, ..p };
    catalogue(vec![second(v2), v1, gone, gap1, second(gap2)])
}

#[test]
fn the_edition_of_the_day_is_taken() {
    let catalogue = editions();
    let version = |day| {
        catalogue
            .in_force(&code("1.000001"), day)
            .map(|p| p.version)
    };
    assert_eq!(version(TODAY), Ok(1));
    assert_eq!(version(date(2027, 2, 28)), Ok(1));
    assert_eq!(version(date(2027, 3, 1)), Ok(2));
    assert_eq!(
        version(date(2025, 12, 31)),
        Err(NotInForce::NotYet {
            from: date(2026, 1, 1)
        })
    );
    assert_eq!(catalogue.edition(&code("1.000001"), 2).unwrap().name, "Mới");
    assert_eq!(catalogue.edition(&code("1.000001"), 3), None);
}

#[test]
fn what_is_not_in_force_says_since_or_until_when() {
    let catalogue = editions();
    let error = |text: &str, day| catalogue.in_force(&code(text), day).unwrap_err();
    assert_eq!(
        error("1.000002", TODAY),
        NotInForce::NoLonger {
            to: date(2024, 12, 31),
            replaced_by: Some(code("1.000001"))
        }
    );
    assert_eq!(
        error("1.000003", TODAY),
        NotInForce::NotYet {
            from: date(2027, 1, 1)
        }
    );
    assert_eq!(error("1.999999", TODAY), NotInForce::Unknown);
    let json = serde_json::to_value(error("1.000003", TODAY)).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"code": "not_yet", "from": "2027-01-01"})
    );
}

#[test]
fn catalogues_that_contradict_themselves_are_refused() {
    let refused = |procedures| {
        Catalogue::new("t".to_owned(), procedures)
            .unwrap_err()
            .to_string()
    };
    let open = || procedure("1.000001", "A", "");
    assert_eq!(
        refused(vec![open(), open()]),
        "1.000001 version 1 occurs twice"
    );
    let second = Procedure {
        version: 2,
        effective_from: date(2026, 6, 1),
        ..open()
    };
    assert_eq!(
        refused(vec![open(), second]),
        "versions 1 and 2 of 1.000001 are in force at the same time"
    );
    let backwards = Procedure {
        effective_to: Some(date(2025, 1, 1)),
        ..open()
    };
    assert_eq!(refused(vec![backwards]), "1.000001 ends before it begins");
    let unknown = procedure(
        "1.000001",
        "A",
        r#""limits":[{"channel":"direct","case":"x","term":"none"}]"#,
    );
    assert_eq!(refused(vec![unknown]), r#"1.000001 has no case "x""#);
    let paper = procedure("1.000001", "A", r#""papers":[{"name":"P","cases":["y"]}]"#);
    assert_eq!(refused(vec![paper]), r#"1.000001 has no case "y""#);
    assert!(
        Catalogue::from_json("[]")
            .unwrap_err()
            .to_string()
            .starts_with("not a catalogue")
    );
    assert!(Catalogue::from_json(r#"{"version":"t","procedures":[{"code":"x"}]}"#).is_err());
}

#[test]
fn codes_of_procedures_are_national_or_local() {
    assert!(!code("1.001193").is_local());
    let local = code("2.000815.000.00.00.H55");
    assert_eq!((local.national(), local.is_local()), ("2.000815", true));
    for wrong in [
        "",
        "1.00119",
        "1.0011933",
        "11.001193",
        "1-001193",
        "1.00119a",
        "1.001193.H55",
        "đ.001193",
        "1.001193.000.00.00.Z55",
    ] {
        assert!(wrong.parse::<ProcedureCode>().is_err(), "{wrong}");
    }
}

/// Land, first certificate: 27 working days at the counter, 17 online, 20 by post.
#[test]
fn the_limit_depends_on_the_channel() {
    let land = procedure(
        "1.013978",
        "Cấp GCN lần đầu",
        r#""limits":[{"channel":"direct","term":{"limit":{"amount":27,"unit":"working_day"}}},
                     {"channel":"online","term":{"limit":{"amount":17,"unit":"working_day"}}}]"#,
    );
    let term = |channel| land.term(channel, None);
    let days = |n| {
        Ok(Term::Limit(
            TimeLimit::new(n, LimitUnit::WorkingDay).unwrap(),
        ))
    };
    assert_eq!(term(Channel::Direct), days(27));
    assert_eq!(term(Channel::Online), days(17));
    assert_eq!(term(Channel::Post), Err(TermError::NoRow));
    assert_eq!(land.channels(), [Channel::Direct, Channel::Online]);
}

#[test]
fn the_limit_depends_on_the_case() {
    let pavement = procedure(
        "1.013274",
        "Dùng tạm vỉa hè",
        r#""cases":[{"id":"other","name":"Khác"},{"id":"funeral","name":"Đám tang"}],
           "limits":[{"channel":"direct","case":"other","term":{"limit":{"amount":5,"unit":"working_day"}}},
                     {"channel":"direct","case":"funeral","term":{"limit":{"amount":1,"unit":"day"}}}]"#,
    );
    let term = |id: Option<&str>| pavement.term(Channel::Direct, id.map(case).as_ref());
    let limit = |n, unit| Ok(Term::Limit(TimeLimit::new(n, unit).unwrap()));
    assert_eq!(term(Some("funeral")), limit(1, LimitUnit::Day));
    assert_eq!(term(Some("other")), limit(5, LimitUnit::WorkingDay));
    assert_eq!(term(None), Err(TermError::ChooseCase));
    assert_eq!(term(Some("wedding")), Err(TermError::NoRow));
}

#[test]
fn a_limit_that_waits_for_a_person_gives_no_due_date() {
    let of = |term: &str| {
        procedure(
            "1.000001",
            "A",
            &format!(r#""limits":[{{"channel":"direct","term":{term}}}]"#),
        )
    };
    let error = |term: &str| of(term).term(Channel::Direct, None).unwrap_err();
    assert_eq!(error(r#"{"unit_missing":1}"#), TermError::NeedsDecision);
    assert_eq!(error(r#""not_stated""#), TermError::NeedsDecision);
    assert_eq!(error(r#"{"unclear":"0.5"}"#), TermError::NeedsDecision);
    assert_eq!(error(r#""none""#), TermError::NoLimit);
    let undecided = of(r#"{"unit_missing":1}"#);
    let same_day = Procedure {
        same_day: true,
        ..undecided
    };
    assert_eq!(
        same_day.term(Channel::Direct, None),
        Err(TermError::NeedsDecision)
    );
}

#[test]
fn a_person_decides_the_unit_of_bare_numbers() {
    let bare = procedure(
        "1.001193",
        "Đăng ký khai sinh",
        r#""limits":[{"channel":"direct","term":{"unit_missing":1}},
                     {"channel":"online","term":{"limit":{"amount":2,"unit":"day"}}},
                     {"channel":"post","term":"not_stated"}]"#,
    );
    assert_eq!(
        bare.undecided().map(|(at, _)| at).collect::<Vec<_>>(),
        [0, 2]
    );
    let decided = bare.with_unit(LimitUnit::WorkingDay).unwrap();
    let limit = |n, unit| LimitTerm::Limit(TimeLimit::new(n, unit).unwrap());
    let terms: Vec<&LimitTerm> = decided.limits.iter().map(|row| &row.term).collect();
    let (one, two) = (limit(1, LimitUnit::WorkingDay), limit(2, LimitUnit::Day));
    assert_eq!(terms, [&one, &two, &LimitTerm::NotStated]);
    let done = decided.with_term(2, LimitTerm::None).unwrap();
    assert_eq!(done.undecided().count(), 0);
    assert_eq!(
        done.with_unit(LimitUnit::Day),
        Err(DecideError::NoBareNumber)
    );
    assert_eq!(
        done.with_term(9, LimitTerm::None),
        Err(DecideError::NoSuchRow(9))
    );
    let huge = bare.with_term(0, LimitTerm::UnitMissing(9_000)).unwrap();
    let error = huge.with_unit(LimitUnit::Month).unwrap_err();
    assert_eq!(
        error,
        DecideError::Limit(LimitError::TooLong {
            amount: 9_000,
            max: 60
        })
    );
}

#[test]
fn papers_and_fees_depend_on_the_case_and_the_channel() {
    let residence = procedure(
        "1.004222",
        "Đăng ký thường trú",
        r#""cases":[{"id":"own","name":"Nhà mình"},{"id":"rent","name":"Nhà thuê"}],
           "papers":[{"name":"Tờ khai CT01","originals":1},{"name":"Hợp đồng thuê","originals":1,"cases":["rent"]}],
           "fees":[{"name":"Lệ phí","kind":"fee","channel":"direct","amount":{"fixed":20000}},
                   {"name":"Lệ phí","kind":"fee","channel":"online","amount":{"fixed":10000}},
                   {"name":"Lệ phí","kind":"fee","channel":"online","case":"rent","amount":"free"}]"#,
    );
    let papers = |id: Option<&str>| {
        let id = id.map(case);
        residence
            .papers_for(id.as_ref())
            .map(|p| p.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(papers(Some("own")), ["Tờ khai CT01"]);
    assert_eq!(papers(Some("rent")), ["Tờ khai CT01", "Hợp đồng thuê"]);
    assert_eq!(papers(None), ["Tờ khai CT01"]);
    let fees = |channel, id: &str| {
        let id = case(id);
        residence
            .fees_for(channel, Some(&id))
            .iter()
            .map(|f| f.amount.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        fees(Channel::Direct, "own"),
        [FeeAmount::Fixed(Vnd(20_000))]
    );
    assert_eq!(
        fees(Channel::Online, "own"),
        [FeeAmount::Fixed(Vnd(10_000))]
    );
    assert_eq!(fees(Channel::Online, "rent"), [FeeAmount::Free]);
    assert_eq!(fees(Channel::Post, "own"), []);
}

#[test]
fn certified_copies_are_paid_by_the_page_up_to_a_most() {
    let amount = FeeAmount::PerPage {
        first: Vnd(2_000),
        first_pages: 2,
        then: Vnd(1_000),
        most: Some(Vnd(200_000)),
    };
    for (pages, expected) in [
        (0, 0),
        (1, 2_000),
        (2, 4_000),
        (3, 5_000),
        (10, 12_000),
        (198, 200_000),
        (500, 200_000),
    ] {
        assert_eq!(amount.for_pages(pages), Some(Vnd(expected)), "{pages}");
    }
    assert_eq!(FeeAmount::Free.for_pages(9), Some(Vnd::ZERO));
    assert_eq!(FeeAmount::SetByCouncil.for_pages(9), None);
}

#[test]
fn a_catalogue_is_read_and_written_without_loss() {
    let catalogue = editions();
    let json = serde_json::to_string(&catalogue).unwrap();
    let again = Catalogue::from_json(&json).unwrap();
    assert_eq!(again.procedures(), catalogue.procedures());
    assert_eq!(again.version(), "test.1");
}
