//! The merge table of the office's log for dossiers: one arm per kind, one test per arm.
//!
//! Steps are compare-and-set, corrections merge per field, everything else only adds. Nothing is deleted.

use super::fold::{Dossier, is_verified};
use super::{Corrected, Stepped};
use crate::event::Event;
use crate::op::Op;
use crate::state::{Decision, Entry};

/// What the log says of an operation, given the dossier as it stands.
#[must_use]
pub fn judge(dossier: Option<&Dossier>, entry: Entry<'_>) -> Decision {
    match (dossier, entry.event) {
        (None, Event::DossierReceived(_)) => Decision::Applied,
        (None, _) => Decision::rejected("no_dossier"),
        (Some(known), Event::DossierReceived(received)) => {
            if known.received == **received {
                Decision::Duplicate
            } else {
                Decision::conflict("received_twice")
            }
        }
        (Some(known), Event::DossierStepped(step)) => judge_step(known, step),
        (Some(known), Event::DossierCorrected(corrected)) => {
            judge_correction(known, corrected, entry.op)
        }
        (Some(known), Event::DossierAttached(attached)) => {
            if known
                .received
                .papers
                .iter()
                .any(|p| p.key == attached.paper)
            {
                Decision::Applied
            } else {
                Decision::rejected("no_such_paper")
            }
        }
        (Some(_), _) => Decision::Applied,
    }
}

fn judge_step(known: &Dossier, step: &Stepped) -> Decision {
    if known.status == step.to {
        return Decision::Duplicate;
    }
    if known.status != step.from {
        return Decision::conflict("status_moved");
    }
    if step.from.may_become(step.to) {
        Decision::Applied
    } else {
        Decision::rejected("no_such_step")
    }
}

fn judge_correction(known: &Dossier, corrected: &Corrected, op: &Op) -> Decision {
    if corrected
        .fields
        .keys()
        .any(|field| known.field(field).is_none())
    {
        return Decision::rejected("no_such_field");
    }
    let met: Vec<String> = corrected
        .fields
        .iter()
        .filter(|(field, value)| known.is_unseen(field, op) && known.field(field) != Some(value))
        .map(|(field, _)| field.clone())
        .collect();
    if met.is_empty() {
        Decision::Applied
    } else if met.len() == corrected.fields.len() && met.iter().all(|field| is_verified(field)) {
        Decision::conflict("verified_field_moved")
    } else {
        Decision::Merged { fields: met }
    }
}
