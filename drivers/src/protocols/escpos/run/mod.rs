//! One print job as a state machine that never claims more than the printer proved.
//!
//! The order of a job: ask the four real-time questions; settle old answers; set up and prove that
//! the printer takes data; bands of raster, each followed by a barrier, at most [`WINDOW_BANDS`]
//! unproven; tail (QR, drawer, cut) followed by the last barrier. *Confirmed* needs the answer to
//! the barrier **after the cut**.
//!
//! When something stops the printer, the rest of the job is taken back (`DLE DC4 8`) where the
//! printer can do that, so that a new roll does not make it print the rest by itself. What could
//! not be taken back is said ([`DoubtReason::MayStillPrint`]). A job is never resumed.
//!
//! Does not own: the connection. The caller moves bytes and time ([`PrintRun::poll`]).

mod endings;
mod moves;
mod outcome;
mod poll;
mod replies;
mod session;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

pub use outcome::{DoubtReason, FailureCause, PrintOptions, PrintOutcome, PrintProgress};
pub use poll::{IdlePoll, IdleStep};
use session::Asking;
pub use session::{Barrier, PrinterTraits, Session};

use super::raster::RasterJob;
use super::status::PrinterStatus;

/// Bands sent ahead of the last proven one: the printer never starves, its buffer never overflows.
pub const WINDOW_BANDS: usize = 2;
/// Longest time between two looks at the clock.
const TICK: Duration = Duration::from_millis(50);
/// A fault must last this long before the job is given up: the last proof may be on its way.
const FAULT_GRACE: Duration = Duration::from_millis(300);
/// Without an answer for this long, the printer is asked how it is.
const ASK_AFTER: Duration = Duration::from_millis(500);
/// A hot head is waited for this long.
const COOLING_TIMEOUT: Duration = Duration::from_secs(60);
/// A printer that takes no byte of a band for this long has stopped for a reason it cannot tell.
const STRANGE_PAUSE: Duration = Duration::from_secs(1);
/// Silence that ends old answers on a printer that cannot be asked for its name.
const QUIET: Duration = Duration::from_millis(700);

/// Drawer pulse on, in milliseconds.
const DRAWER_ON_MS: u16 = 100;
/// Drawer pulse off, in milliseconds.
const DRAWER_OFF_MS: u16 = 100;

/// What a [`PrintRun`] wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunStep {
    /// Send from [`PrintRun::outgoing`], then report with [`PrintRun::sent`]; keep reading.
    Transmit,
    /// Read until this moment, then poll again.
    Wait(Duration),
    /// The job is over.
    Done(PrintOutcome),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Preflight,
    Settle {
        since: Duration,
    },
    Start {
        since: Duration,
    },
    Printing,
    Ending,
    Aborting {
        cause: FailureCause,
        since: Duration,
    },
    Done(PrintOutcome),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Load {
    Talk,
    Mend,
    Band(u32),
    Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Start,
    Band(u32),
    End,
}

#[derive(Debug)]
struct Expected {
    mark: Mark,
    token: Option<[u8; 4]>,
}

/// One print job.
#[derive(Debug)]
pub struct PrintRun<'a> {
    session: &'a mut Session,
    traits: &'a PrinterTraits,
    raster: RasterJob,
    options: PrintOptions,
    phase: Phase,
    out: Vec<u8>,
    out_at: usize,
    load: Load,
    next_band: u32,
    asked_before_band: u32,
    rows_complete: bool,
    tail_complete: bool,
    progress: PrintProgress,
    expected: VecDeque<Expected>,
    end_proven_at: Option<Duration>,
    name_heard: bool,
    cleared: bool,
    strays: u32,
    asking: Option<Asking>,
    last_sent: Duration,
    last_heard: Duration,
    last_progress: Duration,
    last_ask: Duration,
    trouble_since: Option<Duration>,
    interrupted: bool,
}

impl<'a> PrintRun<'a> {
    /// A job for `raster` at `now`. Nothing is sent yet.
    #[must_use]
    pub fn new(
        session: &'a mut Session,
        traits: &'a PrinterTraits,
        raster: &RasterJob,
        options: PrintOptions,
        now: Duration,
    ) -> Self {
        let raster = raster.guarded(traits.guard, traits.band_rows);
        let of = raster.band_count(traits.band_rows);
        Self {
            session,
            traits,
            raster,
            options,
            phase: Phase::Preflight,
            out: Vec::new(),
            out_at: 0,
            load: Load::Talk,
            next_band: 0,
            asked_before_band: 0,
            rows_complete: false,
            tail_complete: false,
            progress: PrintProgress {
                of,
                ..PrintProgress::default()
            },
            expected: VecDeque::new(),
            end_proven_at: None,
            name_heard: false,
            cleared: false,
            strays: 0,
            asking: traits.dle_eot.then(Asking::default),
            last_sent: now,
            last_heard: now,
            last_progress: now,
            last_ask: now,
            trouble_since: None,
            interrupted: false,
        }
    }

    /// How far the job is.
    #[must_use]
    pub fn progress(&self) -> PrintProgress {
        self.progress
    }

    /// The last known status.
    #[must_use]
    pub fn status(&self) -> PrinterStatus {
        self.session.status
    }

    /// Bytes to send now.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        self.out.get(self.out_at..).unwrap_or_default()
    }

    /// The connection took `bytes` of [`Self::outgoing`].
    pub fn sent(&mut self, now: Duration, bytes: usize) {
        if bytes == 0 {
            return;
        }
        let paused = now.saturating_sub(self.last_sent) > STRANGE_PAUSE;
        self.interrupted |= paused && self.out_at > 0 && matches!(self.load, Load::Band(_));
        self.last_sent = now;
        if self.load != Load::Talk {
            self.last_progress = now;
        }
        self.out_at = (self.out_at + bytes).min(self.out.len());
        if let Load::Band(index) = self.load {
            self.progress.bands_sent = index + 1;
            self.session.strip_dirty = true;
            self.session.owed_bytes = self.out.len() - self.out_at;
        }
        if self.out_at < self.out.len() {
            return;
        }
        match self.load {
            Load::Band(index) => self.rows_complete = index + 1 == self.progress.of,
            Load::Tail => self.tail_complete = true,
            Load::Mend => self.session.mended(),
            Load::Talk => {}
        }
        self.load = Load::Talk;
        self.out.clear();
        self.out_at = 0;
    }

    /// What to do at `now`.
    pub fn poll(&mut self, now: Duration) -> RunStep {
        loop {
            if let Phase::Done(outcome) = self.phase {
                return RunStep::Done(outcome);
            }
            self.watch(now);
            if !self.outgoing().is_empty() {
                return RunStep::Transmit;
            }
            if !self.advance(now) {
                return RunStep::Wait(now + TICK);
            }
        }
    }

    /// The clerk cancels. After the cut was sent it is too late and nothing happens.
    pub fn cancel(&mut self, now: Duration, cause: FailureCause) {
        if !self.tail_complete {
            self.abort(now, cause);
        }
    }

    /// The connection is gone; the next [`Self::poll`] tells the outcome.
    pub fn link_lost(&mut self) {
        if !matches!(self.phase, Phase::Done(_)) {
            self.conclude(FailureCause::LinkLost);
        }
    }

    /// Takes bytes from the printer.
    pub fn receive(&mut self, now: Duration, bytes: &[u8]) {
        for reply in self.session.demux.feed(bytes) {
            self.take(now, reply);
        }
    }
}
