//! A provincial API that behaves as real ones do on their good days and on their bad ones.
//!
//! Owns: the services `DongBoHoSoMC` (a dossier), `CapNhatTienDoHoSoMC` (a step of its progress)
//! and `TraCuuHoSo` (look-up by dossier code) in the national body style
//! `{"service", "isUpdating", "data": […]}` with dates `yyyyMMddHHmmss`; bearer tokens that
//! expire; a ledger of its own, kept in a file of JSON lines, from which a test counts what was
//! really accepted; and a second address, the control, that makes it slow, wrong or down.
//!
//! Deliberately does not: share a line with the connector it is there to try, or decide anything
//! about a dossier. A real province's numbers for its error codes are not published; callers must
//! go by `error_code` 0 and by the words "đã tồn tại".

mod api;
mod control;
mod faults;
mod gate;
mod ledger;
mod schema;
mod server;
#[cfg(test)]
mod tests;

pub use api::{
    ERROR_EXISTS, ERROR_NOT_FOUND, ERROR_SCHEMA, ERROR_SERVICE, ERROR_TOO_MANY, RECORDS_MAX,
    SERVICE_DOSSIER, SERVICE_LOOKUP, SERVICE_PATH, SERVICE_PROGRESS, TOKEN_PATH,
};
pub use control::{Control, Policy};
pub use faults::{Answer, Fault, Rule};
pub use gate::Mode;
pub use ledger::{Act, Entry};
pub use server::{Addresses, FakeProvince, Options};
