//! Pushing the outbox as a machine without I/O.
//!
//! The only retry logic is: no acknowledgement, send again from where the hub says it is. Operations
//! leave in `dseq` order, a batch at a time, and none is dropped for any answer.

use super::backoff::Backoff;
use super::trouble::Trouble;
use super::window::Window;

/// What pushing wants done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushStep {
    /// Read operations after `after` (at most `ops_max`, about `bytes_max`), send them, and report with
    /// [`Push::nothing_to_send`], [`Push::acked`], [`Push::too_large`] or [`Push::failed`].
    Send {
        /// The last `dseq` that the hub has.
        after: u64,
        /// Operations at most.
        ops_max: usize,
        /// Bytes at most, before encoding; one operation always fits.
        bytes_max: usize,
    },
    /// Nothing before this time, unless woken.
    WaitUntil(u64),
    /// Nothing until woken or until there is a session.
    Rest,
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Push {
    joined: bool,
    acked_dseq: u64,
    ops: Window,
    bytes_max: usize,
    dirty: bool,
    wait_until_ms: u64,
    backoff: Backoff,
    trouble: Option<Trouble>,
}

impl Push {
    /// A machine without a session.
    #[must_use]
    pub fn new() -> Self {
        Self {
            joined: false,
            acked_dseq: 0,
            ops: Window::new(1, 1),
            bytes_max: 0,
            dirty: false,
            wait_until_ms: 0,
            backoff: Backoff::default(),
            trouble: None,
        }
    }

    /// A session begins: the hub has everything up to `acked_dseq`, and takes this much at once.
    pub fn join(&mut self, acked_dseq: u64, ops_max: usize, bytes_max: usize) {
        self.joined = true;
        self.acked_dseq = acked_dseq;
        self.ops.limit(ops_max);
        self.bytes_max = bytes_max;
        self.wake_now();
    }

    /// The session is over.
    pub fn leave(&mut self) {
        self.joined = false;
    }

    /// There is something new in the outbox.
    pub fn wake(&mut self) {
        self.dirty = true;
    }

    /// A person asks: no waiting.
    pub fn wake_now(&mut self) {
        self.dirty = true;
        self.wait_until_ms = 0;
        self.backoff.reset();
    }

    /// What to do at `now_ms`.
    pub fn next(&mut self, now_ms: u64) -> PushStep {
        if !self.joined || !self.dirty {
            return PushStep::Rest;
        }
        if now_ms < self.wait_until_ms {
            return PushStep::WaitUntil(self.wait_until_ms);
        }
        // Cleared before the outbox is read: what is written meanwhile sets it again.
        self.dirty = false;
        PushStep::Send {
            after: self.acked_dseq,
            ops_max: self.ops.get(),
            bytes_max: self.bytes_max,
        }
    }

    /// The outbox has nothing after what the hub has.
    pub fn nothing_to_send(&mut self) {
        self.trouble = None;
    }

    /// The hub has everything up to `acked_dseq` after a batch that ended at `last`. An answer that
    /// moves nothing is trouble: a hub that forgets must not be asked in a circle.
    pub fn acked(&mut self, last: u64, acked_dseq: u64, chance: u32, now_ms: u64) {
        let is_progress = acked_dseq >= last;
        self.acked_dseq = acked_dseq.min(last);
        self.dirty = true;
        if is_progress {
            self.ops.grow();
            self.backoff.reset();
            self.trouble = None;
        } else {
            self.failed(&Trouble::Garbled, chance, now_ms);
        }
    }

    /// The batch of `ops` operations was too large.
    pub fn too_large(&mut self, ops: usize, chance: u32, now_ms: u64) {
        if self.ops.halve(ops) {
            self.dirty = true;
        } else {
            self.failed(&Trouble::TooLarge, chance, now_ms);
        }
    }

    /// The batch of `ops` operations took longer than a call may: the line is slow.
    pub fn too_slow(&mut self, ops: usize) {
        self.ops.halve(ops);
    }

    /// The call failed. Trouble that ends the link is the link's to heal; the rest waits here.
    pub fn failed(&mut self, trouble: &Trouble, chance: u32, now_ms: u64) {
        self.dirty = true;
        self.trouble = Some(trouble.clone());
        if trouble.ends_link() {
            self.joined = false;
        } else {
            let wait_ms = self.backoff.fail(chance, trouble.retry_after_ms());
            self.wait_until_ms = now_ms.saturating_add(wait_ms);
        }
    }

    /// What stands in the way, if something does.
    #[must_use]
    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }
}

impl Default for Push {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined() -> Push {
        let mut push = Push::new();
        push.join(40, 500, 1_000_000);
        push
    }

    fn send(after: u64, ops_max: usize) -> PushStep {
        PushStep::Send {
            after,
            ops_max,
            bytes_max: 1_000_000,
        }
    }

    #[test]
    fn without_a_session_the_outbox_waits() {
        let mut push = Push::new();
        push.wake();
        assert_eq!(push.next(0), PushStep::Rest);
        push.join(40, 500, 1_000_000);
        assert_eq!(push.next(0), send(40, 500));
    }

    #[test]
    fn after_each_acknowledgement_it_goes_on_from_there_until_nothing_is_left() {
        let mut push = joined();
        assert_eq!(push.next(0), send(40, 500));
        push.acked(42, 42, 0, 0);
        assert_eq!(push.next(0), send(42, 500));
        push.nothing_to_send();
        assert_eq!(push.next(0), PushStep::Rest);
    }

    #[test]
    fn a_dossier_received_while_a_batch_travels_is_not_forgotten() {
        let mut push = joined();
        assert_eq!(push.next(0), send(40, 500));
        push.wake();
        push.nothing_to_send();
        assert_eq!(push.next(0), send(40, 500));
    }

    #[test]
    fn a_hub_that_takes_less_gets_less_and_later_more_again() {
        let mut push = joined();
        for ops in [500, 250, 125] {
            assert_eq!(push.next(0), send(40, ops));
            push.too_large(ops, 0, 0);
        }
        assert_eq!(push.next(0), send(40, 62));
        push.acked(102, 102, 0, 0);
        assert_eq!(push.next(0), send(102, 124));
    }

    #[test]
    fn a_slow_line_gets_smaller_batches_also_after_the_next_hello() {
        let mut push = joined();
        push.next(0);
        push.too_slow(500);
        push.failed(&Trouble::TimedOut, 0, 0);
        push.join(40, 500, 1_000_000);
        assert_eq!(push.next(0), send(40, 250));
    }

    #[test]
    fn one_operation_too_large_for_the_hub_waits_and_says_so() {
        let mut push = joined();
        push.next(0);
        push.too_large(1, u32::MAX, 0);
        assert_eq!(push.trouble(), Some(&Trouble::TooLarge));
        assert_eq!(push.next(0), PushStep::WaitUntil(1_000));
    }

    #[test]
    fn a_failing_hub_is_retried_later_with_the_same_operations() {
        let mut push = joined();
        push.next(0);
        push.failed(
            &Trouble::HubFailed {
                status: 500,
                code: None,
            },
            u32::MAX,
            0,
        );
        assert_eq!(push.next(0), PushStep::WaitUntil(1_000));
        assert_eq!(push.next(1_000), send(40, 500));
        push.failed(
            &Trouble::Busy {
                retry_after_ms: Some(9_000),
            },
            0,
            1_000,
        );
        assert_eq!(push.next(1_000), PushStep::WaitUntil(10_000));
        push.wake_now();
        assert_eq!(push.next(1_000), send(40, 500));
    }

    #[test]
    fn a_broken_link_is_the_links_to_heal() {
        let mut push = joined();
        push.next(0);
        push.failed(&Trouble::Broken, 0, 0);
        assert_eq!(push.next(0), PushStep::Rest);
        push.join(41, 500, 1_000_000);
        assert_eq!(
            push.next(0),
            send(41, 500),
            "the hub had taken one before the break"
        );
    }

    #[test]
    fn a_hub_that_acknowledges_nothing_is_not_asked_in_a_circle() {
        let mut push = joined();
        push.next(0);
        push.acked(42, 40, u32::MAX, 0);
        assert_eq!(push.next(0), PushStep::WaitUntil(1_000));
        assert_eq!(push.trouble(), Some(&Trouble::Garbled));
    }

    #[test]
    fn a_hub_that_lost_some_is_sent_them_again() {
        let mut push = joined();
        push.next(0);
        push.acked(42, 30, 0, 0);
        assert_eq!(push.next(1_000), send(30, 500));
    }
}
