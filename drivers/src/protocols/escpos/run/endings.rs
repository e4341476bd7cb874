//! How a job ends early: troubles, silence, cancel, and what can be said afterwards.

use std::time::Duration;

use super::{
    COOLING_TIMEOUT, DoubtReason, FAULT_GRACE, FailureCause, Load, Phase, PrintOutcome, PrintRun,
};
use crate::protocols::escpos::command::Encoder;
use crate::protocols::escpos::status::Trouble;

/// Longer than any command without its data.
const LONGEST_HEAD_BYTES: usize = 64;

impl PrintRun<'_> {
    /// Looks at the clock and at the printer's troubles, whatever is being sent.
    pub(super) fn watch(&mut self, now: Duration) {
        match self.phase {
            Phase::Preflight => return self.watch_silence(now),
            Phase::Aborting { cause, since } if now >= since + self.traits.status_timeout => {
                self.drop_outgoing();
                return self.conclude(cause);
            }
            Phase::Aborting { .. } => return,
            _ => {}
        }
        let trouble = self.session.status.trouble();
        let Some(trouble) = trouble else {
            self.trouble_since = None;
            return self.watch_silence(now);
        };
        let stops_paper = !matches!(trouble, Trouble::Overheated | Trouble::Offline);
        self.interrupted |= stops_paper && self.progress.bands_sent > 0 && !self.all_proven();
        let since = *self.trouble_since.get_or_insert(now);
        let grace = match trouble {
            Trouble::Overheated => COOLING_TIMEOUT,
            Trouble::Offline => self.traits.stall_timeout,
            _ => FAULT_GRACE,
        };
        if now >= since + grace {
            self.abort(now, trouble.into());
        }
    }

    pub(super) fn watch_silence(&mut self, now: Duration) {
        let (since, limit, cause) = if self.outgoing().is_empty() {
            (
                self.last_progress,
                self.traits.barrier_timeout,
                FailureCause::NoAnswer,
            )
        } else {
            (
                self.last_sent,
                self.traits.stall_timeout,
                FailureCause::Stalled,
            )
        };
        if now >= since + limit {
            self.abort(now, cause);
        }
    }

    pub(super) fn abort(&mut self, now: Duration, cause: FailureCause) {
        if matches!(self.phase, Phase::Done(_) | Phase::Aborting { .. }) {
            return;
        }
        self.drop_outgoing();
        if !self.traits.clear_buffer || matches!(self.phase, Phase::Preflight) {
            return self.conclude(cause);
        }
        self.phase = Phase::Aborting { cause, since: now };
        self.queue(Load::Talk, Encoder::new().clear_buffer().finish());
    }

    pub(super) fn finish_abort(
        &mut self,
        now: Duration,
        cause: FailureCause,
        since: Duration,
    ) -> bool {
        if self.end_proven_at.is_some() && self.strays == 0 && !self.interrupted {
            self.session.strip_dirty = false;
            self.session.unsettled = true;
            return self.done(PrintOutcome::Confirmed);
        }
        if !self.cleared && now < since + self.traits.status_timeout {
            return false;
        }
        self.conclude(cause);
        true
    }

    /// Says what is known when the job cannot go on.
    pub(super) fn conclude(&mut self, cause: FailureCause) {
        let printable = self.progress.bands_sent > 0;
        let unproven = !self.expected.is_empty() || self.strays > 0;
        if self.cleared {
            self.session.owed_bytes = 0;
        } else if cause == FailureCause::LinkLost && printable {
            // Nobody knows how much of which command arrived: owe a whole band, and a head.
            let stride = usize::from(self.raster.stride_bytes());
            let band = stride * usize::from(self.traits.band_rows) + LONGEST_HEAD_BYTES;
            self.session.owed_bytes = band;
        }
        // Where no answer can get lost, the last rows were not done: their proof would have come
        // before the printer said that it forgot the rest.
        self.session.unsettled |= unproven || self.session.owed_bytes > 0;
        let rest_taken_back = self.cleared && self.strays == 0 && self.session.lossless;
        let outcome = if !printable {
            PrintOutcome::never_started(cause, self.progress.of)
        } else if !self.rows_complete || (rest_taken_back && !self.all_proven()) {
            PrintOutcome::Failed {
                cause,
                nothing_came_out: false,
                progress: self.progress,
            }
        } else {
            self.unknown(self.doubt_after_all_rows(cause))
        };
        self.done(outcome);
    }

    pub(super) fn doubt_after_all_rows(&self, cause: FailureCause) -> DoubtReason {
        match cause {
            FailureCause::LinkLost => DoubtReason::LinkLost,
            FailureCause::NoAnswer | FailureCause::Stalled if self.tail_complete => {
                DoubtReason::NoAnswerAfterCut
            }
            _ if self.all_proven() => DoubtReason::NotCut,
            _ => DoubtReason::MayStillPrint,
        }
    }

    /// The printer said of every band that it is done.
    pub(super) fn all_proven(&self) -> bool {
        self.progress.bands_confirmed == self.progress.of
    }

    pub(super) fn drop_outgoing(&mut self) {
        self.out.clear();
        self.out_at = 0;
        self.load = Load::Talk;
    }
}
