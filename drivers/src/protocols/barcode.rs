//! Barcode and QR readers on a serial port: bytes in, whole codes out.
//!
//! A reader in USB-COM mode sends the code as it is (UTF-8 in the identity-card QR), ended by CR,
//! LF, both, or only by silence. What is not clean UTF-8 is reported as *wrong mode* and never
//! guessed into a name: a garbled name on an official paper is worse than a second scan.
//!
//! Owns: framing, the UTF-8 check, the double-scan guard. Does not own: what a code means; the
//! keyboard (no global key hook: listening to keys breaks Vietnamese input methods).

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Longest code accepted, in bytes.
pub const MAX_CODE_BYTES: usize = 4 * 1024;
/// The same code again within this time is one scan.
pub const DOUBLE_SCAN_GUARD: Duration = Duration::from_secs(2);
/// Silence that ends a code sent without a terminator.
pub const DEFAULT_SILENCE: Duration = Duration::from_millis(40);

const CR: u8 = b'\r';
const LF: u8 = b'\n';
const TAB: u8 = b'\t';
/// Field separator of GS1 codes.
const GROUP_SEPARATOR: u8 = 0x1D;

/// How a reader ends a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing {
    /// Silence after which what has come is taken as a whole code.
    pub silence: Duration,
}

impl Default for Framing {
    fn default() -> Self {
        Self {
            silence: DEFAULT_SILENCE,
        }
    }
}

/// What the bytes of a misconfigured reader look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongMode {
    /// Windows-1258 or another 8-bit code page: marks are separate bytes.
    EightBit,
    /// Two bytes a character.
    Utf16,
    /// Control characters: keyboard codes, a binary mode, or the wrong baud rate.
    Controls,
}

/// Something a reader did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanEvent {
    /// A whole code, as the reader sent it.
    Code {
        /// The text; not normalised.
        text: String,
    },
    /// Bytes that are not text: the reader must be set to USB-COM, UTF-8.
    WrongMode {
        /// The likely mistake.
        looks_like: WrongMode,
        /// What can be shown, with `·` for what cannot; at most [`MAX_SHOWN_CHARS`] characters.
        shown: String,
    },
    /// More than [`MAX_CODE_BYTES`] without an end.
    TooLong {
        /// Bytes thrown away.
        bytes: usize,
    },
}

/// Most characters of a wrong code kept for the eye.
pub const MAX_SHOWN_CHARS: usize = 80;

/// Cuts the stream of a reader into codes.
#[derive(Debug)]
pub struct Splitter {
    framing: Framing,
    held: Vec<u8>,
    overflow_bytes: usize,
    last_byte_at: Duration,
    last_code: Option<(String, Duration)>,
}

impl Splitter {
    /// A splitter at the start of a connection.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            held: Vec::new(),
            overflow_bytes: 0,
            last_byte_at: Duration::ZERO,
            last_code: None,
        }
    }

    /// Takes bytes that came at `now`; returns what was completed.
    pub fn feed(&mut self, now: Duration, bytes: &[u8]) -> Vec<ScanEvent> {
        let mut events: Vec<ScanEvent> = self.tick(now).into_iter().collect();
        for byte in bytes {
            match *byte {
                CR | LF => events.extend(self.end(now)),
                _ if self.overflow_bytes > 0 => self.overflow_bytes += 1,
                byte if self.held.len() < MAX_CODE_BYTES => self.held.push(byte),
                _ => {
                    self.overflow_bytes = self.held.len() + 1;
                    self.held.clear();
                }
            }
        }
        if !bytes.is_empty() {
            self.last_byte_at = now;
        }
        events
    }

    /// Ends a code by silence; call when [`Self::deadline`] passes.
    pub fn tick(&mut self, now: Duration) -> Option<ScanEvent> {
        match self.deadline() {
            Some(deadline) if now >= deadline => self.end(now),
            _ => None,
        }
    }

    /// When silence will end what is held, if anything is held.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let holding = !self.held.is_empty() || self.overflow_bytes > 0;
        holding.then(|| self.last_byte_at + self.framing.silence)
    }

    fn end(&mut self, now: Duration) -> Option<ScanEvent> {
        let bytes = std::mem::take(&mut self.overflow_bytes);
        if bytes > 0 {
            return Some(ScanEvent::TooLong { bytes });
        }
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            return None;
        }
        match read_text(held) {
            Ok(text) => self.guard_double(now, text),
            Err(event) => Some(event),
        }
    }

    fn guard_double(&mut self, now: Duration, text: String) -> Option<ScanEvent> {
        let repeated = self
            .last_code
            .as_ref()
            .is_some_and(|(last, at)| *last == text && now < *at + DOUBLE_SCAN_GUARD);
        self.last_code = Some((text.clone(), now));
        (!repeated).then_some(ScanEvent::Code { text })
    }
}

fn read_text(bytes: Vec<u8>) -> Result<String, ScanEvent> {
    match String::from_utf8(bytes) {
        Ok(text) if !has_foreign_controls(text.as_bytes()) => Ok(text),
        Ok(text) => Err(wrong_mode(text.as_bytes())),
        Err(error) => Err(wrong_mode(error.as_bytes())),
    }
}

fn has_foreign_controls(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .any(|byte| byte.is_ascii_control() && !matches!(*byte, TAB | GROUP_SEPARATOR))
}

fn wrong_mode(bytes: &[u8]) -> ScanEvent {
    let nuls = bytes.iter().filter(|byte| **byte == 0).count();
    let looks_like = if nuls * 3 >= bytes.len() {
        WrongMode::Utf16
    } else if has_foreign_controls(bytes) {
        WrongMode::Controls
    } else {
        WrongMode::EightBit
    };
    let shown = String::from_utf8_lossy(bytes)
        .chars()
        .take(MAX_SHOWN_CHARS)
        .map(|c| {
            if c.is_control() || c == char::REPLACEMENT_CHARACTER {
                '·'
            } else {
                c
            }
        })
        .collect();
    ScanEvent::WrongMode { looks_like, shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CARD: &str =
        "001090123456|012345678|Nguyễn Văn Ả|01011990|Nam|Thôn Đoài, Xã Mẫu|15072021";
    const MS: Duration = Duration::from_millis(1);

    fn code(text: &str) -> ScanEvent {
        ScanEvent::Code { text: text.into() }
    }

    #[test]
    fn every_way_to_end_a_code_gives_one_code() {
        for end in ["\r", "\n", "\r\n", "\n\r"] {
            let mut splitter = Splitter::new(Framing::default());
            let events = splitter.feed(MS, format!("{CARD}{end}").as_bytes());
            assert_eq!(events, [code(CARD)], "{end:?}");
            assert_eq!(splitter.deadline(), None, "{end:?}");
        }
    }

    #[test]
    fn silence_ends_a_code_without_terminator() {
        let mut splitter = Splitter::new(Framing::default());
        let (head, tail) = CARD.as_bytes().split_at(33); // inside a two-byte letter or not
        assert!(splitter.feed(10 * MS, head).is_empty());
        assert!(splitter.feed(30 * MS, tail).is_empty());
        assert_eq!(splitter.deadline(), Some(70 * MS));
        assert_eq!(splitter.tick(69 * MS), None);
        assert_eq!(splitter.tick(70 * MS), Some(code(CARD)));
    }

    #[test]
    fn a_card_held_twice_under_the_reader_is_one_scan() {
        let mut splitter = Splitter::new(Framing::default());
        let line = format!("{CARD}\r");
        assert_eq!(splitter.feed(100 * MS, line.as_bytes()).len(), 1);
        assert!(splitter.feed(900 * MS, line.as_bytes()).is_empty());
        assert!(
            splitter.feed(2_800 * MS, line.as_bytes()).is_empty(),
            "still held there"
        );
        assert_eq!(splitter.feed(4_900 * MS, line.as_bytes()), [code(CARD)]);
        assert_eq!(
            splitter.feed(4_950 * MS, b"H56.6.17-261123-0001\r").len(),
            1
        );
    }

    #[test]
    fn a_reader_in_windows_1258_is_told_apart_and_no_name_is_guessed() {
        // "Nguyễn" in code page 1258: ê (EA) followed by a combining tilde (DE).
        let mut bytes = b"001090123456||Nguy\xEA\xDEn V\xE3n A|01011990".to_vec();
        bytes.push(b'\r');
        let events = Splitter::new(Framing::default()).feed(MS, &bytes);
        let [ScanEvent::WrongMode { looks_like, shown }] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(*looks_like, WrongMode::EightBit);
        assert!(shown.starts_with("001090123456||Nguy··n V·n A"), "{shown}");
    }

    #[test]
    fn other_wrong_modes_are_named() {
        let utf16: Vec<u8> = "Nguyễn".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let table = [
            (utf16, WrongMode::Utf16),
            (b"\x1B[200~x".to_vec(), WrongMode::Controls),
        ];
        for (mut bytes, expected) in table {
            bytes.push(b'\r');
            let events = Splitter::new(Framing::default()).feed(MS, &bytes);
            assert!(
                matches!(&events[0], ScanEvent::WrongMode { looks_like, .. } if *looks_like == expected),
                "{events:?}"
            );
        }
    }

    #[test]
    fn a_reader_that_never_stops_is_cut_and_the_next_code_is_read() {
        let mut splitter = Splitter::new(Framing::default());
        assert!(splitter.feed(MS, &vec![b'9'; 10_000]).is_empty());
        let events = splitter.feed(2 * MS, b"99\rA1\r");
        assert_eq!(events, [ScanEvent::TooLong { bytes: 10_002 }, code("A1")]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_within_the_bound(
            chunks in proptest::collection::vec(
                (proptest::collection::vec(any::<u8>(), 0..300), 0u64..100), 0..40)
        ) {
            let mut splitter = Splitter::new(Framing::default());
            let mut now = Duration::ZERO;
            for (bytes, pause_ms) in chunks {
                now += Duration::from_millis(pause_ms);
                for event in splitter.feed(now, &bytes) {
                    if let ScanEvent::Code { text } = event {
                        prop_assert!(!text.is_empty() && text.len() <= MAX_CODE_BYTES);
                        prop_assert!(!text.contains(['\r', '\n', '\0']));
                    }
                }
                prop_assert!(splitter.held.len() <= MAX_CODE_BYTES);
            }
        }

        #[test]
        fn a_code_arrives_whole_however_the_port_cuts_it(
            text in "[^\\x00-\\x1F\\x7F]{1,200}", cut in any::<proptest::sample::Index>()
        ) {
            let line = format!("{text}\r");
            let at = cut.index(line.len());
            let mut splitter = Splitter::new(Framing::default());
            let mut events = splitter.feed(MS, &line.as_bytes()[..at]);
            events.extend(splitter.feed(20 * MS, &line.as_bytes()[at..]));
            prop_assert_eq!(events, vec![code(&text)]);
        }
    }
}
