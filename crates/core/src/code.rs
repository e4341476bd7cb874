//! Official codes: organisations, dossiers, results.
//!
//! Owns: the organisation code of QĐ 20/2020/QĐ-TTg, the dossier code in both generations, the
//! result code of NĐ 45/2020 Đ14.3d; reading them with an error that names the place, printing
//! them back exactly.
//! Deliberately does not: hand out sequence numbers (the ledger's number slices do), know which
//! organisations exist (the shared catalogue does), or decide whose dossier a code belongs to.
//!
//! Reading is strict: one code has one spelling, so two different texts are never the same
//! dossier. What people type is first cleaned by [`DossierCode::from_typed`].

mod dossier;
mod error;
mod org;
mod scan;

pub use dossier::{DailySequence, DossierCode, ResultCode};
pub use error::{CodeError, Expected};
pub use org::{LegacyOrgCode, OrgCode, UnitCode};

#[cfg(test)]
mod tests;
