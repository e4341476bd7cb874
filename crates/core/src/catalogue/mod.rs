//! Administrative procedures as a counter needs them, by effective date.
//!
//! Owns: the procedure with its cases, limits per channel and case, papers, fees, results; which
//! edition is in force on a day; finding one as a clerk types; taking in the national list without
//! losing a row.
//! Deliberately does not: decide what a source leaves open (a limit without a unit stays without
//! one until a person decides), change editions in place (a changed procedure is a new version; a
//! dossier keeps the version it was taken under), or read files.

mod code;
mod find;
pub mod import;
mod limits;
mod parts;
mod procedure;
mod shipped;
mod store;

pub use code::{ProcedureCode, ProcedureCodeError};
pub use find::{Found, MAX_FOUND, Rank, Standing};
pub use limits::{DecideError, LimitRow, LimitTerm, TermError};
pub use parts::{
    Case, CaseId, Channel, Fee, FeeAmount, FeeKind, HandIn, Level, PaperSpec, ResultSpec,
    ReturnWay, Routing, Templates,
};
pub use procedure::Procedure;
pub use store::{Catalogue, CatalogueError, MAX_PROCEDURES, NotInForce};

#[cfg(test)]
mod tests;
