//! Pole displays of two lines of twenty characters, towards the citizen.
//!
//! Sources: Epson DM-D110 specification, POS-X XP8200 manual pp. 12 and 19 (both modes), the list
//! of CD5220 commands in Epson P07303 p. 20. The displays have no Vietnamese glyphs: marks are
//! folded away ([`fold`]). They cannot answer, so their health is unknown by nature.
//!
//! Owns: the bytes for two lines. Does not own: which number is shown, and when it is stale.

mod decode;
mod fold;

pub use decode::{Decoder, Screen};
pub use fold::fold;

use serde::{Deserialize, Serialize};

/// Characters in a line.
pub const COLUMNS: usize = 20;
/// Lines.
pub const LINES: usize = 2;

const ESC: u8 = 0x1B;
const US: u8 = 0x1F;
const CLEAR: u8 = 0x0C;
const CR: u8 = 0x0D;

/// The command set a display is switched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Epson DM-D (ESC/POS).
    Epson,
    /// CD5220.
    Cd5220,
}

/// Exactly what a display shows: two lines of twenty ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown([[u8; COLUMNS]; LINES]);

impl Shown {
    /// Folds marks and cuts or fills each line to [`COLUMNS`] characters.
    #[must_use]
    pub fn new(lines: [&str; LINES]) -> Self {
        Self(lines.map(|line| {
            let mut cells = [b' '; COLUMNS];
            for (cell, character) in cells.iter_mut().zip(fold(line).bytes()) {
                *cell = character;
            }
            cells
        }))
    }

    /// Nothing on either line.
    #[must_use]
    pub fn blank() -> Self {
        Self([[b' '; COLUMNS]; LINES])
    }

    /// The lines as text, without trailing spaces.
    #[must_use]
    pub fn text(&self) -> [String; LINES] {
        self.0
            .map(|cells| String::from_utf8_lossy(&cells).trim_end().to_owned())
    }
}

/// Prepares a display: power-on state, cursor hidden, screen clear.
#[must_use]
pub fn init(mode: Mode) -> Vec<u8> {
    match mode {
        Mode::Epson => vec![ESC, b'@', US, b'C', 0, CLEAR],
        Mode::Cd5220 => vec![ESC, b'@', ESC, b'_', 0, CLEAR],
    }
}

/// Shows two whole lines; both are written in full, so nothing old stays and nothing flickers.
#[must_use]
pub fn show(mode: Mode, shown: &Shown) -> Vec<u8> {
    let mut out = Vec::with_capacity(LINES * (COLUMNS + 4));
    for (index, cells) in shown.0.iter().enumerate() {
        match mode {
            Mode::Epson => {
                out.extend_from_slice(&[US, b'$', 1, index as u8 + 1]);
                out.extend_from_slice(cells);
            }
            Mode::Cd5220 => {
                out.extend_from_slice(&[ESC, b'Q', b'A' + index as u8]);
                out.extend_from_slice(cells);
                out.push(CR);
            }
        }
    }
    out
}

/// Wipes the display.
#[must_use]
pub fn clear() -> Vec<u8> {
    vec![CLEAR]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_call_is_shown_without_marks() {
        let shown = Shown::new(["MỜI SỐ 0127", "QUẦY 03"]);
        assert_eq!(shown.text(), ["MOI SO 0127", "QUAY 03"]);
    }

    #[test]
    fn epson_moves_the_cursor_in_binary() {
        let bytes = show(Mode::Epson, &Shown::new(["A", "B"]));
        assert_eq!(&bytes[..5], [0x1F, 0x24, 1, 1, b'A']);
        assert_eq!(&bytes[24..29], [0x1F, 0x24, 1, 2, b'B']);
        assert_eq!(bytes.len(), 48);
    }

    #[test]
    fn cd5220_writes_whole_lines() {
        let bytes = show(Mode::Cd5220, &Shown::new(["A", "B"]));
        assert_eq!(&bytes[..4], [0x1B, 0x51, 0x41, b'A']);
        assert_eq!(bytes[23], 0x0D);
        assert_eq!(&bytes[24..28], [0x1B, 0x51, 0x42, b'B']);
        assert_eq!(bytes.len(), 48);
    }

    proptest! {
        #[test]
        fn any_text_is_forty_printable_characters(a in any::<String>(), b in any::<String>()) {
            let shown = Shown::new([&a, &b]);
            for mode in [Mode::Epson, Mode::Cd5220] {
                let mut decoder = Decoder::new(mode);
                decoder.feed(&init(mode));
                decoder.feed(&show(mode, &shown));
                prop_assert_eq!(decoder.screen().text(), shown.text());
            }
        }
    }
}
