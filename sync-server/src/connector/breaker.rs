//! A circuit breaker: a province that fails time after time is left alone for a while, then asked with one
//! message before all the others. A machine without I/O.

use motcua_ledger::exchange::backoff::Backoff;

/// Failures in a row before it opens.
pub const BREAKER_FAILURES_MAX: u32 = 5;

/// The breaker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Breaker {
    failures: u32,
    open_until_ms: u64,
    pause: Backoff,
    probing: bool,
}

impl Breaker {
    /// Whether a message may go out at `now_ms`; if not, not before the given time.
    ///
    /// # Errors
    /// The time of the next look, `None` while a probe is on its way.
    pub fn admit(&mut self, now_ms: u64) -> Result<(), Option<u64>> {
        if self.failures < BREAKER_FAILURES_MAX {
            return Ok(());
        }
        if self.probing {
            return Err(None);
        }
        if now_ms < self.open_until_ms {
            return Err(Some(self.open_until_ms));
        }
        self.probing = true;
        Ok(())
    }

    /// The province answered, whatever it said.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// The province did not answer.
    pub fn failed(&mut self, chance: u32, now_ms: u64) {
        self.failures = self.failures.saturating_add(1);
        self.probing = false;
        if self.failures >= BREAKER_FAILURES_MAX {
            self.open_until_ms = now_ms.saturating_add(self.pause.fail(chance, None));
        }
    }

    /// A probe was admitted but nothing was there to send.
    pub fn unused(&mut self) {
        self.probing = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..BREAKER_FAILURES_MAX {
            assert_eq!(breaker.admit(0), Ok(()));
            breaker.failed(u32::MAX, 0);
        }
        breaker
    }

    #[test]
    fn after_five_silences_it_waits_and_then_asks_with_one_message() {
        let mut breaker = opened();
        assert_eq!(breaker.admit(999), Err(Some(1_000)));
        assert_eq!(breaker.admit(1_000), Ok(()));
        assert_eq!(breaker.admit(1_000), Err(None), "one probe at a time");
        breaker.failed(u32::MAX, 1_000);
        assert_eq!(breaker.admit(1_000), Err(Some(3_000)), "and waits longer");
    }

    #[test]
    fn one_answer_closes_it() {
        let mut breaker = opened();
        breaker.admit(1_000).unwrap();
        breaker.answered();
        assert_eq!(breaker.admit(1_000), Ok(()));
        assert_eq!(breaker.admit(1_000), Ok(()));
    }

    #[test]
    fn a_probe_that_found_nothing_to_send_is_given_back() {
        let mut breaker = opened();
        breaker.admit(1_000).unwrap();
        breaker.unused();
        assert_eq!(breaker.admit(1_000), Ok(()));
    }
}
