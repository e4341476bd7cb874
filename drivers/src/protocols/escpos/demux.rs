//! One stream, five kinds of bytes coming back: tells them apart.
//!
//! Fixed bits (Epson command reference, "identification of transmitted status"):
//! `DLE EOT` answers are `0xx1xx10`, the first automatic status byte is `0xx1xx00` and three bytes
//! `0xx0xxxx` follow it, `GS r` answers are `0xx0xxxx` alone, blocks start with a header and end
//! with NUL, XON and XOFF are flow control. A reader that "writes, then reads one byte" breaks as
//! soon as automatic status is on.

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;
const NUL: u8 = 0;
const BLOCK_HEADERS: [u8; 5] = [0x35, 0x37, 0x3B, 0x3D, 0x5F];
/// Longest block accepted, in bytes; a longer one is noise.
pub const MAX_BLOCK_BYTES: usize = 128;

/// Something a printer sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The answer to a `DLE EOT`.
    RealTime(u8),
    /// Automatic status.
    Automatic([u8; 4]),
    /// The answer to a `GS r`.
    Sensor(u8),
    /// A block: its header and what stood between the header and NUL.
    Block {
        /// First byte.
        header: u8,
        /// Content without header and NUL.
        data: Vec<u8>,
    },
    /// A byte that fits nothing.
    Noise(u8),
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Idle,
    Automatic {
        bytes: [u8; 4],
        have: usize,
    },
    Block {
        header: u8,
        data: Vec<u8>,
    },
}

/// Splits what a printer sends into [`Reply`]s, at any cut of the stream.
#[derive(Debug, Default)]
pub struct Demux {
    state: State,
}

impl Demux {
    /// A splitter at the start of a connection.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets a half-received reply: the connection is new.
    pub fn reset(&mut self) {
        self.state = State::Idle;
    }

    /// Takes bytes as they came and returns the replies completed by them.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Reply> {
        let mut replies = Vec::new();
        for byte in bytes {
            self.take(*byte, &mut replies);
        }
        replies
    }

    fn take(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        match std::mem::take(&mut self.state) {
            State::Idle => self.start(byte, replies),
            State::Automatic { bytes, have } => self.automatic(bytes, have, byte, replies),
            State::Block { header, data } => self.block(header, data, byte, replies),
        }
    }

    fn start(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        if byte == XON || byte == XOFF {
            return;
        }
        if BLOCK_HEADERS.contains(&byte) {
            self.state = State::Block {
                header: byte,
                data: Vec::new(),
            };
        } else if byte & 0x93 == 0x12 {
            replies.push(Reply::RealTime(byte));
        } else if byte & 0x93 == 0x10 {
            self.state = State::Automatic {
                bytes: [byte, 0, 0, 0],
                have: 1,
            };
        } else if byte & 0x90 == 0 {
            replies.push(Reply::Sensor(byte));
        } else {
            replies.push(Reply::Noise(byte));
        }
    }

    fn automatic(&mut self, mut bytes: [u8; 4], have: usize, byte: u8, out: &mut Vec<Reply>) {
        if byte == XOFF {
            self.state = State::Automatic { bytes, have };
            return;
        }
        if byte & 0x90 != 0 {
            out.extend(bytes[..have].iter().map(|b| Reply::Noise(*b)));
            self.start(byte, out);
            return;
        }
        bytes[have] = byte;
        if have + 1 == bytes.len() {
            out.push(Reply::Automatic(bytes));
        } else {
            self.state = State::Automatic {
                bytes,
                have: have + 1,
            };
        }
    }

    fn block(&mut self, header: u8, mut data: Vec<u8>, byte: u8, replies: &mut Vec<Reply>) {
        if byte == NUL {
            replies.push(Reply::Block { header, data });
            return;
        }
        data.push(byte);
        if data.len() > MAX_BLOCK_BYTES {
            replies.push(Reply::Noise(header));
            replies.extend(data.into_iter().map(Reply::Noise));
            return;
        }
        self.state = State::Block { header, data };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_four_kinds_arrive_mixed_and_are_told_apart() {
        let stream = [
            0x12, // DLE EOT 1
            0x18, 0x00, 0x0C, 0x00, // automatic: paper out
            0x00, // GS r 1
            0x5F, b'T', b'M', 0x00, // GS I
            0x37, 0x22, b'A', b'0', b'0', b'1', 0x00, // process id
            XOFF, XON, 0x72, // DLE EOT 4: paper end
        ];
        let replies = Demux::new().feed(&stream);
        assert_eq!(
            replies,
            [
                Reply::RealTime(0x12),
                Reply::Automatic([0x18, 0x00, 0x0C, 0x00]),
                Reply::Sensor(0x00),
                Reply::Block {
                    header: 0x5F,
                    data: b"TM".to_vec()
                },
                Reply::Block {
                    header: 0x37,
                    data: b"\x22A001".to_vec()
                },
                Reply::RealTime(0x72),
            ]
        );
    }

    #[test]
    fn xoff_may_interrupt_automatic_status() {
        let replies = Demux::new().feed(&[0x10, XOFF, 0x00, 0x00, 0x00]);
        assert_eq!(replies, [Reply::Automatic([0x10, 0, 0, 0])]);
    }

    #[test]
    fn a_torn_automatic_status_never_looks_like_an_answer() {
        let replies = Demux::new().feed(&[0x10, 0x00, 0x12]);
        assert_eq!(
            replies,
            [
                Reply::Noise(0x10),
                Reply::Noise(0x00),
                Reply::RealTime(0x12)
            ]
        );
    }

    #[test]
    fn an_endless_block_is_noise_and_does_not_grow() {
        let mut demux = Demux::new();
        let replies = demux.feed(&vec![0x5F; 10_000]);
        assert!(replies.iter().all(|reply| *reply == Reply::Noise(0x5F)));
        assert!(replies.len() >= 10_000 - MAX_BLOCK_BYTES - 1);
    }

    proptest! {
        #[test]
        fn any_bytes_at_any_cut_give_the_same_replies(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            cut in any::<proptest::sample::Index>(),
        ) {
            let whole = Demux::new().feed(&bytes);
            let at = cut.index(bytes.len() + 1);
            let mut demux = Demux::new();
            let mut parts = demux.feed(&bytes[..at]);
            parts.extend(demux.feed(&bytes[at..]));
            prop_assert_eq!(whole, parts);
        }
    }
}
