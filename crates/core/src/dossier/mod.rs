//! A dossier (hồ sơ): what was received, what happened to it since, and what may happen next.
//!
//! [`Dossier`] is the fold of its operations; [`decide`] turns a command into events or a refusal;
//! [`judge`] is the merge table of the office's log. States carry the ten national codes
//! (regulations: TT 22/2019 Đ4 and the national portal's list).

mod body;
mod decide;
mod fold;
mod judge;
mod status;

pub use body::{
    Attached, BlobRef, Corrected, Delivery, DueRecord, FeeLine, NoteAdded, OfficerRef,
    PaperReceived, Party, PartyKind, ProcedureRef, ProvinceAnswered, ProvinceOutcome, Received,
    SignatureRef, SlipPrinted, Stepped,
};
pub use decide::{Command, decide};
pub use fold::{Dossier, FieldConflict, FieldWrite, HistoryLine};
pub use judge::judge;
pub use status::DossierStatus;
