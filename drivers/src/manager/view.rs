//! A device as the clerk sees it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::config::{DeviceId, Role};
use crate::protocols::escpos::{PrinterStatus, Trouble};

/// What is wrong with a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No paper.
    PaperOut,
    /// The cover is open.
    CoverOpen,
    /// The cutter is blocked.
    Cutter,
    /// The head is too hot.
    Overheated,
    /// An error that the printer can be brought back from.
    PrinterError,
    /// The printer must be switched off and on.
    Unrecoverable,
    /// Refuses data and does not say why.
    Offline,
    /// Connected, but does not answer.
    NoAnswer,
    /// The system refuses access.
    NeedsPermission,
    /// Another program holds the port.
    PortBusy,
    /// The device answers like another kind of device.
    WrongDevice,
    /// The profile named in the settings does not exist or has errors.
    BadProfile,
    /// This computer cannot use such a device.
    Unsupported,
}

/// What the clerk can do; the sentence for it is in the screen's catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Put a new roll in.
    LoadPaper,
    /// The roll is nearly used up: have one ready.
    PaperRunsLow,
    /// Close the cover.
    CloseCover,
    /// Open the cover, take the jammed paper out, close it.
    ClearCutter,
    /// Wait until the head is cool.
    WaitForCooling,
    /// Switch the device off and on.
    SwitchOffAndOn,
    /// Is it switched on? Is the cable in?
    CheckPowerAndCable,
    /// Is the folder's computer on, and does the share still exist?
    CheckShare,
    /// Give this account access to the port (on Linux: the udev rule of the installer).
    GrantPermission,
    /// Close the other program that uses the device.
    CloseOtherProgram,
    /// Scan the configuration code "USB-COM" from the manual.
    SetReaderToUsbCom,
    /// Choose the right device for this role.
    ChooseRightDevice,
    /// Choose or mend the profile.
    ChooseProfile,
    /// Use another device.
    UseAnotherDevice,
}

/// Where a device is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeviceState {
    /// Never seen since the program started.
    Absent,
    /// Seen by the system, not opened yet.
    Found,
    /// Being opened and asked how it is.
    Opening,
    /// Ready for work.
    Ready,
    /// At work.
    Busy {
        /// The print job, for a printer.
        job: Option<Uuid>,
    },
    /// Something is wrong that a person can mend.
    Fault {
        /// What.
        kind: FaultKind,
        /// Since when, in milliseconds since 1970 by this PC's clock.
        since_ms: u64,
    },
    /// Was there and is gone; it is looked for.
    Lost {
        /// Since when, in milliseconds since 1970 by this PC's clock.
        since_ms: u64,
    },
}

/// How sure we are that a device is well. Green only on an answer from the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// The device cannot tell, or has not told.
    #[default]
    Unknown,
    /// It said that all is well.
    Good,
    /// It works and asks for something soon.
    Attention,
}

/// A snapshot of one device for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Its name in settings and events.
    pub id: DeviceId,
    /// What it is used for.
    pub role: Role,
    /// Its name for people.
    pub name: String,
    /// The profile it obeys.
    pub profile: String,
    /// What it calls itself, when it told.
    pub model: Option<String>,
    /// Where it is in its life.
    pub state: DeviceState,
    /// How sure we are that it is well.
    pub health: Health,
    /// A printer's own words.
    pub printer: Option<PrinterStatus>,
    /// Slips left on the roll, estimated; absent until a first slip was printed on a known roll.
    pub paper_left_slips: Option<u32>,
    /// Dots printed on the roll in the printer; keep it and give it back at the next start.
    pub paper_used_dots: Option<u64>,
    /// It is a simulator.
    pub simulated: bool,
    /// What to do, when something should be done.
    pub advice: Option<Advice>,
}

impl FaultKind {
    /// What the clerk can do about it.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::PaperOut => Advice::LoadPaper,
            Self::CoverOpen => Advice::CloseCover,
            Self::Cutter => Advice::ClearCutter,
            Self::Overheated => Advice::WaitForCooling,
            Self::PrinterError | Self::Unrecoverable | Self::Offline => Advice::SwitchOffAndOn,
            Self::NoAnswer => Advice::CheckPowerAndCable,
            Self::NeedsPermission => Advice::GrantPermission,
            Self::PortBusy => Advice::CloseOtherProgram,
            Self::WrongDevice => Advice::ChooseRightDevice,
            Self::BadProfile => Advice::ChooseProfile,
            Self::Unsupported => Advice::UseAnotherDevice,
        }
    }
}

impl From<Trouble> for FaultKind {
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
