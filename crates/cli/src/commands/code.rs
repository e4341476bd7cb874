//! `motcua code`: a dossier code's parts, or the place where it is wrong.

use motcua_core::code::{DossierCode, UnitCode};
use serde::Serialize;
use serde_json::json;

use crate::output::Outcome;

/// Ví dụ: motcua code 'H56.6.17-261123-0042'
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Mã hồ sơ
    code: String,
}

#[derive(Serialize)]
struct Answer {
    code: String,
    generation: &'static str,
    org: String,
    date: jiff::civil::Date,
    sequence: u32,
    groups: [String; 3],
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    match args.code.trim().parse::<DossierCode>() {
        Ok(code) => Outcome::done(Answer {
            generation: match code.unit() {
                UnitCode::Current(_) => "2020",
                UnitCode::Legacy(_) => "2016",
            },
            org: code.unit().to_string(),
            date: code.received_on(),
            sequence: code.sequence().number(),
            groups: code.grouped(),
            code: code.to_string(),
        }),
        Err(error) => {
            let place =
                json!({ "at": error.at, "expected": error.expected.code(), "found": error.found });
            Ok(Outcome::refused("code", &error.to_string(), place))
        }
    }
}
