//! The control panel of a bench as data: the same commands in this process and as JSON lines.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use super::mfp::ScanHow;
use super::reader::Typing;

/// A simulated device of a bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimName {
    /// The receipt printer.
    Receipt,
    /// The barcode reader.
    Reader,
    /// The two-line display.
    Display,
    /// The signature pad.
    Pad,
}

impl SimName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Receipt, Self::Reader, Self::Display, Self::Pad];

    /// The name in addresses (`sim:receipt`) and on ports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Reader => "reader",
            Self::Display => "display",
            Self::Pad => "pad",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sim| sim.as_str() == name)
    }
}

/// A switch on the printer's fault panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterFault {
    /// No paper.
    PaperOut,
    /// The near-end sensor sees the core.
    PaperNearEnd,
    /// The cover is open.
    CoverOpen,
    /// The next cut jams.
    JamAtNextCut,
    /// The cutter is jammed.
    CutterJammed,
    /// Must be switched off and on.
    Unrecoverable,
    /// The head is too hot.
    Overheated,
    /// Offline without saying why.
    Busy,
    /// Says nothing.
    Mute,
    /// A random byte before each answer.
    Noise,
    /// Each answer twice.
    DuplicateReplies,
    /// Switched off while the line stays.
    PowerOff,
}

/// What the copier scans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScanDrop {
    /// File name; `SCAN0001.pdf` and so on when absent.
    pub name: Option<String>,
    /// Pages of the PDF; a name ending in `.jpg` gives one JPEG.
    pub pages: u32,
    /// A file to put there instead of an invented one.
    pub from: Option<PathBuf>,
    /// How it arrives.
    #[serde(flatten)]
    pub how: ScanHow,
}

/// Something done at the bench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum BenchCommand {
    /// Hold a code before the reader.
    Scan {
        /// The code.
        text: String,
        /// How the reader is set.
        #[serde(default)]
        typing: Typing,
    },
    /// Scan paper on the copier.
    DropScan(ScanDrop),
    /// Write the stored signature on the pad.
    Sign,
    /// Throw a switch on the printer's fault panel.
    PrinterFault {
        /// The switch.
        fault: PrinterFault,
        /// On or off.
        on: bool,
    },
    /// The roll ends after so many more rows.
    EndPaperAfter {
        /// Rows.
        rows: u64,
    },
    /// Put a new roll in.
    LoadPaper,
    /// Tear off what hangs out of the printer.
    TearOff,
    /// Switch the printer off and on.
    PowerCycle,
    /// Pull a cable, now or after so many more bytes.
    Pull {
        /// The device.
        device: SimName,
        /// Bytes that still pass.
        #[serde(default)]
        after_bytes: Option<u64>,
    },
    /// Put the cable back.
    Plug {
        /// The device.
        device: SimName,
    },
    /// Look at a piece of paper: the last one, or `back` pieces before it.
    Paper {
        /// Pieces before the last.
        #[serde(default)]
        back: usize,
    },
    /// Read the display.
    Display,
    /// Everything countable.
    State,
}

/// Everything countable at a bench.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimState {
    /// Pieces of paper that ever came out.
    pub papers: u64,
    /// Times the drawer was kicked.
    pub drawer_kicks: u64,
    /// What the display shows.
    pub display: [String; 2],
    /// Times the pad's screen was wiped.
    pub pad_clears: u64,
    /// Ink follows the pen.
    pub pad_inking: bool,
    /// Devices whose cable is out.
    pub unplugged: Vec<SimName>,
}

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum BenchReply {
    /// Done.
    Done,
    /// A piece of paper; nothing when there is none.
    Paper {
        /// Pieces that ever came out.
        papers: u64,
        /// Width in dots.
        width_dots: u16,
        /// Height in dots.
        rows: usize,
        /// The picture, PNG in base64.
        png_base64: String,
        /// Texts of native QR codes.
        qr: Vec<String>,
        /// Lines printed as characters.
        text: Vec<String>,
    },
    /// No such piece of paper.
    NoPaper {
        /// Pieces that ever came out.
        papers: u64,
    },
    /// What the display shows.
    Display {
        /// The two lines.
        lines: [String; 2],
    },
    /// Everything countable.
    State(SimState),
    /// A scan is on its way.
    Scanning {
        /// Its file name.
        name: String,
    },
    /// The command could not be carried out.
    Error {
        /// Why.
        message: String,
    },
}

/// Why a command could not be carried out.
#[derive(Debug, Error)]
pub enum BenchError {
    /// A file or port could not be made.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl BenchError {
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}
