//! Taking in the national list: one JSON object a line, machine-extracted, rough.
//!
//! Owns: turning every line into a procedure or a reason why not; naming what a person must decide
//! before a due date can be given, and what a person should look at.
//! Deliberately does not: guess units, drop rows, shorten or repair names, or decide anything. What
//! the source says is kept as it says it, also where it is plainly wrong.
//!
//! Fields of a line: `code`, `name`, `level`, `field`, `decision`, `subjects`,
//! `limits[] {channel, limit, unit, fee_text}`, `papers[] {name, originals, copies}`,
//! `results[] {name, code}`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::code::ProcedureCode;
use super::limits::LimitTerm;
use super::procedure::Procedure;

mod fees;
mod line;

/// Longest line that is read, in bytes; the longest real one has about 30,000.
pub const MAX_LINE_BYTES: usize = 1_000_000;
/// A count of papers above this is a misreading (a year, a form number), not a count.
pub const MAX_PLAUSIBLE_COUNT: u32 = 20;

/// What came of an import. `rows = accepted.len() + rejected.len()`: no row is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// Lines that were not blank.
    pub rows: usize,
    /// What became a procedure, in the order of the lines.
    pub accepted: Vec<Procedure>,
    /// Accepted rows for which a person must decide something before a due date can be given.
    pub needs_decision: Vec<NeedsDecision>,
    /// Accepted rows with something a person should look at.
    pub remarks: Vec<Remark>,
    /// Lines that did not become a procedure.
    pub rejected: Vec<Rejected>,
}

/// A row that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeedsDecision {
    /// Line in the file, from 1.
    pub line: usize,
    /// The procedure.
    pub code: ProcedureCode,
    /// Its name, so that a person need not look it up.
    pub name: String,
    /// What is open, each thing once.
    pub what: Vec<Open>,
}

/// What a source leaves open about time limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Open {
    /// A number without a unit.
    MissingUnit,
    /// No number at all: there may be no limit, or the text hides it.
    MissingLimit,
    /// Zero, a fraction, a number too large, or a unit that is none.
    UnclearLimit,
}

/// Something a person should look at; nothing waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Line in the file, from 1.
    pub line: usize,
    /// The procedure.
    pub code: ProcedureCode,
    /// What is odd.
    #[serde(flatten)]
    pub what: Oddity,
}

/// Roughness of the source that was kept as it came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Oddity {
    /// The name stops in the middle.
    NameCut,
    /// Text in a form other than NFC; it was brought to NFC.
    NotNfc,
    /// Letters were lost before the file was made.
    LettersLost,
    /// A count of papers that cannot be one (a year, a form number).
    CountImplausible {
        /// Which paper, from 0.
        paper: usize,
        /// The count as given.
        count: u32,
    },
    /// A code of a result that is none, such as one with the next word's first letter glued to it.
    ResultCodeOdd {
        /// Which result, from 0.
        result: usize,
    },
    /// The same name as on an earlier line; only the code tells them apart.
    SameName {
        /// That line.
        first_line: usize,
    },
    /// No papers at all.
    NoPapers,
    /// No result.
    NoResults,
    /// No channel: it cannot be asked for until a person enters one.
    NoChannels,
    /// A level of government that is not known.
    UnknownLevel,
    /// A channel that is not known; its row was kept as the counter's.
    UnknownChannel,
}

/// A line that did not become a procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Line in the file, from 1.
    pub line: usize,
    /// Why.
    pub why: RejectReason,
}

/// Why a line was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum RejectReason {
    /// Longer than [`MAX_LINE_BYTES`].
    #[error("the line has {bytes} bytes, at most {MAX_LINE_BYTES} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not a JSON object with these fields.
    #[error("not a procedure: {message}")]
    NotAProcedure {
        /// What the reader said.
        message: String,
    },
    /// The code is not a code.
    #[error("not the code of a procedure: {found:?}")]
    BadCode {
        /// What stood there.
        found: String,
    },
    /// No name.
    #[error("the procedure has no name")]
    NoName,
    /// The same code on an earlier line.
    #[error("{code} was already on line {first_line}")]
    Twice {
        /// The code.
        code: ProcedureCode,
        /// The line that was taken.
        first_line: usize,
    },
}

/// Reads a whole file. `effective_from`: the first day on which the procedures are to be offered;
/// the source does not say since when they are in force.
pub fn read(text: &str, effective_from: Date) -> ImportReport {
    let mut report = ImportReport {
        rows: 0,
        accepted: Vec::new(),
        needs_decision: Vec::new(),
        remarks: Vec::new(),
        rejected: Vec::new(),
    };
    let mut seen = Seen::default();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (at, source) in text.lines().enumerate() {
        let line = at + 1;
        if source.trim().is_empty() {
            continue;
        }
        report.rows += 1;
        match take(source, line, effective_from, &mut seen) {
            Ok(taken) => report.accept(line, taken),
            Err(why) => report.rejected.push(Rejected { line, why }),
        }
    }
    report
}

/// Codes and names of the lines so far, with the line on which each first stood.
#[derive(Default)]
struct Seen {
    codes: BTreeMap<ProcedureCode, usize>,
    names: BTreeMap<String, usize>,
}

fn take(
    source: &str,
    line: usize,
    effective_from: Date,
    seen: &mut Seen,
) -> Result<line::Taken, RejectReason> {
    if source.len() > MAX_LINE_BYTES {
        return Err(RejectReason::TooLong {
            bytes: source.len(),
        });
    }
    let mut taken = line::read(source, effective_from)?;
    let procedure = &taken.procedure;
    if let Some(first_line) = seen.codes.get(&procedure.code) {
        let (code, first_line) = (procedure.code.clone(), *first_line);
        return Err(RejectReason::Twice { code, first_line });
    }
    seen.codes.insert(procedure.code.clone(), line);
    let first_line = *seen.names.entry(procedure.name.clone()).or_insert(line);
    if first_line < line {
        taken.oddities.push(Oddity::SameName { first_line });
    }
    Ok(taken)
}

impl ImportReport {
    fn accept(&mut self, line: usize, taken: line::Taken) {
        let line::Taken {
            procedure,
            oddities,
        } = taken;
        let mut what: Vec<Open> = procedure
            .limits
            .iter()
            .filter_map(|row| open(&row.term))
            .collect();
        what.sort_unstable();
        what.dedup();
        let code = &procedure.code;
        if !what.is_empty() {
            let name = procedure.name.clone();
            self.needs_decision.push(NeedsDecision {
                line,
                code: code.clone(),
                name,
                what,
            });
        }
        let remark = |what| Remark {
            line,
            code: code.clone(),
            what,
        };
        self.remarks.extend(oddities.into_iter().map(remark));
        self.accepted.push(procedure);
    }
}

fn open(term: &LimitTerm) -> Option<Open> {
    match term {
        LimitTerm::Limit(_) | LimitTerm::None => None,
        LimitTerm::UnitMissing(_) => Some(Open::MissingUnit),
        LimitTerm::NotStated => Some(Open::MissingLimit),
        LimitTerm::Unclear(_) => Some(Open::UnclearLimit),
    }
}
