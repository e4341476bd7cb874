//! Time limits of a procedure: one row per channel and case, decided or waiting for a person.

use serde::{Deserialize, Serialize};

use super::parts::{CaseId, Channel};
use crate::calendar::{LimitError, LimitUnit, TimeLimit};

/// What a row says about the time limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitTerm {
    /// A limit that can be counted.
    Limit(TimeLimit),
    /// The law sets no limit; no due date is promised.
    None,
    /// The source has a number without a unit. A person must decide.
    UnitMissing(u32),
    /// The source says nothing. A person must decide.
    NotStated,
    /// The source says something that is no limit (0, a fraction, an unknown unit), kept as it
    /// came. A person must decide.
    Unclear(String),
}

impl LimitTerm {
    /// Whether a person has to decide before a due date can be given.
    pub fn needs_decision(&self) -> bool {
        match self {
            LimitTerm::Limit(_) | LimitTerm::None => false,
            LimitTerm::UnitMissing(_) | LimitTerm::NotStated | LimitTerm::Unclear(_) => true,
        }
    }
}

/// The time limit for one channel and case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRow {
    /// The channel.
    pub channel: Channel,
    /// The case; every case when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The limit.
    pub term: LimitTerm,
    /// What the source adds in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl LimitRow {
    /// The row with the unit that a person chose for a bare number.
    ///
    /// # Errors
    /// When the row does not hold a bare number, or the number is no limit in that unit.
    pub fn with_unit(&self, unit: LimitUnit) -> Result<LimitRow, DecideError> {
        match self.term {
            LimitTerm::UnitMissing(amount) => {
                let limit = TimeLimit::new(amount, unit)?;
                Ok(LimitRow {
                    term: LimitTerm::Limit(limit),
                    ..self.clone()
                })
            }
            _ => Err(DecideError::NoBareNumber),
        }
    }
}

/// A decision does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// There is no bare number to decide about.
    #[error("no limit without a unit is waiting for a decision")]
    NoBareNumber,
    /// No such row.
    #[error("the procedure has no limit row {0}")]
    NoSuchRow(usize),
    /// The number is no limit in that unit.
    #[error(transparent)]
    Limit(#[from] LimitError),
}

/// No term can be counted for a channel and case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// No row for this channel and case.
    #[error("the procedure has no time limit for this channel and case")]
    NoRow,
    /// The case differs between the rows and none was chosen.
    #[error("a case must be chosen: the time limit depends on it")]
    ChooseCase,
    /// The law sets no limit.
    #[error("the law sets no time limit")]
    NoLimit,
    /// A person must first decide what the source left open.
    #[error("the time limit waits for a decision")]
    NeedsDecision,
}
