//! A simulated ESC/POS receipt printer: bytes in, pieces of paper out.
//!
//! It behaves where real ones surprise: real-time commands are obeyed even inside an image; when
//! the paper ends it stops, keeps what it has received, **and prints the rest by itself when paper
//! is loaded** unless it was told to forget; when its buffer is full it takes nothing more, not
//! even a question; `GS r` and `GS ( H` are answered only after everything before them.

mod act;
mod faults;
mod paper;
mod parse;
mod real_time;

use std::collections::VecDeque;
use std::time::Duration;

use super::serve::SimDevice;
pub use faults::PrinterFaults;
use faults::Shown;
use paper::Strip;
pub use paper::{Paper, PaperEnd};
use parse::LINE_DOTS;
use real_time::{Obeyed, RealTimeScanner};

/// Pieces kept for looking at; older ones are dropped, the count goes on.
pub const MAX_KEPT_PAPERS: usize = 200;
/// A strip longer than this is torn off.
const MAX_STRIP_ROWS: usize = 40_000;
const NEVER_ROWS: u64 = u64::MAX;
/// From switching on until the first byte is heard.
pub const BOOT_TIME: Duration = Duration::from_secs(2);

/// What this model can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimTraits {
    /// Maker, told by `GS I 66`.
    pub maker: String,
    /// Model, told by `GS I 67`; empty: the question is not answered.
    pub model: String,
    /// Width of the head in dots.
    pub width_dots: u16,
    /// Bytes it holds before it takes nothing more.
    pub buffer_bytes: usize,
    /// Obeys `DLE DC4 8`.
    pub clears_buffer: bool,
    /// Sends automatic status.
    pub automatic_status: bool,
    /// Answers `GS ( H`.
    pub process_id: bool,
    /// Rows printed per second; 0 for at once.
    pub rows_per_second: u32,
}

impl SimTraits {
    /// Like an Epson TM-T82, printing at once.
    #[must_use]
    pub fn epson() -> Self {
        Self {
            maker: "EPSON".to_owned(),
            model: "TM-T82X".to_owned(),
            width_dots: 576,
            buffer_bytes: 64 * 1024,
            clears_buffer: true,
            automatic_status: true,
            process_id: true,
            rows_per_second: 0,
        }
    }

    /// Like a cheap clone: a small buffer, no clearing, no process id.
    #[must_use]
    pub fn clone_80mm() -> Self {
        Self {
            maker: String::new(),
            model: String::new(),
            buffer_bytes: 4 * 1024,
            clears_buffer: false,
            automatic_status: false,
            process_id: false,
            ..Self::epson()
        }
    }
}

#[derive(Debug)]
struct Image {
    stride: usize,
    rows_left: usize,
    stored: bool,
}

/// The printer.
#[derive(Debug)]
pub struct PrinterSim {
    traits: SimTraits,
    faults: PrinterFaults,
    roll_rows_left: u64,
    buffer: VecDeque<u8>,
    scanner: RealTimeScanner,
    image: Option<Image>,
    skip_bytes: usize,
    stored: Vec<Vec<u8>>,
    qr: (u8, u8, Vec<u8>),
    align: u8,
    line_dots: u8,
    line: Vec<u8>,
    strip: Strip,
    papers: VecDeque<Paper>,
    pieces: u64,
    drawer_kicks: u64,
    automatic: bool,
    last_shown: Option<Shown>,
    out: Vec<u8>,
    noise_seed: u32,
    budget_rows: u64,
    budget_at: Duration,
    boot: Boot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Boot {
    Up,
    Switched,
    Until(Duration),
}

impl PrinterSim {
    /// A printer with a full roll, switched on.
    #[must_use]
    pub fn new(traits: SimTraits) -> Self {
        let strip = Strip::new(traits.width_dots);
        Self {
            traits,
            faults: PrinterFaults::default(),
            roll_rows_left: NEVER_ROWS,
            buffer: VecDeque::new(),
            scanner: RealTimeScanner::default(),
            image: None,
            skip_bytes: 0,
            stored: Vec::new(),
            qr: (3, 0x31, Vec::new()),
            align: 0,
            line_dots: LINE_DOTS,
            line: Vec::new(),
            strip,
            papers: VecDeque::new(),
            pieces: 0,
            drawer_kicks: 0,
            automatic: false,
            last_shown: None,
            out: Vec::new(),
            noise_seed: 1,
            budget_rows: 0,
            budget_at: Duration::ZERO,
            boot: Boot::Up,
        }
    }

    /// Pieces of paper that came out, oldest first; at most [`MAX_KEPT_PAPERS`].
    #[must_use]
    pub fn papers(&self) -> &VecDeque<Paper> {
        &self.papers
    }

    /// Pieces of paper that ever came out.
    #[must_use]
    pub fn pieces(&self) -> u64 {
        self.pieces
    }

    /// Times the drawer was kicked.
    #[must_use]
    pub fn drawer_kicks(&self) -> u64 {
        self.drawer_kicks
    }

    /// The fault panel.
    pub fn faults(&mut self) -> &mut PrinterFaults {
        &mut self.faults
    }

    /// The roll ends after so many more rows.
    pub fn end_paper_after(&mut self, rows: u64) {
        self.roll_rows_left = rows;
        if rows == 0 {
            self.end_paper();
        }
    }

    /// Puts a new roll in.
    pub fn load_paper(&mut self) {
        self.roll_rows_left = NEVER_ROWS;
        self.faults.paper_out = false;
        self.faults.paper_near_end = false;
    }

    /// A person tears off what hangs out.
    pub fn tear_off(&mut self) {
        self.finish_piece(PaperEnd::Torn);
    }

    /// Switches off and on: everything received and not printed is lost, and so is what is sent
    /// in the next [`BOOT_TIME`].
    pub fn power_cycle(&mut self) {
        self.forget_received();
        self.out.clear();
        self.automatic = false;
        self.last_shown = None;
        self.faults.cutter_jammed = false;
        self.faults.unrecoverable = false;
        self.boot = Boot::Switched;
    }

    fn is_booting(&mut self, now: Duration) -> bool {
        match self.boot {
            Boot::Up => false,
            Boot::Switched => {
                self.boot = Boot::Until(now + BOOT_TIME);
                true
            }
            Boot::Until(until) if now < until => true,
            Boot::Until(_) => {
                self.boot = Boot::Up;
                false
            }
        }
    }

    fn forget_received(&mut self) {
        self.buffer.clear();
        self.image = None;
        self.skip_bytes = 0;
        self.line.clear();
        self.stored.clear();
    }

    fn end_paper(&mut self) {
        self.faults.paper_out = true;
        self.finish_piece(PaperEnd::Torn);
    }

    fn finish_piece(&mut self, end: PaperEnd) {
        let Some(paper) = self.strip.take(end) else {
            return;
        };
        self.pieces += 1;
        self.papers.push_back(paper);
        if self.papers.len() > MAX_KEPT_PAPERS {
            self.papers.pop_front();
        }
    }

    fn reply(&mut self, bytes: &[u8]) {
        if self.faults.mute {
            return;
        }
        if self.faults.noise {
            self.noise_seed = self
                .noise_seed
                .wrapping_mul(1_103_515_245)
                .wrapping_add(12_345);
            self.out.push((self.noise_seed >> 16) as u8);
        }
        self.out.extend_from_slice(bytes);
        if self.faults.duplicate_replies {
            self.out.extend_from_slice(bytes);
        }
    }

    fn obey_at_once(&mut self, obeyed: Obeyed) {
        match obeyed {
            Obeyed::Ask(n) => {
                if let Some(byte) = self.faults.real_time_answer(n) {
                    self.reply(&[byte]);
                }
            }
            Obeyed::Recover { clear } => {
                self.faults.cutter_jammed = false;
                if clear {
                    self.forget_received();
                }
            }
            Obeyed::Pulse => self.drawer_kicks += 1,
            Obeyed::PowerOff => self.power_cycle(),
            Obeyed::Clear => {
                if self.traits.clears_buffer {
                    self.forget_received();
                    self.reply(&[0x37, 0x25, 0x00]);
                }
            }
        }
    }

    fn tell_changes(&mut self) {
        if !self.automatic || !self.traits.automatic_status {
            return;
        }
        let shown = self.faults.shown();
        if self.last_shown != Some(shown) {
            self.last_shown = Some(shown);
            self.reply(&shown.automatic_bytes());
        }
    }
}

impl SimDevice for PrinterSim {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> usize {
        self.advance(now);
        if self.faults.power_off || self.is_booting(now) {
            return bytes.len();
        }
        let mut taken = 0;
        for byte in bytes {
            if self.buffer.len() >= self.traits.buffer_bytes {
                break;
            }
            taken += 1;
            self.buffer.push_back(*byte);
            if let Some(obeyed) = self.scanner.feed(*byte) {
                self.obey_at_once(obeyed);
            }
        }
        if self.faults.power_off {
            bytes.len()
        } else {
            taken
        }
    }

    fn advance(&mut self, now: Duration) {
        if self.faults.power_off || self.is_booting(now) {
            return;
        }
        let rate = u128::from(self.traits.rows_per_second);
        if rate > 0 {
            let rows = now.saturating_sub(self.budget_at).as_micros() * rate / 1_000_000;
            if rows > 0 {
                // Unused time is not saved up: a printer that waited prints no faster afterwards.
                self.budget_rows = rows as u64;
                self.budget_at = now;
            }
        }
        self.tell_changes();
        while self.step() {
            self.tell_changes();
        }
        self.tell_changes();
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

#[cfg(test)]
mod tests;
