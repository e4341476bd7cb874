//! Finds real-time commands in the received bytes, wherever they stand: even inside an image.

/// A real-time command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obeyed {
    /// `DLE EOT n`.
    Ask(u8),
    /// `DLE ENQ`.
    Recover { clear: bool },
    /// `DLE DC4 1`.
    Pulse,
    /// `DLE DC4 2`.
    PowerOff,
    /// `DLE DC4 8`.
    Clear,
}

const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];
const POWER_OFF: [u8; 5] = [0x10, 0x14, 2, 1, 8];

/// Watches a byte stream.
#[derive(Debug)]
pub(super) struct RealTimeScanner {
    held: Vec<u8>,
    pulse_allowed: bool,
}

impl Default for RealTimeScanner {
    fn default() -> Self {
        Self {
            held: Vec::new(),
            pulse_allowed: true,
        }
    }
}

enum Match {
    No,
    Partly,
    Whole(Obeyed),
}

impl RealTimeScanner {
    /// `GS ( D` switches the pulse and the power-off.
    pub(super) fn allow_pulse(&mut self, allowed: bool) {
        self.pulse_allowed = allowed;
    }

    pub(super) fn feed(&mut self, byte: u8) -> Option<Obeyed> {
        self.held.push(byte);
        loop {
            match matched(&self.held) {
                Match::Whole(obeyed) => {
                    self.held.clear();
                    let pulse = matches!(obeyed, Obeyed::Pulse | Obeyed::PowerOff);
                    return (!pulse || self.pulse_allowed).then_some(obeyed);
                }
                Match::Partly => return None,
                Match::No => {
                    self.held.remove(0);
                    if self.held.is_empty() {
                        return None;
                    }
                }
            }
        }
    }
}

fn matched(bytes: &[u8]) -> Match {
    match bytes {
        [0x10] | [0x10, 0x04 | 0x05 | 0x14] => Match::Partly,
        [0x10, 0x04, n @ 1..=4] => Match::Whole(Obeyed::Ask(*n)),
        [0x10, 0x05, n @ 1..=2] => Match::Whole(Obeyed::Recover { clear: *n == 2 }),
        [0x10, 0x14, 1] | [0x10, 0x14, 1, 0 | 1] => Match::Partly,
        [0x10, 0x14, 1, 0 | 1, 1..=8] => Match::Whole(Obeyed::Pulse),
        bytes if *bytes == POWER_OFF => Match::Whole(Obeyed::PowerOff),
        bytes if *bytes == CLEAR => Match::Whole(Obeyed::Clear),
        bytes if CLEAR.starts_with(bytes) || POWER_OFF.starts_with(bytes) => Match::Partly,
        _ => Match::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_after_false_starts() {
        let mut scanner = RealTimeScanner::default();
        let stream = [0x10, 0x10, 0x04, 0x01, 0x10, 0x14, 8, 1, 0x10, 0x04, 0x02];
        let obeyed: Vec<Obeyed> = stream
            .iter()
            .filter_map(|byte| scanner.feed(*byte))
            .collect();
        assert_eq!(obeyed, [Obeyed::Ask(1), Obeyed::Ask(2)]);
    }
}
