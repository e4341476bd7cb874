//! What a counter does: use cases over the ledger, the drivers and the papers.
//!
//! Owns the order of things at a desk: saved before told, recorded before printed, asked before overwritten. The
//! window, the command line and the tests all use it and see the same.
//!
//! Deliberately absent: windows, IPC types, sentences for people (refusals are codes), SQL, the bytes of devices,
//! what the rules are (`motcua-core`).

mod clock;
mod desk;
mod devices;
mod dossiers;
mod error;
mod event;
mod intake;
mod link;
mod node;
mod paper_record;
mod pin;
pub mod practice;
mod preview;
mod printing;
mod queue;
mod receive;
mod scans;
mod session;
mod setup;
mod signing;
mod status;

pub use clock::{Clock, SystemClock, local, reading, wall};
pub use desk::{Desk, DeskConfig, Entry, RecoveredDraft, Stage};
pub use devices::DeviceStatus;
pub use dossiers::DossierFile;
pub use error::{DeskError, PrinterFault, ScanFault};
pub use event::DeskEvent;
pub use intake::{IntakeView, ProcedureHit, UndoKind};
pub use paper_record::{Edition, reception};
pub use pin::PIN_DIGITS_MIN;
pub use preview::{Picture, Unreadable, page_count, page_picture};
pub use queue::{Issued, LONG_WAIT_MINUTES, QueueView};
pub use receive::ReceivedDossier;
pub use scans::{Content, Origin, SCAN_BYTES_MAX, Scan, scan_id};
pub use session::{Session, TRIES_MAX};
pub use setup::{CatalogueSource, NewCounter, NewOffice, NewStaff, STANDARD_FIELDS, StandardField};
pub use signing::{SIGNING_ASPECT, STROKES_MIME, Signing, Via};
pub use status::{Health, Lamp, LampReason, LampState, Status};
