//! The intake: a draft, the changes to it, its review, and the reception that ends it.
//!
//! Owns what a clerk may enter, what stands between a draft and a receipt, and what is derived from it: the due
//! date with its reasons, fees, hints. Saving, printing and devices are the desk's.

mod change;
mod checklist;
mod draft;
mod fees;
mod receive;
mod review;

use jiff::civil::Date;

pub use change::{
    ADDED_PAPERS_MAX, Change, FEE_QUANTITY_MAX, PAPER_COUNT_MAX, PaperCount, SET_COUNT_MAX, apply,
};
pub use draft::{
    Choice, Difference, Draft, PaperEntry, PersonField, PersonForm, ScanRef, Source, Sourced,
    SubmitterForm,
};
pub use fees::{EXEMPTIONS, Exemption, FeeRow, Fees};
pub use receive::{Reception, receive};
pub use review::{Hint, NoDue, Review, Rules, review, statement};

use crate::catalogue::{Catalogue, NotInForce, Procedure, ProcedureCode};
use crate::refusal::Refusal;

/// The procedure in force on `day`.
///
/// # Errors
/// A [`Refusal`] that says whether it is unknown, not yet or no longer in force.
pub fn in_force<'a>(
    catalogue: &'a Catalogue,
    code: &ProcedureCode,
    day: Date,
) -> Result<&'a Procedure, Refusal> {
    catalogue.in_force(code, day).map_err(|why| {
        let procedure = code.to_string();
        match why {
            NotInForce::NotYet { from } => Refusal::ProcedureNotYet { procedure, from },
            NotInForce::NoLonger { to, replaced_by } => {
                let replaced_by = replaced_by.map(|code| code.to_string());
                Refusal::ProcedureEnded {
                    procedure,
                    to,
                    replaced_by,
                }
            }
            NotInForce::Unknown => Refusal::ProcedureUnknown { procedure },
        }
    })
}
