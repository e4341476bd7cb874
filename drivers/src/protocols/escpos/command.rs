//! The bytes we send, one method per command.
//!
//! Sources: Epson ESC/POS command reference; `DLE DC4 8` from Epson TM-L90 and TM-T20 references;
//! `GS ( H` function 48 (process id response) from the TM-T81/T82/T88 references.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::raster::Band;
use super::status::Question;

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;

/// Most bytes a native QR code carries here; receipts hold codes and short links, not files.
pub const MAX_QR_BYTES: usize = 1_000;
/// Smallest module of a native QR code, in dots.
pub const MIN_QR_MODULE_DOTS: u8 = 1;
/// Largest module of a native QR code, in dots.
pub const MAX_QR_MODULE_DOTS: u8 = 16;
/// Unit of the drawer pulse, in milliseconds.
pub const DRAWER_PULSE_UNIT_MS: u16 = 2;

/// Bytes a printer sends back after `DLE DC4 8`: header, identifier 25h, NUL.
pub const CLEAR_RESPONSE_ID: u8 = 0x25;
/// Identifier of a process id response.
pub const PROCESS_RESPONSE_ID: u8 = 0x22;
/// Header of process id and clear responses.
pub const RESPONSE_HEADER: u8 = 0x37;
/// Header of the text answers to `GS I` 65 to 112.
pub const IDENTITY_HEADER: u8 = 0x5F;

/// How paper is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// No cutter: the clerk tears the paper.
    None,
    /// `GS V 0`.
    Full,
    /// `GS V 66 n`: feed to the cutter, then leave one point uncut.
    FeedPartial,
}

/// Which connector pin kicks the drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerPin {
    /// Pin 2 (m = 0), the common one.
    Two,
    /// Pin 5 (m = 1).
    Five,
}

/// QR error correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QrEcc {
    /// 7 %.
    L,
    /// 15 %.
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// Why a native QR code cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QrError {
    /// No text, or too much.
    #[error("QR text of {bytes} bytes is outside 1..={MAX_QR_BYTES}")]
    Length {
        /// Bytes given.
        bytes: usize,
    },
    /// Module size out of range.
    #[error("QR module of {dots} dots is outside {MIN_QR_MODULE_DOTS}..={MAX_QR_MODULE_DOTS}")]
    Module {
        /// Dots given.
        dots: u8,
    },
}

/// A QR code the printer draws itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeQr {
    text: String,
    module_dots: u8,
    ecc: QrEcc,
}

impl NativeQr {
    /// A QR code of `text` with square modules of `module_dots` dots.
    ///
    /// # Errors
    /// [`QrError`] when the text or the module is out of range.
    pub fn new(text: impl Into<String>, module_dots: u8, ecc: QrEcc) -> Result<Self, QrError> {
        let text = text.into();
        if text.is_empty() || text.len() > MAX_QR_BYTES {
            return Err(QrError::Length { bytes: text.len() });
        }
        if !(MIN_QR_MODULE_DOTS..=MAX_QR_MODULE_DOTS).contains(&module_dots) {
            return Err(QrError::Module { dots: module_dots });
        }
        Ok(Self {
            text,
            module_dots,
            ecc,
        })
    }

    /// The text in the code.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Builds a byte string of commands.
#[derive(Debug, Default, Clone)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// An empty string.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes so far.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    fn put(mut self, bytes: &[u8]) -> Self {
        self.out.extend_from_slice(bytes);
        self
    }

    /// `ESC @`: modes back to power-on values. It does not clear what is already received.
    #[must_use]
    pub fn init(self) -> Self {
        self.put(&[ESC, b'@'])
    }

    /// `ESC d n`: print and feed `lines`.
    #[must_use]
    pub fn feed_lines(self, lines: u8) -> Self {
        self.put(&[ESC, b'd', lines])
    }

    /// `GS V`: cut; with [`Cut::None`] nothing is sent.
    #[must_use]
    pub fn cut(self, cut: Cut) -> Self {
        match cut {
            Cut::None => self,
            Cut::Full => self.put(&[GS, b'V', 0]),
            Cut::FeedPartial => self.put(&[GS, b'V', 66, 0]),
        }
    }

    /// `ESC p m t1 t2`: kick the drawer for `on_ms`, then wait `off_ms` (both rounded down to 2 ms).
    #[must_use]
    pub fn drawer(self, pin: DrawerPin, on_ms: u16, off_ms: u16) -> Self {
        let m = match pin {
            DrawerPin::Two => 0,
            DrawerPin::Five => 1,
        };
        let unit = |ms: u16| (ms / DRAWER_PULSE_UNIT_MS).min(255) as u8;
        self.put(&[ESC, b'p', m, unit(on_ms), unit(off_ms)])
    }

    /// `GS v 0`: one band of raster. The band must have been through the real-time guard.
    #[must_use]
    pub fn raster_band(self, band: &Band<'_>) -> Self {
        let [x_low, x_high] = band.stride_bytes.to_le_bytes();
        let [y_low, y_high] = band.rows.to_le_bytes();
        self.put(&[GS, b'v', b'0', 0, x_low, x_high, y_low, y_high])
            .put(band.bits)
    }

    /// `GS ( k`: a QR code drawn by the printer (model 2).
    #[must_use]
    pub fn qr(self, qr: &NativeQr) -> Self {
        let level = match qr.ecc {
            QrEcc::L => 0x30,
            QrEcc::M => 0x31,
            QrEcc::Q => 0x32,
            QrEcc::H => 0x33,
        };
        let [p_low, p_high] = ((qr.text.len() + 3) as u16).to_le_bytes();
        self.put(&[GS, b'(', b'k', 4, 0, 0x31, 0x41, 0x32, 0])
            .put(&[GS, b'(', b'k', 3, 0, 0x31, 0x43, qr.module_dots])
            .put(&[GS, b'(', b'k', 3, 0, 0x31, 0x45, level])
            .put(&[GS, b'(', b'k', p_low, p_high, 0x31, 0x50, 0x30])
            .put(qr.text.as_bytes())
            .put(&[GS, b'(', b'k', 3, 0, 0x31, 0x51, 0x30])
    }

    /// `DLE EOT n`: a real-time question, answered at once with one byte.
    #[must_use]
    pub fn ask(self, question: Question) -> Self {
        self.put(&[DLE, 0x04, question.n()])
    }

    /// `GS a`: automatic status for drawer, on/off-line, error and paper; or none.
    #[must_use]
    pub fn automatic_status(self, on: bool) -> Self {
        self.put(&[GS, b'a', if on { 0xFF } else { 0 }])
    }

    /// `GS r 1`: answered with the paper sensor once everything before it is processed.
    #[must_use]
    pub fn paper_sensor(self) -> Self {
        self.put(&[GS, b'r', 1])
    }

    /// `GS ( H` function 48: answered with the same four characters once everything before it is
    /// printed.
    #[must_use]
    pub fn process_id(self, token: [u8; 4]) -> Self {
        self.put(&[GS, b'(', b'H', 6, 0, 0x30, 0x30]).put(&token)
    }

    /// `GS I 67`: the model name, as a block of text, in order with the data before it.
    #[must_use]
    pub fn model_name(self) -> Self {
        self.put(&[GS, b'I', 0x43])
    }

    /// `GS I 66`: the maker's name, as a block of text.
    #[must_use]
    pub fn maker_name(self) -> Self {
        self.put(&[GS, b'I', 0x42])
    }

    /// `GS ( D`: switch the real-time pulse and power-off off, for the time of an image.
    #[must_use]
    pub fn guard_real_time(self) -> Self {
        self.put(&[GS, b'(', b'D', 5, 0, 20, 1, 0, 2, 0])
    }

    /// `DLE DC4 8`: throw away everything received and not yet printed; answered with 37 25 00.
    #[must_use]
    pub fn clear_buffer(self) -> Self {
        self.put(&[DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8])
    }

    /// `n` zero bytes: completes an image that was broken off; outside an image they are ignored.
    #[must_use]
    pub fn zeros(mut self, n: usize) -> Self {
        self.out.resize(self.out.len() + n, 0);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(encoder: Encoder) -> String {
        encoder
            .finish()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn commands_are_the_bytes_of_the_manual() {
        let band = Band {
            stride_bytes: 2,
            rows: 2,
            bits: &[0x80, 0, 0, 0],
        };
        let table = [
            (Encoder::new().init(), "1b 40"),
            (Encoder::new().feed_lines(6), "1b 64 06"),
            (Encoder::new().cut(Cut::Full), "1d 56 00"),
            (Encoder::new().cut(Cut::FeedPartial), "1d 56 42 00"),
            (Encoder::new().cut(Cut::None), ""),
            (
                Encoder::new().drawer(DrawerPin::Two, 100, 100),
                "1b 70 00 32 32",
            ),
            (
                Encoder::new().drawer(DrawerPin::Five, 9999, 2),
                "1b 70 01 ff 01",
            ),
            (
                Encoder::new().raster_band(&band),
                "1d 76 30 00 02 00 02 00 80 00 00 00",
            ),
            (Encoder::new().ask(Question::Roll), "10 04 04"),
            (Encoder::new().automatic_status(true), "1d 61 ff"),
            (Encoder::new().paper_sensor(), "1d 72 01"),
            (
                Encoder::new().process_id(*b"A001"),
                "1d 28 48 06 00 30 30 41 30 30 31",
            ),
            (Encoder::new().model_name(), "1d 49 43"),
            (
                Encoder::new().guard_real_time(),
                "1d 28 44 05 00 14 01 00 02 00",
            ),
            (
                Encoder::new().clear_buffer(),
                "10 14 08 01 03 14 01 06 02 08",
            ),
        ];
        for (encoder, expected) in table {
            assert_eq!(hex(encoder), expected);
        }
    }

    #[test]
    fn a_native_qr_is_model_size_level_text_print() {
        let qr = NativeQr::new("A1", 6, QrEcc::M).unwrap();
        assert_eq!(
            hex(Encoder::new().qr(&qr)),
            "1d 28 6b 04 00 31 41 32 00 1d 28 6b 03 00 31 43 06 1d 28 6b 03 00 31 45 31 \
             1d 28 6b 05 00 31 50 30 41 31 1d 28 6b 03 00 31 51 30"
        );
    }

    #[test]
    fn a_qr_out_of_range_is_refused() {
        assert_eq!(
            NativeQr::new("", 6, QrEcc::M),
            Err(QrError::Length { bytes: 0 })
        );
        assert_eq!(
            NativeQr::new("x", 0, QrEcc::M),
            Err(QrError::Module { dots: 0 })
        );
        let long = "x".repeat(MAX_QR_BYTES + 1);
        assert_eq!(
            NativeQr::new(long, 6, QrEcc::M),
            Err(QrError::Length {
                bytes: MAX_QR_BYTES + 1
            })
        );
    }
}
