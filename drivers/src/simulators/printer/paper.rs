//! What came out of a simulated printer: a strip of dots, and pieces cut from it.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use serde::{Deserialize, Serialize};

/// How a piece of paper ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperEnd {
    /// By the cutter.
    Cut,
    /// The roll ended, or a person tore it off.
    Torn,
}

/// A piece of paper, with everything that was printed on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Width of the head in dots.
    pub width_dots: u16,
    /// Rows, top to bottom; 1 = black, most significant bit left.
    pub rows: Vec<Vec<u8>>,
    /// Texts of QR codes the printer drew.
    pub qr: Vec<String>,
    /// Lines printed as characters.
    pub text: Vec<String>,
    /// How it ended.
    pub end: PaperEnd,
}

impl Paper {
    /// The rows between the first and the last that has a black dot.
    #[must_use]
    pub fn ink(&self) -> &[Vec<u8>] {
        let black = |row: &Vec<u8>| row.iter().any(|byte| *byte != 0);
        let first = self.rows.iter().position(black).unwrap_or(0);
        let last = self.rows.iter().rposition(black).map_or(first, |at| at + 1);
        &self.rows[first..last]
    }

    /// Nothing was printed on it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.ink().is_empty() && self.text.is_empty()
    }

    /// The piece as a PNG file, black on white; empty when it has no rows.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        const BLACK: Luma<u8> = Luma([0]);
        const WHITE: Luma<u8> = Luma([255]);
        let (width, height) = (u32::from(self.width_dots), self.rows.len() as u32);
        let picture = GrayImage::from_fn(width, height, |x, y| {
            let byte = self.rows[y as usize]
                .get(x as usize / 8)
                .copied()
                .unwrap_or(0);
            if byte & (0x80 >> (x % 8)) != 0 {
                BLACK
            } else {
                WHITE
            }
        });
        let mut file = Cursor::new(Vec::new());
        match picture.write_to(&mut file, ImageFormat::Png) {
            Ok(()) => file.into_inner(),
            Err(error) => {
                tracing::debug!(%error, "a simulated paper could not be drawn");
                Vec::new()
            }
        }
    }
}

/// The paper hanging out of the printer.
#[derive(Debug)]
pub(super) struct Strip {
    width_dots: u16,
    rows: Vec<Vec<u8>>,
    qr: Vec<String>,
    text: Vec<String>,
}

impl Strip {
    pub(super) fn new(width_dots: u16) -> Self {
        Self {
            width_dots,
            rows: Vec::new(),
            qr: Vec::new(),
            text: Vec::new(),
        }
    }

    pub(super) fn stride(&self) -> usize {
        usize::from(self.width_dots.div_ceil(8))
    }

    /// Adds one row, its first dot at `left_dots`.
    pub(super) fn row(&mut self, bits: &[u8], left_dots: u16) {
        let mut row = vec![0u8; self.stride()];
        if left_dots.is_multiple_of(8) {
            let from = usize::from(left_dots / 8);
            for (cell, byte) in row.iter_mut().skip(from).zip(bits) {
                *cell = *byte;
            }
        } else {
            for (at, _) in dots(bits) {
                let x = at + usize::from(left_dots);
                if let Some(cell) = row.get_mut(x / 8) {
                    *cell |= 0x80 >> (x % 8);
                }
            }
        }
        self.rows.push(row);
    }

    pub(super) fn blank(&mut self) {
        self.rows.push(vec![0; self.stride()]);
    }

    pub(super) fn length(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn note_qr(&mut self, text: String) {
        self.qr.push(text);
    }

    pub(super) fn note_text(&mut self, line: String) {
        self.text.push(line);
    }

    /// Takes the strip away as a piece; nothing when nothing came out.
    pub(super) fn take(&mut self, end: PaperEnd) -> Option<Paper> {
        let fresh = Self::new(self.width_dots);
        let strip = std::mem::replace(self, fresh);
        let something = !strip.rows.is_empty() || !strip.text.is_empty();
        something.then_some(Paper {
            width_dots: strip.width_dots,
            rows: strip.rows,
            qr: strip.qr,
            text: strip.text,
            end,
        })
    }
}

fn dots(bits: &[u8]) -> impl Iterator<Item = (usize, ())> + '_ {
    (0..bits.len() * 8)
        .filter(|at| bits[at / 8] & (0x80 >> (at % 8)) != 0)
        .map(|at| (at, ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_can_begin_at_any_dot() {
        let mut strip = Strip::new(24);
        strip.row(&[0b1000_0001], 3);
        strip.row(&[0xFF], 16);
        let paper = strip.take(PaperEnd::Cut).unwrap();
        assert_eq!(
            paper.rows,
            [vec![0b0001_0000, 0b0010_0000, 0], vec![0, 0, 0xFF]]
        );
        assert!(strip.take(PaperEnd::Cut).is_none());
    }

    #[test]
    fn margins_are_not_ink_and_a_picture_can_be_seen() {
        let mut strip = Strip::new(8);
        strip.blank();
        strip.row(&[0x10], 0);
        strip.blank();
        let paper = strip.take(PaperEnd::Torn).unwrap();
        assert_eq!(paper.ink(), [vec![0x10]]);
        let picture = image::load_from_memory(&paper.png()).unwrap().to_luma8();
        assert_eq!(picture.dimensions(), (8, 3));
        assert_eq!(picture.get_pixel(3, 1).0, [0]);
        assert_eq!(picture.get_pixel(4, 1).0, [255]);
    }
}
