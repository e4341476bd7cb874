//! The serial framing of STU pads (STU-500, 430V, 540 in virtual COM mode).
//!
//! Two header bytes, then the data packed from 8 to 7 bits, most significant first, so that only
//! the first header byte of a frame has bit 7: `h1 = 80 | crc << 6 | n >> 7`, `h2 = n & 7F`, where
//! n counts packed bytes. The CRC is CRC-16/ANSI (8005 reflected, start 0), low byte first, appended
//! before packing.

use thiserror::Error;

/// Packed bytes of the longest frame: n has 13 bits.
pub const MAX_FRAME_BYTES: usize = (1 << 13) - 1;
const START: u8 = 0x80;
const HAS_CRC: u8 = 0x40;
const CRC_POLYNOMIAL_REFLECTED: u16 = 0xA001;

/// Why a frame was thrown away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A new frame began before this one ended.
    #[error("frame of {expected} bytes broke off after {got}")]
    Short {
        /// Packed bytes announced.
        expected: usize,
        /// Packed bytes received.
        got: usize,
    },
    /// The CRC does not fit.
    #[error("frame with a wrong checksum")]
    Checksum,
    /// The report is longer than a frame can carry.
    #[error("report of {bytes} bytes does not fit in a frame")]
    TooLong {
        /// Bytes of the report.
        bytes: usize,
    },
}

/// Packs one report into a frame with a CRC.
///
/// # Errors
/// [`FrameError::TooLong`] when the report does not fit.
pub fn encode_frame(report: &[u8]) -> Result<Vec<u8>, FrameError> {
    let mut data = report.to_vec();
    data.extend_from_slice(&crc16(report).to_le_bytes());
    let packed = pack(&data);
    if packed.len() > MAX_FRAME_BYTES {
        return Err(FrameError::TooLong {
            bytes: report.len(),
        });
    }
    let n = packed.len();
    let mut frame = vec![START | HAS_CRC | (n >> 7) as u8, (n & 0x7F) as u8];
    frame.extend(packed);
    Ok(frame)
}

#[derive(Debug, Clone, Copy)]
enum State {
    Outside,
    Length { h1: u8 },
    Data { h1: u8, expected: usize },
}

/// Cuts a byte stream into reports.
#[derive(Debug)]
pub struct Framing {
    state: State,
    packed: Vec<u8>,
}

impl Default for Framing {
    fn default() -> Self {
        Self {
            state: State::Outside,
            packed: Vec::new(),
        }
    }
}

impl Framing {
    /// A splitter outside any frame.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they came; returns the reports and errors completed by them.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Result<Vec<u8>, FrameError>> {
        let mut reports = Vec::new();
        for byte in bytes {
            if let Some(report) = self.take(*byte) {
                reports.push(report);
            }
        }
        reports
    }

    fn take(&mut self, byte: u8) -> Option<Result<Vec<u8>, FrameError>> {
        if byte & START != 0 {
            let broken = match self.state {
                State::Data { expected, .. } => Some(Err(FrameError::Short {
                    expected,
                    got: self.packed.len(),
                })),
                State::Length { .. } => Some(Err(FrameError::Short {
                    expected: 0,
                    got: 0,
                })),
                State::Outside => None,
            };
            self.packed.clear();
            self.state = State::Length { h1: byte };
            return broken;
        }
        match self.state {
            State::Outside => None,
            State::Length { h1 } => {
                let expected = usize::from(h1 & 0x3F) << 7 | usize::from(byte);
                self.state = State::Data { h1, expected };
                (expected == 0).then(|| self.complete(h1))
            }
            State::Data { h1, expected } => {
                self.packed.push(byte);
                (self.packed.len() >= expected).then(|| self.complete(h1))
            }
        }
    }

    fn complete(&mut self, h1: u8) -> Result<Vec<u8>, FrameError> {
        self.state = State::Outside;
        let mut data = unpack(&std::mem::take(&mut self.packed));
        if h1 & HAS_CRC == 0 {
            return Ok(data);
        }
        let at = data.len().checked_sub(2).ok_or(FrameError::Checksum)?;
        let crc = data.split_off(at);
        if crc == crc16(&data).to_le_bytes() {
            Ok(data)
        } else {
            Err(FrameError::Checksum)
        }
    }
}

fn pack(data: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity((data.len() * 8).div_ceil(7));
    let (mut held, mut bits) = (0u16, 0u32);
    for byte in data {
        held = held << 8 | u16::from(*byte);
        bits += 8;
        while bits >= 7 {
            bits -= 7;
            packed.push((held >> bits) as u8 & 0x7F);
            held &= (1 << bits) - 1;
        }
    }
    if bits > 0 {
        packed.push((held << (7 - bits)) as u8 & 0x7F);
    }
    packed
}

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(packed.len() * 7 / 8);
    let (mut held, mut bits) = (0u16, 0u32);
    for byte in packed {
        held = held << 7 | u16::from(byte & 0x7F);
        bits += 7;
        if bits >= 8 {
            bits -= 8;
            data.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    data
}

fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ CRC_POLYNOMIAL_REFLECTED
            } else {
                crc >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_crc_16_ansi() {
        // The published check value of CRC-16/ARC.
        assert_eq!(crc16(b"123456789"), 0xBB3D);
    }

    #[test]
    fn seven_bytes_become_eight_with_the_top_bit_clear() {
        assert_eq!(pack(&[0xFF; 7]), [0x7F; 8]);
        assert_eq!(pack(&[0x80]), [0x40, 0x00]);
        assert_eq!(unpack(&pack(&[0x34, 0x90, 0x00])), [0x34, 0x90, 0x00]);
    }

    #[test]
    fn a_frame_cut_by_the_next_one_is_reported_and_the_next_one_is_kept() {
        let mut stream = encode_frame(&[0x01, 0x90, 0, 1, 2, 3, 4]).unwrap();
        stream.truncate(5);
        stream.extend(encode_frame(&[0x81, 0x00]).unwrap());
        let reports = Framing::new().feed(&stream);
        assert_eq!(reports.len(), 2);
        assert!(matches!(reports[0], Err(FrameError::Short { got: 3, .. })));
        assert_eq!(reports[1], Ok(vec![0x81, 0x00]));
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let mut frame = encode_frame(&[0x01, 0x90, 0, 1, 2, 3, 4]).unwrap();
        frame[4] ^= 0x02;
        assert_eq!(Framing::new().feed(&frame), [Err(FrameError::Checksum)]);
    }

    proptest! {
        #[test]
        fn any_report_survives_the_line(
            report in proptest::collection::vec(any::<u8>(), 0..600),
            cut in any::<proptest::sample::Index>(),
        ) {
            let frame = encode_frame(&report).unwrap();
            prop_assert!(frame[1..].iter().all(|byte| byte & 0x80 == 0));
            let at = cut.index(frame.len() + 1);
            let mut framing = Framing::new();
            let mut got = framing.feed(&frame[..at]);
            got.extend(framing.feed(&frame[at..]));
            prop_assert_eq!(got, vec![Ok(report)]);
        }

        #[test]
        fn any_noise_is_survived(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            let mut framing = Framing::new();
            framing.feed(&bytes);
            prop_assert!(framing.packed.len() <= MAX_FRAME_BYTES);
        }
    }
}
