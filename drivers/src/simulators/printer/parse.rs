//! Reads the host's bytes the way a printer does: one command at a time, lengths from the manual.
//!
//! Source: Epson ESC/POS command reference. Commands this simulator does not act on are still read
//! with their right length, so that what follows is not misread.

/// A command of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    /// Something without effect on paper or answers.
    Nothing,
    Initialise,
    /// Printable bytes.
    Text(Vec<u8>),
    LineFeed,
    FeedDots(u8),
    FeedLines(u8),
    LineSpacing(u8),
    Align(u8),
    Cut {
        feed_dots: u8,
    },
    Drawer,
    /// `GS v 0` begins: rows of `stride` bytes follow.
    Raster {
        stride: usize,
        rows: usize,
    },
    /// `GS ( L` / `GS 8 L` function 112 begins: rows of `stride` bytes follow and are stored.
    Store {
        stride: usize,
        rows: usize,
        scale: (u8, u8),
    },
    /// Function 50: print what was stored.
    PrintStored,
    /// A column image; `bytes` follow and are thrown away.
    Skip {
        bytes: usize,
    },
    QrModule(u8),
    QrLevel(u8),
    QrStore(Vec<u8>),
    QrPrint,
    Sensor,
    Automatic(u8),
    Identity(u8),
    ProcessId([u8; 4]),
    RealTime(Vec<u8>),
}

/// The result of looking at the front of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// More bytes are needed.
    Incomplete,
    /// A command and its length.
    Command(Command, usize),
}

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const FS: u8 = 0x1C;
const DLE: u8 = 0x10;
const LF: u8 = b'\n';
/// Default line spacing, in dots.
pub(super) const LINE_DOTS: u8 = 30;

use Command as C;

/// Reads one command from the front of `bytes`.
pub(super) fn parse(bytes: &[u8]) -> Parsed {
    match bytes {
        [] => Parsed::Incomplete,
        [LF, ..] => Parsed::Command(C::LineFeed, 1),
        [ESC, rest @ ..] => after(1, escape(rest)),
        [GS, rest @ ..] => after(1, group(rest)),
        [FS, rest @ ..] => after(1, file(rest)),
        [DLE, rest @ ..] => after(1, real_time(rest)),
        [byte, ..] if *byte >= b' ' => {
            let length = bytes.iter().take_while(|byte| **byte >= b' ').count();
            Parsed::Command(C::Text(bytes[..length].to_vec()), length)
        }
        _ => Parsed::Command(C::Nothing, 1),
    }
}

fn after(skipped: usize, parsed: Parsed) -> Parsed {
    match parsed {
        Parsed::Incomplete => Parsed::Incomplete,
        Parsed::Command(command, length) => Parsed::Command(command, length + skipped),
    }
}

fn fixed(bytes: &[u8], length: usize, make: impl FnOnce(&[u8]) -> Command) -> Parsed {
    match bytes.get(..length) {
        Some(bytes) => Parsed::Command(make(bytes), length),
        None => Parsed::Incomplete,
    }
}

fn until_nul(bytes: &[u8], from: usize) -> Parsed {
    match bytes.iter().skip(from).position(|byte| *byte == 0) {
        Some(at) => Parsed::Command(C::Nothing, from + at + 1),
        None => Parsed::Incomplete,
    }
}

fn escape(bytes: &[u8]) -> Parsed {
    let Some(letter) = bytes.first() else {
        return Parsed::Incomplete;
    };
    match letter {
        b'@' => Parsed::Command(C::Initialise, 1),
        b'2' => Parsed::Command(C::LineSpacing(LINE_DOTS), 1),
        b'3' => fixed(bytes, 2, |b| C::LineSpacing(b[1])),
        b'J' => fixed(bytes, 2, |b| C::FeedDots(b[1])),
        b'd' => fixed(bytes, 2, |b| C::FeedLines(b[1])),
        b'a' => fixed(bytes, 2, |b| C::Align(b[1] & 3)),
        b'i' | b'm' => Parsed::Command(C::Cut { feed_dots: 0 }, 1),
        b'p' => fixed(bytes, 4, |_| C::Drawer),
        b'*' => match bytes {
            [_, mode, low, high, ..] => {
                let columns = usize::from(u16::from_le_bytes([*low, *high]));
                let each = if *mode >= 32 { 3 } else { 1 };
                Parsed::Command(
                    C::Skip {
                        bytes: columns * each,
                    },
                    4,
                )
            }
            _ => Parsed::Incomplete,
        },
        b'D' => until_nul(bytes, 1),
        b'c' | b'$' | b'\\' => fixed(bytes, 3, |_| C::Nothing),
        b'W' => fixed(bytes, 9, |_| C::Nothing),
        b'<' | b'L' | b'S' | b'v' | 0x0C => Parsed::Command(C::Nothing, 1),
        _ => fixed(bytes, 2, |_| C::Nothing),
    }
}

fn group(bytes: &[u8]) -> Parsed {
    let Some(letter) = bytes.first() else {
        return Parsed::Incomplete;
    };
    match letter {
        b'v' => match bytes {
            [_, _, _, x0, x1, y0, y1, ..] => Parsed::Command(
                C::Raster {
                    stride: usize::from(u16::from_le_bytes([*x0, *x1])),
                    rows: usize::from(u16::from_le_bytes([*y0, *y1])),
                },
                7,
            ),
            _ => Parsed::Incomplete,
        },
        b'V' => match bytes {
            [_, mode, feed, ..] if *mode >= 65 => Parsed::Command(C::Cut { feed_dots: *feed }, 3),
            [_, mode, ..] if *mode < 65 => Parsed::Command(C::Cut { feed_dots: 0 }, 2),
            _ => Parsed::Incomplete,
        },
        b'(' => parenthesis(bytes),
        b'8' => match bytes {
            [_, _, p0, p1, p2, p3, rest @ ..] => {
                let length = u32::from_le_bytes([*p0, *p1, *p2, *p3]) as usize;
                after(6, graphics(rest, length))
            }
            _ => Parsed::Incomplete,
        },
        b'a' => fixed(bytes, 2, |b| C::Automatic(b[1])),
        b'r' => fixed(bytes, 2, |b| {
            if matches!(b[1], 1 | 49) {
                C::Sensor
            } else {
                C::Nothing
            }
        }),
        b'I' => fixed(bytes, 2, |b| C::Identity(b[1])),
        b'k' => match bytes {
            [_, mode, ..] if *mode <= 6 => until_nul(bytes, 2),
            [_, _, length, ..] => fixed(bytes, 3 + usize::from(*length), |_| C::Nothing),
            _ => Parsed::Incomplete,
        },
        b'*' => match bytes {
            [_, x, y, ..] => Parsed::Command(
                C::Skip {
                    bytes: usize::from(*x) * usize::from(*y) * 8,
                },
                3,
            ),
            _ => Parsed::Incomplete,
        },
        b'$' | b'L' | b'P' | b'W' | b'\\' => fixed(bytes, 3, |_| C::Nothing),
        b'^' | b'z' => fixed(bytes, 4, |_| C::Nothing),
        b':' | b'c' => Parsed::Command(C::Nothing, 1),
        _ => fixed(bytes, 2, |_| C::Nothing),
    }
}

fn parenthesis(bytes: &[u8]) -> Parsed {
    let [_, kind, low, high, rest @ ..] = bytes else {
        return Parsed::Incomplete;
    };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    if *kind == b'L' {
        return after(4, graphics(rest, length));
    }
    let Some(data) = rest.get(..length) else {
        return Parsed::Incomplete;
    };
    let command = match (kind, data) {
        (b'k', [0x31, 0x43, module, ..]) => C::QrModule(*module),
        (b'k', [0x31, 0x45, level, ..]) => C::QrLevel(*level),
        (b'k', [0x31, 0x50, 0x30, text @ ..]) => C::QrStore(text.to_vec()),
        (b'k', [0x31, 0x51, ..]) => C::QrPrint,
        (b'H', [0x30, 0x30, a, b, c, d]) => C::ProcessId([*a, *b, *c, *d]),
        (b'D', [20, pairs @ ..]) => C::RealTime(pairs.to_vec()),
        _ => C::Nothing,
    };
    Parsed::Command(command, 4 + length)
}

/// The body of a graphics command: only its head is read here, the rows follow.
fn graphics(bytes: &[u8], length: usize) -> Parsed {
    const HEAD_BYTES: usize = 10;
    match bytes {
        [_, 50 | 2, ..] if length == 2 => Parsed::Command(C::PrintStored, 2),
        [_, 112, _, bx, by, _, x0, x1, _, _, ..] if length >= HEAD_BYTES => {
            let width = u16::from_le_bytes([*x0, *x1]);
            let stride = usize::from(width.div_ceil(8));
            let rows = (length - HEAD_BYTES).checked_div(stride).unwrap_or(0);
            Parsed::Command(
                C::Store {
                    stride,
                    rows,
                    scale: (*bx, *by),
                },
                HEAD_BYTES,
            )
        }
        [_, 112, ..] if bytes.len() < HEAD_BYTES => Parsed::Incomplete,
        [_, _, ..] => Parsed::Command(
            C::Skip {
                bytes: length.saturating_sub(2),
            },
            2,
        ),
        _ => Parsed::Incomplete,
    }
}

fn file(bytes: &[u8]) -> Parsed {
    match bytes {
        [b'&' | b'.', ..] => Parsed::Command(C::Nothing, 1),
        [b'S' | b'p', ..] => fixed(bytes, 3, |_| C::Nothing),
        [b'(', _, low, high, ..] => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            fixed(bytes, 4 + length, |_| C::Nothing)
        }
        [b'(', ..] | [] => Parsed::Incomplete,
        _ => fixed(bytes, 2, |_| C::Nothing),
    }
}

/// Real-time commands were obeyed when they came; here they are only stepped over.
fn real_time(bytes: &[u8]) -> Parsed {
    match bytes {
        [] => Parsed::Incomplete,
        [0x04 | 0x05, ..] => fixed(bytes, 2, |_| C::Nothing),
        [0x14, function, ..] => {
            let length = if *function == 8 { 9 } else { 4 };
            fixed(bytes, length, |_| C::Nothing)
        }
        [0x14] => Parsed::Incomplete,
        _ => Parsed::Command(C::Nothing, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_follow_the_manual() {
        let table: [(&[u8], Parsed); 12] = [
            (b"\x1b@x", Parsed::Command(C::Initialise, 2)),
            (
                b"\x1dV\x42\x05",
                Parsed::Command(C::Cut { feed_dots: 5 }, 4),
            ),
            (b"\x1dV\x00", Parsed::Command(C::Cut { feed_dots: 0 }, 3)),
            (b"\x1dV\x42", Parsed::Incomplete),
            (
                b"\x1dv0\x00\x48\x00\xc0\x00\xff",
                Parsed::Command(
                    C::Raster {
                        stride: 72,
                        rows: 192,
                    },
                    8,
                ),
            ),
            (b"\x1dr\x01", Parsed::Command(C::Sensor, 3)),
            (
                b"\x1d(H\x06\x0000A001",
                Parsed::Command(C::ProcessId(*b"A001"), 11),
            ),
            (b"\x1bp\x00\x32\x32", Parsed::Command(C::Drawer, 5)),
            (b"\x10\x04\x01", Parsed::Command(C::Nothing, 3)),
            (
                b"\x1b*\x21\x02\x00",
                Parsed::Command(C::Skip { bytes: 6 }, 5),
            ),
            (b"abc\n", Parsed::Command(C::Text(b"abc".to_vec()), 3)),
            (b"\x1dk\x04123\x00", Parsed::Command(C::Nothing, 7)),
        ];
        for (bytes, expected) in table {
            assert_eq!(parse(bytes), expected, "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_stepped_over(bytes in proptest::collection::vec(any::<u8>(), 1..400)) {
            let mut at = 0;
            while at < bytes.len() {
                match parse(&bytes[at..]) {
                    Parsed::Incomplete => break,
                    Parsed::Command(_, length) => {
                        prop_assert!(length > 0 && at + length <= bytes.len());
                        at += length;
                    }
                }
            }
        }
    }
}
