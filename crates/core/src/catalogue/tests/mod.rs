//! Procedures by date, by words, by import.

mod finding;
mod importing;
mod practice;
mod reference;
mod rules;

use jiff::civil::{Date, date};

use super::*;

const TODAY: Date = date(2026, 11, 24);

fn code(text: &str) -> ProcedureCode {
    text.parse().unwrap()
}

fn case(id: &str) -> CaseId {
    CaseId(id.to_owned())
}

/// A procedure as the JSON form gives it; `more` are further fields.
fn procedure(code: &str, name: &str, more: &str) -> Procedure {
    let more = if more.is_empty() {
        String::new()
    } else {
        format!(",{more}")
    };
    let dated = if more.contains("effective_from") {
        ""
    } else {
        r#","effective_from":"2026-01-01""#
    };
    let json = format!(
        r#"{{"code":"{code}","version":1,"name":"{name}","sector":"Hộ tịch"{dated}{more}}}"#
    );
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn catalogue(procedures: Vec<Procedure>) -> Catalogue {
    Catalogue::new("test.1".to_owned(), procedures).unwrap()
}
