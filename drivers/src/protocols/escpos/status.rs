//! What a printer says about itself, from the four kinds of status bytes.
//!
//! Sources for the bits: Epson TM-U220 manual p. 54 (`DLE EOT`), Epson TM-T88III specification
//! p. 143 and TM-U950 (`GS a`, automatic status back), Bixolon SRP-350 manual. Every field starts
//! as *unknown* and stays so until a byte said otherwise: a status that says "OK" because nothing
//! answered is a lie.

use serde::{Deserialize, Serialize};

/// The paper roll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// Nothing was heard.
    #[default]
    Unknown,
    /// Paper is present.
    Ok,
    /// The near-end sensor sees the core: a few slips are left.
    NearEnd,
    /// No paper.
    End,
}

/// The cover over the roll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// Nothing was heard.
    #[default]
    Unknown,
    /// Closed.
    Closed,
    /// Open.
    Open,
}

/// Whether the printer accepts print data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Online {
    /// Nothing was heard.
    #[default]
    Unknown,
    /// Ready for data.
    Online,
    /// Refusing data.
    Offline,
}

/// A mechanical or electrical error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterError {
    /// Nothing was heard.
    #[default]
    Unknown,
    /// None.
    None,
    /// The head is too hot; it goes on by itself.
    Overheated,
    /// The cutter is blocked.
    Cutter,
    /// Some error that can be recovered from.
    Recoverable,
    /// The printer must be switched off.
    Unrecoverable,
}

/// Everything known about a printer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    /// The roll.
    pub paper: Paper,
    /// The cover.
    pub cover: Cover,
    /// Accepting data or not.
    pub online: Online,
    /// Error, if any.
    pub error: PrinterError,
    /// Level of the drawer connector's pin 3; which level means "open" differs by drawer.
    pub drawer_pin_high: Option<bool>,
}

/// What stops a printer from printing, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The cover is open.
    CoverOpen,
    /// No paper.
    PaperOut,
    /// The cutter is blocked.
    Cutter,
    /// The printer must be switched off and on.
    Unrecoverable,
    /// An error that the printer can be brought back from.
    Recoverable,
    /// The head is too hot.
    Overheated,
    /// Offline and not saying why.
    Offline,
}

/// The four questions of `DLE EOT n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// n = 1.
    Printer,
    /// n = 2.
    OfflineCause,
    /// n = 3.
    ErrorCause,
    /// n = 4.
    Roll,
}

impl Question {
    /// The four questions, in the order they are asked.
    pub const ALL: [Self; 4] = [
        Self::Printer,
        Self::OfflineCause,
        Self::ErrorCause,
        Self::Roll,
    ];

    /// The parameter of `DLE EOT`.
    #[must_use]
    pub fn n(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::ErrorCause => 3,
            Self::Roll => 4,
        }
    }
}

const BIT2: u8 = 0x04;
const BIT3: u8 = 0x08;
const BIT5: u8 = 0x20;
const BIT6: u8 = 0x40;
const ROLL_NEAR_END: u8 = 0x0C;
const ROLL_END: u8 = 0x60;
const ASB_NEAR_END: u8 = 0x03;
const ASB_END: u8 = 0x0C;

impl PrinterStatus {
    /// What stops the printer, if something known does.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        if self.cover == Cover::Open {
            return Some(Trouble::CoverOpen);
        }
        if self.paper == Paper::End {
            return Some(Trouble::PaperOut);
        }
        match self.error {
            PrinterError::Unrecoverable => return Some(Trouble::Unrecoverable),
            PrinterError::Cutter => return Some(Trouble::Cutter),
            PrinterError::Recoverable => return Some(Trouble::Recoverable),
            PrinterError::Overheated => return Some(Trouble::Overheated),
            PrinterError::None | PrinterError::Unknown => {}
        }
        (self.online == Online::Offline).then_some(Trouble::Offline)
    }

    /// Nothing at all was heard.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Takes the answer `byte` to `question`.
    pub fn answer(&mut self, question: Question, byte: u8) {
        match question {
            Question::Printer => self.take_printer(byte),
            Question::OfflineCause => self.take_offline_cause(byte),
            Question::ErrorCause => self.take_error_cause(byte),
            Question::Roll => self.take_roll(byte),
        }
    }

    fn take_printer(&mut self, byte: u8) {
        self.drawer_pin_high = Some(byte & BIT2 != 0);
        self.online = if byte & BIT3 != 0 {
            Online::Offline
        } else {
            Online::Online
        };
    }

    fn take_offline_cause(&mut self, byte: u8) {
        self.cover = if byte & BIT2 != 0 {
            Cover::Open
        } else {
            Cover::Closed
        };
        if byte & BIT5 != 0 {
            self.paper = Paper::End;
        }
        if byte & BIT6 == 0 {
            self.error = PrinterError::None;
        } else if matches!(self.error, PrinterError::None | PrinterError::Unknown) {
            self.error = PrinterError::Recoverable;
        }
    }

    fn take_error_cause(&mut self, byte: u8) {
        self.error = if byte & BIT5 != 0 {
            PrinterError::Unrecoverable
        } else if byte & BIT3 != 0 {
            PrinterError::Cutter
        } else if byte & BIT6 != 0 {
            PrinterError::Overheated
        } else if byte & BIT2 != 0 {
            PrinterError::Recoverable
        } else {
            PrinterError::None
        };
    }

    fn take_roll(&mut self, byte: u8) {
        self.paper = if byte & ROLL_END != 0 {
            Paper::End
        } else if byte & ROLL_NEAR_END != 0 {
            Paper::NearEnd
        } else {
            Paper::Ok
        };
    }

    /// Takes four bytes of automatic status. All fields are replaced: the four bytes are the whole
    /// state at one instant.
    pub fn automatic(&mut self, bytes: [u8; 4]) {
        let [b0, b1, b2, _] = bytes;
        self.drawer_pin_high = Some(b0 & BIT2 != 0);
        self.online = if b0 & BIT3 != 0 {
            Online::Offline
        } else {
            Online::Online
        };
        self.cover = if b0 & BIT5 != 0 {
            Cover::Open
        } else {
            Cover::Closed
        };
        self.error = if b1 & BIT5 != 0 {
            PrinterError::Unrecoverable
        } else if b1 & BIT3 != 0 {
            PrinterError::Cutter
        } else if b1 & BIT6 != 0 {
            PrinterError::Overheated
        } else if b1 & BIT2 != 0 {
            PrinterError::Recoverable
        } else {
            PrinterError::None
        };
        self.paper = if b2 & ASB_END != 0 {
            Paper::End
        } else if b2 & ASB_NEAR_END != 0 {
            Paper::NearEnd
        } else {
            Paper::Ok
        };
    }

    /// Takes the answer to `GS r 1`: paper only.
    pub fn paper_sensor(&mut self, byte: u8) {
        self.paper = if byte & ASB_END != 0 {
            Paper::End
        } else if byte & ASB_NEAR_END != 0 {
            Paper::NearEnd
        } else {
            Paper::Ok
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(question: Question, byte: u8) -> PrinterStatus {
        let mut status = PrinterStatus::default();
        status.answer(question, byte);
        status
    }

    #[test]
    fn real_time_answers_read_as_the_manual_says() {
        use Question::{ErrorCause, OfflineCause, Printer, Roll};
        assert_eq!(asked(Printer, 0x12).online, Online::Online);
        assert_eq!(asked(Printer, 0x1A).online, Online::Offline);
        assert_eq!(asked(Printer, 0x16).drawer_pin_high, Some(true));
        assert_eq!(asked(OfflineCause, 0x12).cover, Cover::Closed);
        assert_eq!(asked(OfflineCause, 0x16).cover, Cover::Open);
        assert_eq!(asked(OfflineCause, 0x32).paper, Paper::End);
        assert_eq!(asked(OfflineCause, 0x52).error, PrinterError::Recoverable);
        assert_eq!(asked(ErrorCause, 0x12).error, PrinterError::None);
        assert_eq!(asked(ErrorCause, 0x1A).error, PrinterError::Cutter);
        assert_eq!(asked(ErrorCause, 0x32).error, PrinterError::Unrecoverable);
        assert_eq!(asked(ErrorCause, 0x52).error, PrinterError::Overheated);
        assert_eq!(asked(Roll, 0x12).paper, Paper::Ok);
        assert_eq!(asked(Roll, 0x1E).paper, Paper::NearEnd);
        assert_eq!(asked(Roll, 0x72).paper, Paper::End);
        assert_eq!(asked(Roll, 0x7E).paper, Paper::End);
    }

    #[test]
    fn automatic_status_reads_as_the_manual_says() {
        let read = |bytes| {
            let mut status = PrinterStatus::default();
            status.automatic(bytes);
            status
        };
        let fine = read([0x10, 0x00, 0x00, 0x00]);
        assert_eq!(fine.trouble(), None);
        assert_eq!(fine.paper, Paper::Ok);
        assert_eq!(
            read([0x38, 0x00, 0x00, 0x00]).trouble(),
            Some(Trouble::CoverOpen)
        );
        assert_eq!(
            read([0x18, 0x00, 0x0C, 0x00]).trouble(),
            Some(Trouble::PaperOut)
        );
        assert_eq!(read([0x10, 0x00, 0x03, 0x00]).paper, Paper::NearEnd);
        assert_eq!(
            read([0x18, 0x08, 0x00, 0x00]).trouble(),
            Some(Trouble::Cutter)
        );
        assert_eq!(
            read([0x18, 0x20, 0x00, 0x00]).trouble(),
            Some(Trouble::Unrecoverable)
        );
        assert_eq!(
            read([0x18, 0x40, 0x00, 0x00]).trouble(),
            Some(Trouble::Overheated)
        );
    }

    #[test]
    fn a_printer_that_never_answered_is_unknown_and_not_in_trouble() {
        let silent = PrinterStatus::default();
        assert!(silent.is_unknown());
        assert_eq!(silent.trouble(), None);
        assert_eq!(silent.paper, Paper::Unknown);
    }

    #[test]
    fn near_end_does_not_stop_printing() {
        let status = asked(Question::Roll, 0x1E);
        assert_eq!((status.paper, status.trouble()), (Paper::NearEnd, None));
    }

    proptest! {
        #[test]
        fn any_byte_is_some_status(byte in any::<u8>(), four in any::<[u8; 4]>()) {
            let mut status = PrinterStatus::default();
            for question in Question::ALL {
                status.answer(question, byte);
            }
            status.automatic(four);
            status.paper_sensor(byte);
            prop_assert!(!status.is_unknown());
        }
    }
}
