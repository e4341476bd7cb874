//! The practice catalogue: complete enough to work a day with.

use super::*;
use crate::calendar::{Calendar, DueOptions, DueRequest, OpeningHours, Term, due};

#[test]
fn it_has_the_common_procedures_of_a_commune() {
    let catalogue = Catalogue::practice();
    let in_force = catalogue
        .procedures()
        .iter()
        .filter(|p| p.is_in_force(TODAY))
        .count();
    assert!(in_force >= 28, "{in_force}");
    for code_text in [
        "1.001193", "1.000894", "1.000656", "1.004884", "1.004873", "1.004837", "2.000635",
        "2.000986", "2.000815", "2.000884", "2.000908", "2.001035", "1.001612", "1.004222",
        "1.004194", "1.010038", "1.010041", "1.012812", "1.013978", "1.012796", "1.013225",
        "1.013274", "2.001263",
    ] {
        assert!(
            catalogue.in_force(&code(code_text), TODAY).is_ok(),
            "{code_text}"
        );
    }
}

#[test]
fn every_procedure_gives_a_due_date_for_every_channel_and_case() {
    let catalogue = Catalogue::practice();
    let received = date(2026, 9, 7).at(9, 15, 0, 0);
    for procedure in catalogue.procedures() {
        let cases: Vec<Option<&CaseId>> = match procedure.cases.as_slice() {
            [] => vec![None],
            cases => cases.iter().map(|case| Some(&case.id)).collect(),
        };
        assert!(!procedure.channels().is_empty(), "{}", procedure.code);
        for channel in procedure.channels() {
            for case in &cases {
                let term = procedure.term(channel, *case).unwrap_or_else(|error| {
                    panic!("{} {channel:?} {case:?}: {error}", procedure.code)
                });
                let request = DueRequest {
                    received,
                    term,
                    options: DueOptions::default(),
                };
                let due = due(&request, &Calendar::vietnam(), &OpeningHours::default()).unwrap();
                assert!(
                    due.at > received && due.warnings.is_empty(),
                    "{}",
                    procedure.code
                );
            }
        }
    }
}

#[test]
fn every_procedure_can_be_taken_in() {
    for procedure in Catalogue::practice().procedures() {
        let code = &procedure.code;
        assert!(
            !procedure.papers.is_empty() && !procedure.results.is_empty(),
            "{code}"
        );
        assert!(
            !procedure.fees.is_empty() && !procedure.returns.is_empty(),
            "{code}"
        );
        assert_eq!(procedure.undecided().count(), 0, "{code}");
        let unread = |fee: &Fee| matches!(fee.amount, FeeAmount::AsText | FeeAmount::NotStated);
        assert!(!procedure.fees.iter().any(unread), "{code}");
        for paper in &procedure.papers {
            let count = paper.originals + paper.certified + paper.copies;
            assert!((1..=5).contains(&count), "{code}: {}", paper.name);
            assert!(
                !paper.optional || !paper.note.is_empty(),
                "{code}: {}",
                paper.name
            );
        }
        assert_eq!(crate::text::tidy(&procedure.name), procedure.name);
    }
}

#[test]
fn a_birth_is_registered_on_the_day_with_the_15_00_rule() {
    let catalogue = Catalogue::practice();
    let birth = catalogue.in_force(&code("1.001193"), TODAY).unwrap();
    let cutoff = jiff::civil::time(15, 0, 0, 0);
    for case in &birth.cases {
        for channel in Channel::ALL {
            let term = birth.term(channel, Some(&case.id)).unwrap();
            assert_eq!(
                term,
                Term::SameDay {
                    late_cutoff: Some(cutoff)
                }
            );
        }
    }
    let names = |id: &str| {
        let id = case(id);
        birth.papers_for(Some(&id)).filter(|p| !p.optional).count()
    };
    assert_eq!(
        (
            names("on_time"),
            names("late"),
            names("abandoned"),
            names("surrogacy")
        ),
        (3, 3, 3, 4)
    );
}

#[test]
fn channels_and_cases_differ_where_the_law_lets_them() {
    let catalogue = Catalogue::practice();
    let term = |text: &str, channel, id: Option<&str>| {
        let procedure = catalogue.in_force(&code(text), TODAY).unwrap();
        let Ok(Term::Limit(limit)) = procedure.term(channel, id.map(case).as_ref()) else {
            panic!("{text} has no limit");
        };
        limit.to_string()
    };
    assert_eq!(term("1.012812", Channel::Post, None), "30 ngày");
    assert_eq!(term("1.012812", Channel::Direct, None), "40 ngày");
    assert_eq!(term("1.013978", Channel::Online, None), "17 ngày làm việc");
    assert_eq!(term("1.013978", Channel::Post, None), "20 ngày làm việc");
    assert_eq!(term("1.013978", Channel::Direct, None), "27 ngày làm việc");
    assert_eq!(term("1.013225", Channel::Direct, None), "15 ngày");
    assert_eq!(term("1.013225", Channel::Online, None), "20 ngày");
    assert_eq!(
        term("1.013274", Channel::Direct, Some("funeral")),
        "01 ngày"
    );
    assert_eq!(term("2.001159", Channel::Direct, None), "01 giờ");
}

#[test]
fn one_is_not_yet_and_one_no_longer_in_force() {
    let catalogue = Catalogue::practice();
    let error = |text: &str| catalogue.in_force(&code(text), TODAY).unwrap_err();
    assert_eq!(
        error("9.999001"),
        NotInForce::NotYet {
            from: date(2027, 3, 1)
        }
    );
    assert_eq!(
        error("9.999002"),
        NotInForce::NoLonger {
            to: date(2022, 12, 31),
            replaced_by: Some(code("1.010041"))
        }
    );
}

#[test]
fn it_is_read_and_written_without_loss() {
    let catalogue = Catalogue::practice();
    let json = serde_json::to_string(&catalogue).unwrap();
    assert_eq!(
        Catalogue::from_json(&json).unwrap().procedures(),
        catalogue.procedures()
    );
}
