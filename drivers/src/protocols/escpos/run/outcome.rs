//! What can be said about a slip after the attempt to print it.

use serde::{Deserialize, Serialize};

use crate::protocols::escpos::command::{DrawerPin, NativeQr};
use crate::protocols::escpos::status::Trouble;

/// What is printed beside the raster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrintOptions {
    /// Cut after the slip (when the printer has a cutter).
    pub cut: bool,
    /// Kick the cash drawer before the cut.
    pub drawer: Option<DrawerPin>,
    /// A QR code the printer draws below the raster; ignored when the profile says it cannot.
    pub qr: Option<NativeQr>,
}

impl PrintOptions {
    /// A slip with a cut and nothing else.
    #[must_use]
    pub fn slip() -> Self {
        Self {
            cut: true,
            drawer: None,
            qr: None,
        }
    }
}

/// How far a job got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintProgress {
    /// Bands that were handed to the connection, wholly or in part.
    pub bands_sent: u32,
    /// Bands the printer says it has processed.
    pub bands_confirmed: u32,
    /// Bands of the whole slip.
    pub of: u32,
}

/// Why a slip did not come out whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCause {
    /// No paper.
    PaperOut,
    /// Cover open.
    CoverOpen,
    /// Cutter blocked.
    Cutter,
    /// Head too hot.
    Overheated,
    /// An error the printer can be brought back from.
    PrinterError,
    /// The printer must be switched off and on.
    Unrecoverable,
    /// Offline without a reason.
    Offline,
    /// The printer did not answer.
    NoAnswer,
    /// The printer stopped taking data.
    Stalled,
    /// The connection broke.
    LinkLost,
    /// The clerk cancelled.
    Cancelled,
    /// The printer was not connected when the job came.
    NotConnected,
    /// The job waited longer than it was allowed to.
    Expired,
    /// The program is closing.
    Stopped,
}

impl From<Trouble> for FailureCause {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::CoverOpen => Self::CoverOpen,
            Trouble::PaperOut => Self::PaperOut,
            Trouble::Cutter => Self::Cutter,
            Trouble::Unrecoverable => Self::Unrecoverable,
            Trouble::Recoverable => Self::PrinterError,
            Trouble::Overheated => Self::Overheated,
            Trouble::Offline => Self::Offline,
        }
    }
}

/// Why nobody but the clerk can say whether the slip came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtReason {
    /// The connection broke after the last row was sent.
    LinkLost,
    /// All was sent, and the printer never said that it was done.
    NoAnswerAfterCut,
    /// The printer stopped, could not be told to forget, and may print the rest by itself.
    MayStillPrint,
    /// All rows are on paper but the cut is not proven: tear it off and look.
    NotCut,
    /// Paper or cover stopped the printer in the middle, or it paused strangely, and it went on:
    /// the slip may be in two pieces.
    Interrupted,
    /// Answers arrived that nobody asked for; the proof cannot be trusted.
    ConfusedReplies,
    /// The printer or its connection cannot answer at all.
    NoReadback,
}

/// The truth about a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum PrintOutcome {
    /// The printer answered after the cut: the slip is out.
    Confirmed,
    /// The whole slip is not out, and will not come out by itself.
    Failed {
        /// Why.
        cause: FailureCause,
        /// Not even a part of it is on paper.
        nothing_came_out: bool,
        /// How far it got.
        progress: PrintProgress,
    },
    /// The slip may or may not be out: the clerk must look.
    Unknown {
        /// Why it is unknown.
        why: DoubtReason,
        /// How far it got.
        progress: PrintProgress,
    },
}

impl PrintOutcome {
    /// A job that never reached the printer.
    #[must_use]
    pub fn never_started(cause: FailureCause, bands: u32) -> Self {
        let progress = PrintProgress {
            of: bands,
            ..PrintProgress::default()
        };
        Self::Failed {
            cause,
            nothing_came_out: true,
            progress,
        }
    }
}
