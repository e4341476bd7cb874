//! Layouts of the STU reports used here; each begins with its id.

use thiserror::Error;

use super::{
    REPORT_CAPABILITY, REPORT_CLEAR_SCREEN, REPORT_GET, REPORT_INFORMATION, REPORT_INKING_MODE,
    REPORT_PEN, REPORT_PEN_OPTION, REPORT_PEN_TIMED, REPORT_SET_RESULT, REPORT_STATUS,
};

/// Why a report cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReportError {
    /// Another report than the one asked for, or none at all.
    #[error("report {got:?} where {expected:#04x} was expected")]
    WrongId {
        /// The id that was expected.
        expected: u8,
        /// The id that came.
        got: Option<u8>,
    },
    /// The report is too short.
    #[error("report {id:#04x} of {got} bytes, {expected} needed")]
    Short {
        /// The report.
        id: u8,
        /// Bytes needed, with the id.
        expected: usize,
        /// Bytes that came.
        got: usize,
    },
}

fn body(report: &[u8], id: u8, length_bytes: usize) -> Result<&[u8], ReportError> {
    if report.first() != Some(&id) {
        return Err(ReportError::WrongId {
            expected: id,
            got: report.first().copied(),
        });
    }
    report.get(1..length_bytes).ok_or(ReportError::Short {
        id,
        expected: length_bytes,
        got: report.len(),
    })
}

fn be16(body: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([
        body.get(at).copied().unwrap_or_default(),
        body.get(at + 1).copied().unwrap_or_default(),
    ])
}

/// One reading of the pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PenReport {
    /// The pen is near enough to be seen.
    pub in_range: bool,
    /// The tip touches.
    pub touching: bool,
    /// 0 to the capability's `max_pressure`.
    pub pressure: u16,
    /// Digitiser units from the left.
    pub x: u16,
    /// Digitiser units from the top.
    pub y: u16,
    /// Milliseconds, wrapping at 65 536, when the pad was asked to tell the time.
    pub time_ms: Option<u16>,
}

impl PenReport {
    /// Reads report 01 or 34.
    ///
    /// # Errors
    /// [`ReportError`] for another or a short report.
    pub fn decode(report: &[u8]) -> Result<Self, ReportError> {
        let timed = report.first() == Some(&REPORT_PEN_TIMED);
        let (id, length) = if timed {
            (REPORT_PEN_TIMED, 11)
        } else {
            (REPORT_PEN, 7)
        };
        let body = body(report, id, length)?;
        let flags = body[0];
        Ok(Self {
            in_range: flags & 0x80 != 0,
            touching: flags & 0x70 != 0,
            pressure: u16::from(flags & 0x0F) << 8 | u16::from(body[1]),
            x: be16(body, 2),
            y: be16(body, 4),
            time_ms: timed.then(|| be16(body, 6)),
        })
    }

    /// Writes report 34 (with a time) or 01.
    #[must_use]
    pub fn encode(&self, sequence: u16) -> Vec<u8> {
        let id = if self.time_ms.is_some() {
            REPORT_PEN_TIMED
        } else {
            REPORT_PEN
        };
        let flags = u8::from(self.in_range) << 7
            | u8::from(self.touching) << 4
            | (self.pressure >> 8) as u8 & 0x0F;
        let mut report = vec![id, flags, self.pressure as u8];
        report.extend_from_slice(&self.x.to_be_bytes());
        report.extend_from_slice(&self.y.to_be_bytes());
        if let Some(time_ms) = self.time_ms {
            report.extend_from_slice(&time_ms.to_be_bytes());
            report.extend_from_slice(&sequence.to_be_bytes());
        }
        report
    }
}

/// Sizes of a pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// Largest x of a pen report.
    pub max_x: u16,
    /// Largest y of a pen report.
    pub max_y: u16,
    /// Largest pressure.
    pub max_pressure: u16,
    /// Screen width in pixels.
    pub screen_width: u16,
    /// Screen height in pixels.
    pub screen_height: u16,
    /// Reports per second.
    pub reports_per_second: u8,
    /// Digitiser units per inch.
    pub units_per_inch: u16,
    /// Encodings the screen takes: bit 0 zlib, 1 one-bit, 2 16-bit, 3 24-bit.
    pub encodings: u8,
}

impl Capability {
    const LENGTH_BYTES: usize = 17;
    const USED_BYTES: usize = 15;

    /// Reads report 09.
    ///
    /// # Errors
    /// [`ReportError`] for another or a short report.
    pub fn decode(report: &[u8]) -> Result<Self, ReportError> {
        let body = body(report, REPORT_CAPABILITY, Self::USED_BYTES)?;
        Ok(Self {
            max_x: be16(body, 0),
            max_y: be16(body, 2),
            max_pressure: be16(body, 4),
            screen_width: be16(body, 6),
            screen_height: be16(body, 8),
            reports_per_second: body[10],
            units_per_inch: be16(body, 11),
            encodings: body[13],
        })
    }

    /// Writes report 09.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut report = vec![REPORT_CAPABILITY];
        for value in [
            self.max_x,
            self.max_y,
            self.max_pressure,
            self.screen_width,
            self.screen_height,
        ] {
            report.extend_from_slice(&value.to_be_bytes());
        }
        report.push(self.reports_per_second);
        report.extend_from_slice(&self.units_per_inch.to_be_bytes());
        report.push(self.encodings);
        report.resize(Self::LENGTH_BYTES, 0);
        report
    }
}

/// Model and firmware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceInformation {
    /// Model, up to nine characters.
    pub model: String,
    /// Firmware, major and minor.
    pub firmware: (u8, u8),
}

impl DeviceInformation {
    const LENGTH_BYTES: usize = 17;
    const MODEL_BYTES: usize = 9;

    /// Reads report 08.
    ///
    /// # Errors
    /// [`ReportError`] for another or a short report.
    pub fn decode(report: &[u8]) -> Result<Self, ReportError> {
        let body = body(report, REPORT_INFORMATION, Self::LENGTH_BYTES)?;
        let (name, rest) = body.split_at(Self::MODEL_BYTES);
        let model = String::from_utf8_lossy(name)
            .trim_end_matches('\0')
            .trim()
            .to_owned();
        Ok(Self {
            model,
            firmware: (rest[0], rest[1]),
        })
    }

    /// Writes report 08.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut report = vec![REPORT_INFORMATION];
        report.extend(self.model.bytes().take(Self::MODEL_BYTES));
        report.resize(1 + Self::MODEL_BYTES, 0);
        report.extend_from_slice(&[self.firmware.0, self.firmware.1]);
        report.resize(Self::LENGTH_BYTES, 0);
        report
    }
}

/// State and last error of a pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// 0 ready, 1 image, 2 capture, 3 calculation, 4 boot image, 5 ROM busy, FF reset.
    pub state: u8,
    /// 0 none; see the SDK.
    pub last_error: u8,
}

impl Status {
    /// Nearly every *set* is legal only in this state.
    pub const READY: u8 = 0;

    /// Reads report 03.
    ///
    /// # Errors
    /// [`ReportError`] for another or a short report.
    pub fn decode(report: &[u8]) -> Result<Self, ReportError> {
        let body = body(report, REPORT_STATUS, 5)?;
        Ok(Self {
            state: body[0],
            last_error: body[1],
        })
    }

    /// Writes report 03.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        vec![REPORT_STATUS, self.state, self.last_error, 0, 0]
    }
}

/// A command to the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Ink follows the pen, or not.
    Inking(bool),
    /// Wipe the screen.
    ClearScreen,
    /// Pen readings carry time and sequence, or not.
    PenTime(bool),
}

impl Set {
    const TIME_AND_SEQUENCE: u8 = 3;

    /// The report to write.
    #[must_use]
    pub fn encode(self) -> [u8; 2] {
        match self {
            Self::Inking(on) => [REPORT_INKING_MODE, u8::from(on)],
            Self::ClearScreen => [REPORT_CLEAR_SCREEN, 0],
            Self::PenTime(on) => [
                REPORT_PEN_OPTION,
                if on { Self::TIME_AND_SEQUENCE } else { 0 },
            ],
        }
    }

    /// What a report written to a pad asks for, when it is one of these.
    #[must_use]
    pub fn decode(report: &[u8]) -> Option<Self> {
        match report {
            [REPORT_INKING_MODE, mode, ..] => Some(Self::Inking(*mode != 0)),
            [REPORT_CLEAR_SCREEN, ..] => Some(Self::ClearScreen),
            [REPORT_PEN_OPTION, mode, ..] => Some(Self::PenTime(*mode & 1 != 0)),
            _ => None,
        }
    }
}

/// The serial question for report `id`.
#[must_use]
pub fn get_request(id: u8) -> [u8; 2] {
    [REPORT_GET, id]
}

/// The result in an answer to a *set*: 0 means done.
#[must_use]
pub fn set_result(report: &[u8]) -> Option<u8> {
    match report {
        [REPORT_SET_RESULT, result, ..] => Some(*result),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_pen_byte_reads_as_the_sdk_says() {
        let near = PenReport::decode(&[0x01, 0x80, 0x00, 0x12, 0x34, 0x00, 0x64]).unwrap();
        assert!(near.in_range && !near.touching);
        assert_eq!((near.x, near.y, near.pressure), (0x1234, 100, 0));
        let down = PenReport::decode(&[0x01, 0x92, 0x05, 0, 1, 0, 2]).unwrap();
        assert!(down.touching);
        assert_eq!(down.pressure, 0x205);
        let timed =
            PenReport::decode(&[0x34, 0x90, 0xFF, 0, 1, 0, 2, 0x01, 0x00, 0x00, 0x07]).unwrap();
        assert_eq!(timed.time_ms, Some(256));
    }

    #[test]
    fn short_and_foreign_reports_are_named() {
        assert_eq!(
            PenReport::decode(&[0x01, 0x80]),
            Err(ReportError::Short {
                id: 0x01,
                expected: 7,
                got: 2
            })
        );
        assert_eq!(
            Capability::decode(&[0x08]),
            Err(ReportError::WrongId {
                expected: 0x09,
                got: Some(0x08)
            })
        );
        assert_eq!(
            Status::decode(&[]),
            Err(ReportError::WrongId {
                expected: 0x03,
                got: None
            })
        );
    }

    #[test]
    fn a_pad_tells_its_size_and_name() {
        let capability = Capability {
            max_x: 10_800,
            max_y: 6_480,
            max_pressure: 1023,
            screen_width: 800,
            screen_height: 480,
            reports_per_second: 200,
            units_per_inch: 2540,
            encodings: 0x0E,
        };
        assert_eq!(capability.encode().len(), 17);
        assert_eq!(Capability::decode(&capability.encode()), Ok(capability));
        let information = DeviceInformation {
            model: "STU-540".into(),
            firmware: (1, 2),
        };
        assert_eq!(
            DeviceInformation::decode(&information.encode()),
            Ok(information)
        );
    }

    #[test]
    fn commands_are_two_bytes() {
        assert_eq!(Set::Inking(true).encode(), [0x21, 1]);
        assert_eq!(Set::ClearScreen.encode(), [0x20, 0]);
        assert_eq!(Set::PenTime(true).encode(), [0x32, 3]);
        for set in [Set::Inking(false), Set::ClearScreen, Set::PenTime(true)] {
            assert_eq!(Set::decode(&set.encode()), Some(set));
        }
    }

    proptest! {
        #[test]
        fn any_report_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = PenReport::decode(&bytes);
            let _ = Capability::decode(&bytes);
            let _ = DeviceInformation::decode(&bytes);
            let _ = Status::decode(&bytes);
            let _ = Set::decode(&bytes);
        }

        #[test]
        fn pen_readings_survive(x in any::<u16>(), y in any::<u16>(), pressure in 0u16..1024,
                                time in proptest::option::of(any::<u16>()), touching in any::<bool>()) {
            let pen = PenReport { in_range: true, touching, pressure, x, y, time_ms: time };
            prop_assert_eq!(PenReport::decode(&pen.encode(1)), Ok(pen));
        }
    }
}
