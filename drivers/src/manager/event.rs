//! What devices tell the desk.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::config::DeviceId;
use super::view::DeviceView;
use crate::protocols::barcode::WrongMode;
use crate::protocols::escpos::PrintOutcome;
use crate::protocols::pad::{PenSample, SignRefusal, Signature};
use crate::transports::folder::{ScanMime, ScanRefusal};

/// Something happened. Sent in order per device, from one thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DeviceEvent {
    /// A view changed; [`super::DeviceManager::views`] gives the same.
    StateChanged(Box<DeviceView>),
    /// A code was read, whole and valid UTF-8; not normalised.
    Code {
        /// The reader.
        device: DeviceId,
        /// The text.
        text: String,
    },
    /// A reader sent something else than UTF-8 text.
    CodeWrongMode {
        /// The reader.
        device: DeviceId,
        /// The likely mistake.
        looks_like: WrongMode,
        /// What can be shown of it.
        shown: String,
    },
    /// A reader sent more than a code can hold.
    CodeTooLong {
        /// The reader.
        device: DeviceId,
        /// Bytes thrown away.
        bytes: usize,
    },
    /// A finished scan was claimed from the folder: take it, then delete the file at `path`.
    ScanArrived {
        /// The folder.
        device: DeviceId,
        /// Where the claimed file is now.
        path: PathBuf,
        /// Its name as the scanner gave it.
        name: String,
        /// What it is, by its content.
        mime: ScanMime,
        /// Bytes.
        size: u64,
    },
    /// A file in the folder cannot be taken; it stays where it is.
    ScanRefused {
        /// The folder.
        device: DeviceId,
        /// Its name.
        name: String,
        /// Why.
        why: ScanRefusal,
    },
    /// The pen moved during a signature: readings since the last event, in order.
    PenSample {
        /// The pad.
        device: DeviceId,
        /// The request being signed.
        request: Uuid,
        /// The readings.
        samples: Vec<PenSample>,
    },
    /// The pad was wiped; the signature starts again.
    SignatureCleared {
        /// The pad.
        device: DeviceId,
        /// The request being signed.
        request: Uuid,
    },
    /// The signature was accepted.
    SignatureDone {
        /// The pad.
        device: DeviceId,
        /// The request that was signed.
        request: Uuid,
        /// What was written.
        signature: Signature,
    },
    /// There is too little or too much on the pad; the signature goes on.
    SignatureRefused {
        /// The pad.
        device: DeviceId,
        /// The request being signed.
        request: Uuid,
        /// Why.
        why: SignRefusal,
    },
    /// The signature was given up, or the pad went away; nothing is kept.
    SignatureCancelled {
        /// The pad.
        device: DeviceId,
        /// The request.
        request: Uuid,
    },
    /// A job moved on.
    PrintProgress {
        /// The printer.
        device: DeviceId,
        /// The job.
        job: Uuid,
        /// Bands the printer has taken.
        band: u32,
        /// Bands of the whole slip.
        of: u32,
    },
    /// A job is over. Comes exactly once for every accepted job.
    PrintDone {
        /// The printer.
        device: DeviceId,
        /// The job.
        job: Uuid,
        /// The truth about the slip.
        outcome: PrintOutcome,
    },
}
