//! The 1-bit picture of a slip, and the guard that keeps it from being obeyed as a command.
//!
//! A printer obeys real-time commands (`DLE EOT`, `DLE ENQ`, `DLE DC4`) even in the middle of
//! image data (Epson TM-U295 specification: "even if it appears as part of another command"). A
//! row that happens to hold `10 14 01 ..` would open the cash drawer. [`guard`] darkens one dot
//! beside an already black dot so that such a row is never sent.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Widest head accepted, in dots: 112 mm at 203 dpi, rounded up to whole bytes.
pub const MAX_WIDTH_DOTS: u16 = 896;
/// Longest slip accepted, in dots: two metres at 203 dpi.
pub const MAX_ROWS: u32 = 16_000;
/// Most rows sent in one `GS v 0`: larger bands overrun the buffer of cheap printers.
pub const MAX_BAND_ROWS: u16 = 192;

const DLE: u8 = 0x10;
const EOT: u8 = 0x04;
const ENQ: u8 = 0x05;
const DC4: u8 = 0x14;
/// `0x10` with the dot to the right of its only black dot darkened as well.
const DLE_DARKENED: u8 = 0x18;

/// Why a picture cannot become a slip.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RasterError {
    /// The width is zero or beyond any receipt head.
    #[error("raster width {width_dots} dots is outside 1..={MAX_WIDTH_DOTS}")]
    Width {
        /// The width asked for, in dots.
        width_dots: u16,
    },
    /// The height is zero or beyond [`MAX_ROWS`].
    #[error("raster height {rows} rows is outside 1..={MAX_ROWS}")]
    Height {
        /// The height asked for, in dots.
        rows: u32,
    },
    /// The buffer does not hold `rows` rows of `width_dots` dots.
    #[error("raster holds {got} bytes where {expected} are needed")]
    Length {
        /// Bytes given.
        got: usize,
        /// Bytes needed.
        expected: usize,
    },
}

/// A slip ready to print: 1 = black, most significant bit left, rows padded to whole bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RasterParts", into = "RasterParts")]
pub struct RasterJob {
    width_dots: u16,
    rows: u32,
    bits: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct RasterParts {
    width_dots: u16,
    rows: u32,
    bits: Vec<u8>,
}

impl TryFrom<RasterParts> for RasterJob {
    type Error = RasterError;

    fn try_from(parts: RasterParts) -> Result<Self, RasterError> {
        Self::new(parts.width_dots, parts.rows, parts.bits)
    }
}

impl From<RasterJob> for RasterParts {
    fn from(raster: RasterJob) -> Self {
        Self {
            width_dots: raster.width_dots,
            rows: raster.rows,
            bits: raster.bits,
        }
    }
}

impl RasterJob {
    /// Takes a picture of `rows` rows of `width_dots` dots; the padding bits at the right edge are
    /// cleared.
    ///
    /// # Errors
    /// [`RasterError`] when a size is out of range or the buffer does not match it.
    pub fn new(width_dots: u16, rows: u32, mut bits: Vec<u8>) -> Result<Self, RasterError> {
        if width_dots == 0 || width_dots > MAX_WIDTH_DOTS {
            return Err(RasterError::Width { width_dots });
        }
        if rows == 0 || rows > MAX_ROWS {
            return Err(RasterError::Height { rows });
        }
        let stride = usize::from(width_dots.div_ceil(8));
        let expected = stride * rows as usize;
        if bits.len() != expected {
            return Err(RasterError::Length {
                got: bits.len(),
                expected,
            });
        }
        clear_padding(&mut bits, width_dots, stride);
        Ok(Self {
            width_dots,
            rows,
            bits,
        })
    }

    /// Width in dots.
    #[must_use]
    pub fn width_dots(&self) -> u16 {
        self.width_dots
    }

    /// Height in dots.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Bytes in one row.
    #[must_use]
    pub fn stride_bytes(&self) -> u16 {
        self.width_dots.div_ceil(8)
    }

    /// All rows, top to bottom.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// Number of bands of at most `band_rows` rows.
    #[must_use]
    pub fn band_count(&self, band_rows: u16) -> u32 {
        self.rows.div_ceil(u32::from(band_height(band_rows)))
    }

    /// The rows of band `index` (from 0), or nothing past the end.
    #[must_use]
    pub fn band(&self, index: u32, band_rows: u16) -> Option<Band<'_>> {
        let height = u32::from(band_height(band_rows));
        let first = index
            .checked_mul(height)
            .filter(|first| *first < self.rows)?;
        let rows = height.min(self.rows - first);
        let stride = usize::from(self.stride_bytes());
        let from = first as usize * stride;
        let bits = self.bits.get(from..from + rows as usize * stride)?;
        Some(Band {
            stride_bytes: self.stride_bytes(),
            rows: rows as u16,
            bits,
        })
    }

    /// The picture as it will be sent: equal to this one but for the dots [`guard`] darkens.
    #[must_use]
    pub fn guarded(&self, level: Guard, band_rows: u16) -> Self {
        let mut bits = Vec::with_capacity(self.bits.len());
        for index in 0..self.band_count(band_rows) {
            if let Some(band) = self.band(index, band_rows) {
                let start = bits.len();
                bits.extend_from_slice(band.bits);
                guard(&mut bits[start..], level);
            }
        }
        Self {
            width_dots: self.width_dots,
            rows: self.rows,
            bits,
        }
    }
}

/// A few rows of a slip: what one `GS v 0` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band<'a> {
    /// Bytes in one row.
    pub stride_bytes: u16,
    /// Rows in this band, 1 to [`MAX_BAND_ROWS`].
    pub rows: u16,
    /// The rows.
    pub bits: &'a [u8],
}

/// How much the printer itself can be told to ignore inside images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// `GS ( D` switches `DLE DC4` off (Epson, Bixolon, Citizen); dots are darkened only for
    /// `DLE EOT` and `DLE ENQ`, which no command switches off.
    GsD,
    /// A clone without `GS ( D`: dots are darkened for all three.
    Pixel,
}

/// Darkens single dots of `bits` so that no real-time command can be read out of them, and so that
/// the last byte cannot form one with whatever is sent next. Returns how many dots were darkened.
pub fn guard(bits: &mut [u8], level: Guard) -> usize {
    let mut darkened = 0;
    for at in 0..bits.len() {
        if bits[at] != DLE {
            continue;
        }
        let dangerous = match bits.get(at + 1) {
            None => true,
            Some(&EOT | &ENQ) => true,
            Some(&DC4) => level == Guard::Pixel,
            Some(_) => false,
        };
        if dangerous {
            bits[at] = DLE_DARKENED;
            darkened += 1;
        }
    }
    darkened
}

fn band_height(band_rows: u16) -> u16 {
    band_rows.clamp(1, MAX_BAND_ROWS)
}

fn clear_padding(bits: &mut [u8], width_dots: u16, stride: usize) {
    let used = width_dots % 8;
    if used == 0 {
        return;
    }
    let mask = 0xFFu8 << (8 - used);
    for row in bits.chunks_exact_mut(stride) {
        if let Some(last) = row.last_mut() {
            *last &= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dangerous(bits: &[u8], level: Guard) -> bool {
        bits.last() == Some(&DLE)
            || bits.windows(2).any(|pair| {
                pair[0] == DLE
                    && (pair[1] == EOT
                        || pair[1] == ENQ
                        || (pair[1] == DC4 && level == Guard::Pixel))
            })
    }

    #[test]
    fn a_row_that_would_open_the_drawer_loses_its_command_and_gains_one_dot() {
        let mut row = vec![0x00, 0x10, 0x14, 0x01, 0x00];
        assert_eq!(guard(&mut row, Guard::Pixel), 1);
        assert_eq!(row, [0x00, 0x18, 0x14, 0x01, 0x00]);
    }

    #[test]
    fn a_printer_that_obeys_gs_d_keeps_the_picture_unless_it_asks_for_status() {
        let mut row = vec![0x10, 0x14, 0x10, 0x04, 0x01];
        assert_eq!(guard(&mut row, Guard::GsD), 1);
        assert_eq!(row, [0x10, 0x14, 0x18, 0x04, 0x01]);
    }

    #[test]
    fn a_band_never_ends_where_the_next_command_could_complete_it() {
        let mut row = vec![0xFF, 0x10];
        assert_eq!(guard(&mut row, Guard::GsD), 1);
        assert_eq!(row, [0xFF, 0x18]);
    }

    #[test]
    fn wrong_sizes_are_refused_before_a_printer_sees_them() {
        assert_eq!(
            RasterJob::new(0, 1, vec![]),
            Err(RasterError::Width { width_dots: 0 })
        );
        assert_eq!(
            RasterJob::new(576, 0, vec![]),
            Err(RasterError::Height { rows: 0 })
        );
        let too_long = RasterJob::new(8, MAX_ROWS + 1, vec![0; MAX_ROWS as usize + 1]);
        assert_eq!(too_long, Err(RasterError::Height { rows: MAX_ROWS + 1 }));
        let short = RasterJob::new(576, 2, vec![0; 143]);
        assert_eq!(
            short,
            Err(RasterError::Length {
                got: 143,
                expected: 144
            })
        );
    }

    #[test]
    fn dots_right_of_the_paper_are_cleared() {
        let raster = RasterJob::new(12, 1, vec![0xFF, 0xFF]).unwrap();
        assert_eq!(raster.bits(), [0xFF, 0xF0]);
    }

    #[test]
    fn bands_cover_the_slip_exactly() {
        let raster = RasterJob::new(16, 401, (0..802).map(|i| i as u8).collect()).unwrap();
        assert_eq!(raster.band_count(192), 3);
        let heights: Vec<u16> = (0..3)
            .filter_map(|i| raster.band(i, 192))
            .map(|band| band.rows)
            .collect();
        assert_eq!(heights, [192, 192, 17]);
        let joined: Vec<u8> = (0..3)
            .filter_map(|i| raster.band(i, 192))
            .flat_map(|b| b.bits.to_vec())
            .collect();
        assert_eq!(joined, raster.bits());
        assert_eq!(raster.band(3, 192), None);
    }

    proptest! {
        #[test]
        fn no_picture_can_speak_to_the_printer(
            mut bits in proptest::collection::vec(
                prop_oneof![Just(0x10u8), Just(0x04), Just(0x05), Just(0x14), any::<u8>()], 0..400),
            gs_d in any::<bool>(),
        ) {
            let level = if gs_d { Guard::GsD } else { Guard::Pixel };
            let before = bits.clone();
            let darkened = guard(&mut bits, level);
            prop_assert!(!dangerous(&bits, level));
            let changed = before.iter().zip(&bits).filter(|(a, b)| a != b).count();
            prop_assert_eq!(changed, darkened);
            for (a, b) in before.iter().zip(&bits) {
                prop_assert_eq!(a & b, *a, "a black dot is never whitened");
                prop_assert!((a ^ b).count_ones() <= 1);
            }
        }
    }
}
