//! Refusals: the answer "no" as data, with a code, its parameters and its legal basis.
//!
//! A refusal is not a failure: nothing broke, the desk's rules do not allow it. The sentence that a clerk
//! reads is made by the screen from the code.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::dossier::DossierStatus;

/// What is missing or wrong in a draft, with the field that the clerk must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field: `owner.full_name`, `procedure`, `papers.<key>` …
    pub field: String,
    /// What is wrong: `missing`, `invalid`, `unit_undecided` …
    pub code: String,
}

/// Why the desk may not do this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody waits for this counter's fields.
    #[error("nobody waits")]
    NobodyWaiting,
    /// The ticket does not exist today.
    #[error("no ticket {label}")]
    NoSuchTicket {
        /// What was asked for.
        label: String,
    },
    /// Another counter has called it.
    #[error("ticket {label} was called by counter {counter}")]
    TicketTaken {
        /// The ticket.
        label: String,
        /// Which counter has it.
        counter: String,
    },
    /// The ticket is not in a state for this.
    #[error("ticket {label} is {state}")]
    TicketNotReady {
        /// The ticket.
        label: String,
        /// Its state.
        state: String,
    },
    /// This counter has no ticket in hand.
    #[error("no ticket in hand")]
    NoTicketInHand,
    /// This counter must finish the ticket in hand first.
    #[error("ticket {label} is still in hand")]
    TicketInHand {
        /// The ticket in hand.
        label: String,
    },
    /// The draft lacks what reception needs (NĐ 61/2018 Đ17.1).
    #[error("the draft is incomplete")]
    Incomplete {
        /// Everything that is missing, in the order of the screen.
        problems: Vec<Problem>,
    },
    /// The procedure is not in the catalogue.
    #[error("unknown procedure {procedure}")]
    ProcedureUnknown {
        /// Its code.
        procedure: String,
    },
    /// The procedure is not yet in force.
    #[error("procedure {procedure} takes effect on {from}")]
    ProcedureNotYet {
        /// Its code.
        procedure: String,
        /// When it takes effect.
        from: Date,
    },
    /// The procedure is no longer in force.
    #[error("procedure {procedure} ended on {to}")]
    ProcedureEnded {
        /// Its code.
        procedure: String,
        /// The last day it was in force.
        to: Date,
        /// What replaces it.
        replaced_by: Option<String>,
    },
    /// The machine's clock cannot be trusted, so nothing with a date may be numbered or printed.
    #[error("the clock is doubtful")]
    ClockDoubtful {
        /// What the machine's clock says.
        says: DateTime,
        /// The latest time that the ledger has seen.
        seen: DateTime,
    },
    /// This machine has used up its numbers of the day.
    #[error("no number left in {series}")]
    NumbersUsedUp {
        /// Which series.
        series: String,
    },
    /// The dossier does not exist here.
    #[error("no such dossier")]
    NoSuchDossier,
    /// The dossier is in a state that does not allow this.
    #[error("the dossier is {status:?}")]
    WrongStatus {
        /// Its status.
        status: DossierStatus,
    },
    /// A reprint needs a reason.
    #[error("a reason is needed")]
    ReasonMissing,
    /// The same number was given to two dossiers.
    #[error("number {number} is taken")]
    NumberTaken {
        /// The dossier code.
        number: String,
    },
    /// There is no draft in hand.
    #[error("no draft")]
    NoDraft,
    /// There is nothing to undo.
    #[error("nothing to undo")]
    NothingToUndo,
    /// The office is not set up, or already is.
    #[error("the office is not in a state for this")]
    OfficeNotReady,
    /// The name, PIN or role is not right.
    #[error("sign-in refused")]
    SignInRefused {
        /// Tries left before the account is locked.
        tries_left: u8,
    },
    /// Too many wrong PINs (TCVN 14423:2026 5.5.2.2: at most five).
    #[error("locked")]
    AccountLocked {
        /// Until when, local time.
        until: DateTime,
    },
}

impl Refusal {
    /// The rule behind the refusal, where there is one, for small type under the sentence.
    #[must_use]
    pub fn legal_basis(&self) -> Option<&'static str> {
        Some(match self {
            Self::Incomplete { .. } => "NĐ 61/2018/NĐ-CP Điều 17 khoản 1; NĐ 118/2025/NĐ-CP",
            Self::ProcedureNotYet { .. } | Self::ProcedureEnded { .. } => {
                "NĐ 118/2025/NĐ-CP; quyết định công bố thủ tục"
            }
            Self::NumbersUsedUp { .. } | Self::NumberTaken { .. } => {
                "TT 01/2018/TT-VPCP Điều 19; TT 03/2025/TT-VPCP"
            }
            Self::AccountLocked { .. } => "TCVN 14423:2026 mục 5.5.2.2",
            _ => return None,
        })
    }
}
