//! Profiles: what a kind of device can do, as data (TOML). Data only, no expressions.
//!
//! Embedded ones cover the devices this program was written with; an office adds or replaces some
//! in a folder, and an error in one names the file, the line and what to write instead.
//!
//! Owns: reading and checking profiles. Does not own: which device uses which (the desk's settings).

mod book;
mod parse;

use std::time::Duration;

pub use book::ProfileBook;
pub use parse::ProfileError;

use crate::manager::Role;
use crate::protocols::barcode;
use crate::protocols::escpos::run::PrinterTraits;
use crate::protocols::linedisplay;
use crate::transports::SerialSettings;

/// A kind of device.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name in settings: the name of its file without `.toml`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// What it is used for.
    pub role: Role,
    /// Which devices it fits: `usb:VID:PID`, `1284:MFG=..;MDL=..`.
    pub matches: Vec<String>,
    /// How its serial port is set, should it have one.
    pub serial: SerialSettings,
    /// What it speaks.
    pub kind: ProfileKind,
}

/// What a device speaks.
#[derive(Debug, Clone, PartialEq)]
pub enum ProfileKind {
    /// ESC/POS.
    EscPos(PrinterProfile),
    /// Codes, one after the other.
    CodeLines(barcode::Framing),
    /// Two lines of text.
    LineDisplay(DisplayProfile),
    /// Wacom STU with the serial framing.
    StuSerial,
    /// The window itself.
    Canvas,
    /// A folder.
    ScanFolder(FolderProfile),
}

/// A receipt printer.
#[derive(Debug, Clone, PartialEq)]
pub struct PrinterProfile {
    /// What it can do.
    pub traits: PrinterTraits,
    /// Width of the head in dots.
    pub dots: u16,
    /// Dots per inch along the paper.
    pub dpi: u16,
    /// Length of a new roll in dots.
    pub roll_dots: u64,
    /// Paper left when the near-end sensor speaks, in dots.
    pub near_end_dots: u64,
    /// Time between two looks at an idle printer.
    pub poll: Duration,
}

/// A two-line display.
#[derive(Debug, Clone, PartialEq)]
pub struct DisplayProfile {
    /// Command set.
    pub mode: linedisplay::Mode,
    /// A text older than this is wiped: a wrong number is worse than none.
    pub stale_after: Option<Duration>,
}

/// A scan folder.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderProfile {
    /// Time between two looks.
    pub poll: Duration,
    /// How long an empty or broken file may still become a document.
    pub patience: Duration,
}
