//! The moves of a running job: what is sent next, and what is waited for.

use std::time::Duration;

use super::session::{AskStep, Asking};
use super::{
    ASK_AFTER, Barrier, DRAWER_OFF_MS, DRAWER_ON_MS, DoubtReason, Expected, FailureCause, Load,
    Mark, Phase, PrintOutcome, PrintRun, QUIET, WINDOW_BANDS,
};
use crate::protocols::escpos::command::{Cut, Encoder};
use crate::protocols::escpos::raster::Guard;

impl PrintRun<'_> {
    /// One move of the state machine; false when there is nothing to do but wait.
    pub(super) fn advance(&mut self, now: Duration) -> bool {
        match self.phase {
            Phase::Preflight => self.preflight(now),
            Phase::Settle { since } => self.settle(now, since),
            Phase::Start { .. } => self.ask_if_quiet(now),
            Phase::Printing => self.print(now),
            Phase::Ending => self.end(now),
            Phase::Aborting { cause, since } => self.finish_abort(now, cause, since),
            Phase::Done(_) => false,
        }
    }

    pub(super) fn preflight(&mut self, now: Duration) -> bool {
        if let Some(bytes) = self.session.mend(self.traits) {
            return self.queue(Load::Mend, bytes);
        }
        let Some(asking) = &mut self.asking else {
            return self.begin_settling(now);
        };
        match asking.poll(now, self.traits.status_timeout, self.session) {
            AskStep::Send(bytes) => self.queue(Load::Talk, bytes),
            AskStep::Wait => false,
            AskStep::Silent => self.done(PrintOutcome::never_started(
                FailureCause::NoAnswer,
                self.progress.of,
            )),
            AskStep::Complete => {
                self.asking = None;
                match self.session.status.trouble() {
                    Some(trouble) => self.done(PrintOutcome::never_started(
                        trouble.into(),
                        self.progress.of,
                    )),
                    None => self.begin_settling(now),
                }
            }
        }
    }

    pub(super) fn begin_settling(&mut self, now: Duration) -> bool {
        if !self.session.unsettled {
            return self.begin(now);
        }
        self.phase = Phase::Settle { since: now };
        self.last_progress = now;
        self.name_heard = false;
        if self.can_ask_name() {
            self.queue(Load::Talk, Encoder::new().model_name().finish());
        }
        true
    }

    pub(super) fn settle(&mut self, now: Duration, since: Duration) -> bool {
        let names_itself = self.session.model().is_some();
        let quiet = now >= since + QUIET && now >= self.last_heard + QUIET;
        if !self.name_heard && (names_itself || !quiet) {
            return false;
        }
        if !self.name_heard {
            self.session.model = Some(String::new());
        }
        self.session.unsettled = false;
        self.strays = 0;
        self.begin(now)
    }

    pub(super) fn begin(&mut self, now: Duration) -> bool {
        self.phase = Phase::Start { since: now };
        self.last_progress = now;
        let mut encoder = Encoder::new()
            .init()
            .automatic_status(self.traits.automatic_status);
        if self.traits.guard == Guard::GsD {
            encoder = encoder.guard_real_time();
        }
        if self.session.strip_dirty {
            encoder = encoder
                .feed_lines(self.traits.feed_lines)
                .cut(self.traits.cut);
        }
        let bytes = self.barrier(encoder, Mark::Start).finish();
        if self.traits.barrier == Barrier::None {
            self.started();
        }
        self.queue(Load::Talk, bytes)
    }

    pub(super) fn print(&mut self, now: Duration) -> bool {
        if self.expected.len() >= WINDOW_BANDS {
            return self.ask_if_quiet(now);
        }
        if self.traits.barrier == Barrier::None && self.asked_before_band != self.next_band {
            self.asked_before_band = self.next_band;
            self.asking = self.traits.dle_eot.then(Asking::default);
        }
        if self.traits.barrier == Barrier::None && self.asking.is_some() {
            return self.ask_if_quiet(now) || self.asking.is_none();
        }
        let Some(band) = self.raster.band(self.next_band, self.traits.band_rows) else {
            self.phase = Phase::Ending;
            return self.send_tail();
        };
        let encoder = Encoder::new().raster_band(&band);
        let index = self.next_band;
        self.next_band += 1;
        let bytes = self.barrier(encoder, Mark::Band(index)).finish();
        self.queue(Load::Band(index), bytes)
    }

    pub(super) fn send_tail(&mut self) -> bool {
        let mut encoder = Encoder::new();
        if let Some(qr) = self.options.qr.as_ref().filter(|_| self.traits.native_qr) {
            encoder = encoder.qr(qr);
        }
        if let Some(pin) = self.options.drawer {
            encoder = encoder.drawer(pin, DRAWER_ON_MS, DRAWER_OFF_MS);
        }
        let cut = if self.options.cut {
            self.traits.cut
        } else {
            Cut::None
        };
        if cut != Cut::FeedPartial {
            encoder = encoder.feed_lines(self.traits.feed_lines);
        }
        encoder = self.barrier(encoder.cut(cut), Mark::End);
        if self.traits.barrier == Barrier::GsR1 && self.can_ask_name() {
            self.name_heard = false;
            encoder = encoder.model_name();
        }
        self.queue(Load::Tail, encoder.finish())
    }

    pub(super) fn end(&mut self, now: Duration) -> bool {
        if self.traits.barrier == Barrier::None {
            self.session.strip_dirty = false;
            return self.done(self.unknown(DoubtReason::NoReadback));
        }
        let Some(proven_at) = self.end_proven_at else {
            return self.ask_if_quiet(now);
        };
        let counted = self.traits.barrier == Barrier::GsR1;
        if counted && !self.name_heard && now < proven_at + self.traits.status_timeout {
            return false;
        }
        self.session.strip_dirty = false;
        self.session.owed_bytes = 0;
        self.session.unsettled = self.strays > 0;
        if counted && self.strays > 0 {
            return self.done(self.unknown(DoubtReason::ConfusedReplies));
        }
        if self.interrupted {
            return self.done(self.unknown(DoubtReason::Interrupted));
        }
        if counted && !self.name_heard && self.session.model().is_none() {
            self.session.model = Some(String::new());
        }
        self.done(PrintOutcome::Confirmed)
    }

    pub(super) fn ask_if_quiet(&mut self, now: Duration) -> bool {
        if let Some(asking) = &mut self.asking {
            return match asking.poll(now, self.traits.status_timeout, self.session) {
                AskStep::Send(bytes) => self.queue(Load::Talk, bytes),
                AskStep::Wait => false,
                AskStep::Complete | AskStep::Silent => {
                    self.asking = None;
                    false
                }
            };
        }
        let quiet = now >= self.last_heard.max(self.last_sent) + ASK_AFTER
            && now >= self.last_ask + ASK_AFTER;
        if self.traits.dle_eot && quiet {
            self.last_ask = now;
            self.asking = Some(Asking::default());
            return true;
        }
        false
    }

    pub(super) fn can_ask_name(&self) -> bool {
        self.traits.model_name && self.session.model.as_deref() != Some("")
    }

    pub(super) fn unknown(&self, why: DoubtReason) -> PrintOutcome {
        PrintOutcome::Unknown {
            why,
            progress: self.progress,
        }
    }

    pub(super) fn barrier(&mut self, encoder: Encoder, mark: Mark) -> Encoder {
        match self.traits.barrier {
            Barrier::None => encoder,
            Barrier::GsR1 => {
                self.expected.push_back(Expected { mark, token: None });
                encoder.paper_sensor()
            }
            Barrier::ProcessId => {
                let token = self.session.token();
                self.expected.push_back(Expected {
                    mark,
                    token: Some(token),
                });
                encoder.process_id(token)
            }
        }
    }

    pub(super) fn queue(&mut self, load: Load, bytes: Vec<u8>) -> bool {
        self.load = load;
        self.out = bytes;
        self.out_at = 0;
        true
    }

    pub(super) fn done(&mut self, outcome: PrintOutcome) -> bool {
        self.phase = Phase::Done(outcome);
        true
    }
}
