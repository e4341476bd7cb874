//! Commands on a dossier that exists: what a clerk asks for, and the event or the refusal that follows.
//! Reception itself is decided in `intake`, from a draft.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::{
    Attached, BlobRef, Corrected, Dossier, DossierStatus, NoteAdded, SlipPrinted, Stepped,
};
use crate::event::Event;
use crate::ids::PrintJobId;
use crate::refusal::Refusal;
use crate::state::PrintOutcome;

/// What a clerk asks of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// One more scan for a paper.
    Attach {
        /// The paper's key.
        paper: String,
        /// The scan.
        scan: BlobRef,
    },
    /// A remark.
    Note {
        /// The remark.
        text: String,
    },
    /// The next national status.
    Step {
        /// What it becomes.
        to: DossierStatus,
        /// Why.
        reason: String,
    },
    /// Plain fields, with a reason.
    Correct {
        /// Field name → new value.
        fields: BTreeMap<String, String>,
        /// Why.
        reason: String,
    },
    /// What became of a slip.
    RecordPrint {
        /// The job.
        job: PrintJobId,
        /// Which copy it is.
        copy: u16,
        /// What became of it.
        outcome: PrintOutcome,
        /// Why it was printed again; needed from the second copy on.
        reason: String,
    },
}

/// Decides a command against the dossier as it stands.
///
/// # Errors
/// A [`Refusal`] when the dossier's state does not allow it or a reason is missing.
pub fn decide(dossier: &Dossier, command: Command, now: DateTime) -> Result<Event, Refusal> {
    match command {
        Command::Attach { paper, scan } => {
            let known = dossier.received.papers.iter().any(|p| p.key == paper);
            if !known || dossier.status.next().is_empty() {
                return Err(Refusal::WrongStatus {
                    status: dossier.status,
                });
            }
            Ok(Event::DossierAttached(Attached { paper, scan }))
        }
        Command::Note { text } => Ok(Event::DossierNoted(NoteAdded {
            text: reasoned(text)?,
            at: now,
        })),
        Command::Step { to, reason } => {
            if !dossier.status.may_become(to) {
                return Err(Refusal::WrongStatus {
                    status: dossier.status,
                });
            }
            Ok(Event::DossierStepped(Stepped {
                from: dossier.status,
                to,
                reason,
                at: now,
            }))
        }
        Command::Correct { fields, reason } => {
            let changed: BTreeMap<String, String> = fields
                .into_iter()
                .filter(|(name, value)| dossier.field(name).is_some_and(|current| current != value))
                .collect();
            Ok(Event::DossierCorrected(Corrected {
                fields: changed,
                reason: reasoned(reason)?,
                at: now,
            }))
        }
        Command::RecordPrint {
            job,
            copy,
            outcome,
            reason,
        } => {
            if copy > 1 && reason.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            Ok(Event::SlipPrinted(SlipPrinted {
                job,
                copy,
                outcome,
                at: now,
                reason,
            }))
        }
    }
}

fn reasoned(text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        Err(Refusal::ReasonMissing)
    } else {
        Ok(text)
    }
}
