//! The real list of commune procedures, where it is at hand: set `MOTCUA_REFERENCE_DATA` to a folder
//! that holds `procedures-commune.jsonl`.

use std::path::Path;

use super::*;
use crate::text::words;
use import::Open;

const ROWS: usize = 353;

fn reference() -> Option<String> {
    let folder = std::env::var("MOTCUA_REFERENCE_DATA").ok()?;
    let path = Path::new(&folder).join("procedures-commune.jsonl");
    Some(
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
}

fn with_reference(check: impl Fn(&import::ImportReport)) {
    match reference() {
        Some(text) => check(&import::read(&text, date(2026, 7, 1))),
        None => eprintln!("skipped: MOTCUA_REFERENCE_DATA is not set"),
    }
}

#[test]
fn no_real_row_is_lost_and_rows_without_a_unit_wait_for_a_person() {
    with_reference(|report| {
        assert_eq!(
            (report.rows, report.accepted.len(), report.rejected.len()),
            (ROWS, ROWS, 0)
        );
        let with = |open| {
            report
                .needs_decision
                .iter()
                .filter(|n| n.what.contains(&open))
                .count()
        };
        assert_eq!(report.needs_decision.len(), 75);
        assert_eq!(with(Open::MissingUnit), 52);
        assert_eq!(with(Open::UnclearLimit), 1);
        let waiting = |text: &str| report.needs_decision.iter().any(|n| n.code == code(text));
        assert!(waiting("1.001193") && waiting("2.000635") && !waiting("1.004837"));
    });
}

#[test]
fn every_real_procedure_is_found_by_its_words_without_marks_as_one_types() {
    with_reference(|report| {
        let catalogue = catalogue(report.accepted.clone());
        for procedure in catalogue.procedures() {
            let found = |query: &str| {
                let answers = catalogue.find(query, TODAY);
                answers
                    .iter()
                    .position(|f| f.procedure.code == procedure.code)
            };
            assert_eq!(
                found(procedure.code.as_str()),
                Some(0),
                "{}",
                procedure.code
            );
            let name = words(&procedure.name);
            let six = name[..name.len().min(14)].join(" ");
            assert!(found(&six).is_some(), "{}: {six}", procedure.code);
        }
        assert_eq!(
            catalogue.find("khai sinh", TODAY)[0].procedure.code,
            code("1.001193")
        );
    });
}

#[test]
fn a_decided_unit_makes_a_real_row_countable() {
    with_reference(|report| {
        let waits = report
            .accepted
            .iter()
            .find(|p| p.code == code("1.001193"))
            .unwrap();
        assert_eq!(
            waits.term(Channel::Direct, None),
            Err(TermError::NeedsDecision)
        );
        let decided = waits
            .with_unit(crate::calendar::LimitUnit::WorkingDay)
            .unwrap();
        assert!(
            Channel::ALL
                .iter()
                .all(|channel| decided.term(*channel, None).is_ok())
        );
    });
}
