//! `motcua catalogue check|import|find`: the national list of procedures, without losing a row.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use jiff::civil::Date;
use motcua_core::catalogue::{Catalogue, Found, Standing, import};
use serde::Serialize;
use serde_json::json;

use crate::output::Outcome;

/// Procedures that a search prints at most.
const FIND_PRINTED_MAX: usize = 20;

/// What can be asked of a catalogue.
#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Kiểm tra tệp danh mục (mỗi dòng một thủ tục, JSON) mà không nhập
    Check {
        /// Tệp danh mục
        file: PathBuf,
    },
    /// Nhập tệp danh mục thành danh mục của phần mềm
    Import {
        /// Tệp danh mục
        file: PathBuf,
        /// Ngày có hiệu lực
        #[arg(long)]
        effective_from: Date,
        /// Phiên bản ghi vào từng hồ sơ
        #[arg(long)]
        version: String,
        /// Nơi ghi danh mục
        #[arg(long)]
        out: PathBuf,
    },
    /// Tìm thủ tục theo mã, theo chữ, không cần dấu
    Find {
        /// Chữ cần tìm, ví dụ "khai sinh" hoặc 1.001193
        query: String,
        /// Danh mục đã nhập hoặc tệp danh mục; không nêu thì dùng danh mục tập huấn
        #[arg(long)]
        catalogue: Option<PathBuf>,
        /// Ngày xét hiệu lực; không nêu thì hôm nay
        #[arg(long)]
        on: Option<Date>,
    },
}

/// From when the rows of a file count as in force while it is only looked at.
const ANY_DAY: Date = jiff::civil::date(2026, 1, 1);

#[derive(Serialize)]
struct Checked<'a> {
    rows: usize,
    accepted: usize,
    needs_decision: &'a [import::NeedsDecision],
    rejected: &'a [import::Rejected],
    remarks: &'a [import::Remark],
}

#[derive(Serialize)]
struct Hit<'a> {
    code: &'a str,
    name: &'a str,
    sector: &'a str,
    standing: &'static str,
}

pub(crate) fn run(verb: Verb) -> anyhow::Result<Outcome> {
    match verb {
        Verb::Check { file } => check(&import::read(&super::read_text(&file)?, ANY_DAY)),
        Verb::Import {
            file,
            effective_from,
            version,
            out,
        } => {
            let report = import::read(&super::read_text(&file)?, effective_from);
            let summary = check(&report)?;
            let catalogue = match Catalogue::new(version, report.accepted) {
                Ok(catalogue) => catalogue,
                Err(error) => {
                    return Ok(Outcome::refused("catalogue", &error.to_string(), json!({})));
                }
            };
            fs::write(&out, serde_json::to_vec(&catalogue)?)
                .with_context(|| out.display().to_string())?;
            Ok(summary)
        }
        Verb::Find {
            query,
            catalogue,
            on,
        } => find(&query, catalogue, on),
    }
}

fn check(report: &import::ImportReport) -> anyhow::Result<Outcome> {
    Outcome::done(Checked {
        rows: report.rows,
        accepted: report.accepted.len(),
        needs_decision: &report.needs_decision,
        rejected: &report.rejected,
        remarks: &report.remarks,
    })
}

fn find(query: &str, file: Option<PathBuf>, on: Option<Date>) -> anyhow::Result<Outcome> {
    let catalogue = match file {
        None => Catalogue::practice(),
        Some(path) => match load(&super::read_text(&path)?) {
            Ok(catalogue) => catalogue,
            Err(error) => return Ok(Outcome::refused("catalogue", &error.to_string(), json!({}))),
        },
    };
    let day = on.unwrap_or_else(super::today);
    let found = catalogue.find(query, day);
    let hits: Vec<Hit<'_>> = found.iter().take(FIND_PRINTED_MAX).map(hit).collect();
    Outcome::done(json!({ "on": day, "found": hits }))
}

/// An imported catalogue is one JSON object; the national list is one object a line.
fn load(text: &str) -> Result<Catalogue, motcua_core::catalogue::CatalogueError> {
    Catalogue::from_json(text).or_else(|error| {
        let report = import::read(text, ANY_DAY);
        if report.accepted.is_empty() {
            Err(error)
        } else {
            Catalogue::new("import".to_owned(), report.accepted)
        }
    })
}

fn hit<'a>(found: &Found<'a>) -> Hit<'a> {
    Hit {
        code: found.procedure.code.as_str(),
        name: &found.procedure.name,
        sector: &found.procedure.sector,
        standing: match found.standing {
            Standing::InForce => "in_force",
            Standing::NotYet => "not_yet",
            Standing::NoLonger => "no_longer",
        },
    }
}
