//! How long to wait before looking for a device again.

use std::time::Duration;

/// First wait.
pub(super) const FIRST: Duration = Duration::from_millis(200);
/// Longest wait.
pub(super) const LONGEST: Duration = Duration::from_secs(5);

/// Doubling waits with a jitter of a quarter, so that ten devices do not all knock at once.
#[derive(Debug)]
pub(super) struct Backoff {
    wait: Duration,
    seed: u64,
}

impl Backoff {
    /// `seed` tells devices apart.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            wait: FIRST,
            seed: seed | 1,
        }
    }

    /// The device was there: begin again.
    pub(super) fn reset(&mut self) {
        self.wait = FIRST;
    }

    /// The next wait.
    pub(super) fn next(&mut self) -> Duration {
        let base = self.wait;
        self.wait = (base * 2).min(LONGEST);
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let part = (self.seed >> 33) as u32 % 256;
        base * 3 / 4 + base / 2 * part / 256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_seconds_and_never_leave_their_range() {
        let mut backoff = Backoff::new(7);
        let mut expected = FIRST;
        for _ in 0..12 {
            let wait = backoff.next();
            assert!(
                wait >= expected * 3 / 4 && wait <= expected * 5 / 4,
                "{wait:?} {expected:?}"
            );
            expected = (expected * 2).min(LONGEST);
        }
        backoff.reset();
        assert!(backoff.next() <= FIRST * 5 / 4);
    }

    #[test]
    fn two_devices_do_not_knock_together() {
        assert_ne!(Backoff::new(1).next(), Backoff::new(99).next());
    }
}
