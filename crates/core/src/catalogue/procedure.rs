//! One edition of one procedure.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::code::ProcedureCode;
use super::limits::{DecideError, LimitRow, LimitTerm, TermError};
use super::parts::{
    Case, CaseId, Channel, Fee, Level, PaperSpec, ResultSpec, ReturnWay, Routing, Templates,
};
use crate::calendar::{LimitUnit, SupplementPolicy, Term};

/// A procedure as in force over a span of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// National (or local) code.
    pub code: ProcedureCode,
    /// Edition, counted from 1 within the code.
    pub version: u32,
    /// Vietnamese name.
    pub name: String,
    /// Sector ("lĩnh vực").
    pub sector: String,
    /// Levels that decide.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// The decision that published it.
    #[serde(default)]
    pub decision: String,
    /// Who may ask.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// First day in force.
    pub effective_from: Date,
    /// Last day in force; open when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
    /// The procedure that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<ProcedureCode>,
    /// Cases; empty when there is only one.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Time limits.
    #[serde(default)]
    pub limits: Vec<LimitRow>,
    /// Papers of the dossier.
    #[serde(default)]
    pub papers: Vec<PaperSpec>,
    /// Payments.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Results.
    #[serde(default)]
    pub results: Vec<ResultSpec>,
    /// Whether the result is given on the day of reception.
    #[serde(default)]
    pub same_day: bool,
    /// Received after this time, a same-day result comes on the next working day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_cutoff: Option<Time>,
    /// How the limit goes on after a supplement.
    #[serde(default)]
    pub supplement: SupplementPolicy,
    /// How results come back.
    #[serde(default)]
    pub returns: Vec<ReturnWay>,
    /// Where the dossier is received.
    #[serde(default)]
    pub routing: Routing,
    /// Form templates.
    #[serde(default)]
    pub templates: Templates,
    /// Other words by which people ask for it.
    #[serde(default)]
    pub keywords: Vec<String>,
}

impl Procedure {
    /// Whether this edition is in force on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.effective_from <= day && self.effective_to.is_none_or(|to| day <= to)
    }

    /// Channels through which it can be asked for, the counter first.
    pub fn channels(&self) -> Vec<Channel> {
        let has = |channel: &Channel| self.limits.iter().any(|row| row.channel == *channel);
        Channel::ALL.into_iter().filter(has).collect()
    }

    /// The case with this name.
    pub fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == *id)
    }

    /// How long the authority has for this channel and case, ready for [`crate::calendar::due`].
    ///
    /// # Errors
    /// When no row fits, a case must be chosen, the law sets no limit, or a person must decide.
    pub fn term(&self, channel: Channel, case: Option<&CaseId>) -> Result<Term, TermError> {
        let row = self.limit_row(channel, case)?;
        if self.same_day && !row.term.needs_decision() && row.term != LimitTerm::None {
            return Ok(Term::SameDay {
                late_cutoff: self.late_cutoff,
            });
        }
        match &row.term {
            LimitTerm::Limit(limit) => Ok(Term::Limit(*limit)),
            LimitTerm::None => Err(TermError::NoLimit),
            _ => Err(TermError::NeedsDecision),
        }
    }

    /// The row for this channel and case: one that names the case goes before one for all cases.
    ///
    /// # Errors
    /// When no row fits, or rows differ by case and none was chosen.
    pub fn limit_row(
        &self,
        channel: Channel,
        case: Option<&CaseId>,
    ) -> Result<&LimitRow, TermError> {
        let of_channel = || self.limits.iter().filter(move |row| row.channel == channel);
        let exact = case.and_then(|id| of_channel().find(|row| row.case.as_ref() == Some(id)));
        if let Some(row) = exact.or_else(|| of_channel().find(|row| row.case.is_none())) {
            return Ok(row);
        }
        let by_case = case.is_none() && of_channel().next().is_some();
        Err(if by_case {
            TermError::ChooseCase
        } else {
            TermError::NoRow
        })
    }

    /// Papers asked for in this case.
    pub fn papers_for(&self, case: Option<&CaseId>) -> impl Iterator<Item = &PaperSpec> {
        self.papers
            .iter()
            .filter(move |paper| paper.applies_to(case))
    }

    /// Payments for this channel and case. A row that names the case takes the place of rows of the
    /// same name for all cases.
    pub fn fees_for(&self, channel: Channel, case: Option<&CaseId>) -> Vec<&Fee> {
        let fits = |fee: &&Fee| {
            fee.channel.is_none_or(|c| c == channel)
                && fee.case.as_ref().is_none_or(|c| Some(c) == case)
        };
        let fitting: Vec<&Fee> = self.fees.iter().filter(fits).collect();
        let replaced = |fee: &Fee| {
            fee.case.is_none()
                && fitting
                    .iter()
                    .any(|other| other.case.is_some() && other.name == fee.name)
        };
        fitting
            .iter()
            .copied()
            .filter(|fee| !replaced(fee))
            .collect()
    }

    /// Rows of limits that a person must decide: index and row.
    pub fn undecided(&self) -> impl Iterator<Item = (usize, &LimitRow)> {
        self.limits
            .iter()
            .enumerate()
            .filter(|(_, row)| row.term.needs_decision())
    }

    /// The procedure with the unit a person chose for every bare number in its limits.
    ///
    /// # Errors
    /// When no row holds a bare number, or one of the numbers is no limit in that unit.
    pub fn with_unit(&self, unit: LimitUnit) -> Result<Procedure, DecideError> {
        let bare = |row: &LimitRow| matches!(row.term, LimitTerm::UnitMissing(_));
        if !self.limits.iter().any(bare) {
            return Err(DecideError::NoBareNumber);
        }
        let decide = |row: &LimitRow| {
            if bare(row) {
                row.with_unit(unit)
            } else {
                Ok(row.clone())
            }
        };
        let limits = self.limits.iter().map(decide).collect::<Result<_, _>>()?;
        Ok(Procedure {
            limits,
            ..self.clone()
        })
    }

    /// The procedure with what a person decided for one row.
    ///
    /// # Errors
    /// When there is no such row.
    pub fn with_term(&self, row: usize, term: LimitTerm) -> Result<Procedure, DecideError> {
        let mut decided = self.clone();
        let limit = decided
            .limits
            .get_mut(row)
            .ok_or(DecideError::NoSuchRow(row))?;
        limit.term = term;
        Ok(decided)
    }
}
