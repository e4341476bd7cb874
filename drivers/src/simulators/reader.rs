//! A simulated barcode reader: types a code down the line in the mode it is set to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::serve::SimDevice;

/// How a reader is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typing {
    /// UTF-8, ended by CR.
    #[default]
    Cr,
    /// UTF-8, ended by LF.
    Lf,
    /// UTF-8, ended by CR LF.
    CrLf,
    /// UTF-8, ended by nothing.
    Bare,
    /// UTF-8 and CR, the whole twice.
    Twice,
    /// Code page 1258: tones as separate bytes, and no UTF-8.
    Windows1258,
    /// Random bytes.
    Garbage,
}

/// The reader.
#[derive(Debug, Default)]
pub struct ReaderSim {
    out: Vec<u8>,
}

impl ReaderSim {
    /// A reader with nothing before it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Someone holds `text` before the reader.
    pub fn scan(&mut self, text: &str, typing: Typing) {
        let bytes = text.as_bytes();
        match typing {
            Typing::Cr => self.type_bytes(bytes, b"\r"),
            Typing::Lf => self.type_bytes(bytes, b"\n"),
            Typing::CrLf => self.type_bytes(bytes, b"\r\n"),
            Typing::Bare => self.type_bytes(bytes, b""),
            Typing::Twice => {
                self.type_bytes(bytes, b"\r");
                self.type_bytes(bytes, b"\r");
            }
            Typing::Windows1258 => self.type_bytes(&windows_1258(text), b"\r"),
            Typing::Garbage => {
                let garbage: Vec<u8> = bytes
                    .iter()
                    .map(|byte| byte.wrapping_mul(167) | 0x80)
                    .collect();
                self.type_bytes(&garbage, b"\r");
            }
        }
    }

    fn type_bytes(&mut self, bytes: &[u8], end: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.out.extend_from_slice(end);
    }
}

/// Code page 1258, as a misconfigured reader sends it.
fn windows_1258(text: &str) -> Vec<u8> {
    use unicode_normalization::UnicodeNormalization;
    let mut bytes = Vec::new();
    for character in text.nfd() {
        let byte = match character {
            '\u{300}' => 0xCC,
            '\u{309}' => 0xD2,
            '\u{303}' => 0xDE,
            '\u{301}' => 0xEC,
            '\u{323}' => 0xF2,
            'đ' => 0xF0,
            'Đ' => 0xD0,
            // A circumflex, breve or horn joins its letter: one byte of the upper half.
            '\u{302}' | '\u{306}' | '\u{31B}' => {
                let letter: u8 = bytes.pop().unwrap_or(b'?');
                joined(letter, character)
            }
            c if c.is_ascii() => c as u8,
            _ => b'?',
        };
        bytes.push(byte);
    }
    bytes
}

fn joined(letter: u8, mark: char) -> u8 {
    match (letter, mark) {
        (b'a', '\u{302}') => 0xE2,
        (b'A', '\u{302}') => 0xC2,
        (b'e', '\u{302}') => 0xEA,
        (b'E', '\u{302}') => 0xCA,
        (b'o', '\u{302}') => 0xF4,
        (b'O', '\u{302}') => 0xD4,
        (b'a', '\u{306}') => 0xE3,
        (b'A', '\u{306}') => 0xC3,
        (b'o', '\u{31B}') => 0xF5,
        (b'O', '\u{31B}') => 0xD5,
        (b'u', '\u{31B}') => 0xFD,
        (b'U', '\u{31B}') => 0xDD,
        (other, _) => other,
    }
}

impl SimDevice for ReaderSim {
    fn receive(&mut self, _now: Duration, bytes: &[u8]) -> usize {
        bytes.len()
    }

    fn advance(&mut self, _now: Duration) {}

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_1258_splits_tones_from_letters() {
        assert_eq!(windows_1258("Nguyễn Đà"), b"Nguy\xEA\xDEn \xD0a\xCC");
        assert_eq!(windows_1258("Thửa"), b"Th\xFD\xD2a");
    }
}
