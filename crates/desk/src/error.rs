//! Why the desk could not do it. Every variant is a code that a screen has a sentence for.

use motcua_core::ids::PrintJobId;
use motcua_core::people::card::CardError;
use motcua_core::refusal::{Problem, Refusal};
use motcua_drivers::DeviceId;
use motcua_ledger::StoreError;
use motcua_papers::PaperError;

/// What is wrong with a scanned file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanFault {
    /// Zero bytes.
    Empty,
    /// Larger than a scan may be.
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not a PDF, JPEG or PNG.
    Unsupported,
    /// Damaged.
    Unreadable,
}

/// Why a printer did not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterFault {
    /// Out of paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// Everything else: switched off, unplugged, an error of its own.
    Offline,
}

/// Why the desk could not do it.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The desk's rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The text is no identity card.
    #[error(transparent)]
    Card(#[from] CardError),
    /// A scanned file cannot be taken.
    #[error("a scanned file cannot be taken: {why:?}")]
    Scan {
        /// Its name, for the clerk only.
        file_name: String,
        /// What is wrong.
        why: ScanFault,
    },
    /// The scan is no longer in the inbox.
    #[error("the scan is gone")]
    ScanGone,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The role does not allow it.
    #[error("the role does not allow it")]
    NotAllowed,
    /// Something in a form cannot be taken.
    #[error("the form cannot be taken")]
    InvalidInput {
        /// Field by field.
        problems: Vec<Problem>,
    },
    /// Nobody has drawn anything.
    #[error("the signature is empty")]
    SignatureEmpty,
    /// The pad is gone while it was asked.
    #[error("the signature pad is gone")]
    PadLost {
        /// Its name.
        device: String,
    },
    /// The slip of a dossier did not come out.
    #[error("the printer {printer} did not print: {fault:?}")]
    Printer {
        /// The printer's name.
        printer: String,
        /// The dossier code.
        code: String,
        /// What the printer said.
        fault: PrinterFault,
    },
    /// The printer could not tell whether the slip came out: a person must look.
    #[error("the printer {printer} could not tell")]
    PrintUnknown {
        /// The printer's name.
        printer: String,
        /// The dossier code to look for on the paper.
        code: String,
        /// The print job.
        job: PrintJobId,
    },
    /// The province refused a dossier for good.
    #[error("the province refused {code}")]
    ProvinceRefused {
        /// The dossier code.
        code: String,
        /// The province's words.
        reason: String,
    },
    /// The reader sends letters in a mode that loses them.
    #[error("the code reader is in the wrong mode")]
    ReaderMode,
    /// No printer for slips is bound.
    #[error("no printer")]
    NoPrinter,
    /// The outcome of this print was answered before.
    #[error("the print was answered before")]
    PrintAnswered,
    /// No such device.
    #[error("no such device")]
    NoSuchDevice,
    /// The device is doing something else.
    #[error("the device {0} is busy")]
    DeviceBusy(DeviceId),
    /// The catalogue file cannot be read.
    #[error("the catalogue cannot be read at row {row}")]
    Catalogue {
        /// The row, from 1.
        row: usize,
    },
    /// Only in practice.
    #[error("only in practice")]
    PracticeOnly,
    /// A paper could not be made.
    #[error(transparent)]
    Paper(#[from] PaperError),
    /// The ledger could not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file beside the ledger.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// The bound devices cannot be started as they are written.
    #[error("devices: {0}")]
    Devices(String),
    /// The hub could not be joined.
    #[error("joining the hub: {0}")]
    Join(String),
}

impl From<motcua_ledger::ActError> for DeskError {
    fn from(error: motcua_ledger::ActError) -> Self {
        match error {
            motcua_ledger::ActError::Refused(refusal) => Self::Refused(refusal),
            motcua_ledger::ActError::Store(error) => Self::Store(error),
        }
    }
}
