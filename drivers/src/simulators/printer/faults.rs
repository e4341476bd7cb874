//! The fault panel of the simulated printer, and the status bytes that show it.
//!
//! The bits are the same as in `protocols::escpos::status`, from the device's side.

/// What is wrong with the printer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PrinterFaults {
    /// No paper.
    pub paper_out: bool,
    /// The near-end sensor sees the core.
    pub paper_near_end: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// The next cut jams.
    pub jam_at_next_cut: bool,
    /// The cutter is jammed.
    pub cutter_jammed: bool,
    /// Must be switched off and on.
    pub unrecoverable: bool,
    /// The head is too hot.
    pub overheated: bool,
    /// Offline without saying why.
    pub busy: bool,
    /// Says nothing.
    pub mute: bool,
    /// Each answer is preceded by a random byte.
    pub noise: bool,
    /// Each answer comes twice.
    pub duplicate_replies: bool,
    /// Switched off: the line is there, nobody is home.
    pub power_off: bool,
}

/// The part of the state a host can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    paper_out: bool,
    near_end: bool,
    cover_open: bool,
    cutter: bool,
    unrecoverable: bool,
    overheated: bool,
    busy: bool,
}

impl PrinterFaults {
    pub(super) fn shown(&self) -> Shown {
        Shown {
            paper_out: self.paper_out,
            near_end: self.paper_near_end,
            cover_open: self.cover_open,
            cutter: self.cutter_jammed,
            unrecoverable: self.unrecoverable,
            overheated: self.overheated,
            busy: self.busy,
        }
    }

    /// The answer to `DLE EOT n`.
    pub(super) fn real_time_answer(&self, n: u8) -> Option<u8> {
        let shown = self.shown();
        let bits = match n {
            1 => bit(3, shown.offline()) | bit(5, shown.in_error()),
            2 => bit(2, shown.cover_open) | bit(5, shown.paper_out) | bit(6, shown.in_error()),
            3 => bit(3, shown.cutter) | bit(5, shown.unrecoverable) | bit(6, shown.overheated),
            4 => {
                let near = shown.near_end || shown.paper_out;
                bit(2, near) | bit(3, near) | bit(5, shown.paper_out) | bit(6, shown.paper_out)
            }
            _ => return None,
        };
        Some(0x12 | bits)
    }
}

impl Shown {
    pub(super) fn in_error(self) -> bool {
        self.cutter || self.unrecoverable || self.overheated
    }

    /// Takes no print data.
    pub(super) fn offline(self) -> bool {
        self.paper_out || self.cover_open || self.in_error() || self.busy
    }

    pub(super) fn automatic_bytes(self) -> [u8; 4] {
        let near = self.near_end || self.paper_out;
        [
            0x10 | bit(3, self.offline()) | bit(5, self.cover_open),
            bit(3, self.cutter) | bit(5, self.unrecoverable) | bit(6, self.overheated),
            bit(0, near) | bit(1, near) | bit(2, self.paper_out) | bit(3, self.paper_out),
            0,
        ]
    }

    pub(super) fn sensor_byte(self) -> u8 {
        let near = self.near_end || self.paper_out;
        bit(0, near) | bit(1, near) | bit(2, self.paper_out) | bit(3, self.paper_out)
    }
}

fn bit(at: u8, on: bool) -> u8 {
    u8::from(on) << at
}
