//! A simulated two-line display.

use std::time::Duration;

use super::serve::SimDevice;
use crate::protocols::linedisplay::{Decoder, LINES, Mode};

/// The display.
#[derive(Debug)]
pub struct DisplaySim {
    decoder: Decoder,
}

impl DisplaySim {
    /// A display switched to `mode`.
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            decoder: Decoder::new(mode),
        }
    }

    /// What a citizen reads.
    #[must_use]
    pub fn lines(&self) -> [String; LINES] {
        self.decoder.screen().text()
    }
}

impl SimDevice for DisplaySim {
    fn receive(&mut self, _now: Duration, bytes: &[u8]) -> usize {
        self.decoder.feed(bytes);
        bytes.len()
    }

    fn advance(&mut self, _now: Duration) {}

    fn take_output(&mut self) -> Vec<u8> {
        Vec::new()
    }
}
