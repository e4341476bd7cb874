//! When to try again: 1 s doubling to 5 min, with full jitter so that an office's desks do not
//! come back in one wave. Chance is passed in.

/// The first ceiling.
pub const BACKOFF_FIRST_MS: u64 = 1_000;
/// The last ceiling.
pub const BACKOFF_MAX_MS: u64 = 5 * 60 * 1_000;
/// Never sooner than this, whatever chance says.
pub const BACKOFF_FLOOR_MS: u64 = 50;
/// A hub may not ask for more patience than this.
pub const RETRY_AFTER_MAX_MS: u64 = 10 * 60 * 1_000;

/// How many times in a row something failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// After so many failures in a row, counted elsewhere.
    #[must_use]
    pub fn after(failures: u32) -> Self {
        Self { failures }
    }

    /// Counts a failure and says how many milliseconds to wait. `chance` is uniform over `u32`;
    /// `asked_ms` is what the other side asked for, and is the least that is waited.
    pub fn fail(&mut self, chance: u32, asked_ms: Option<u64>) -> u64 {
        let ceiling = Self::ceiling_ms(self.failures);
        self.failures = self.failures.saturating_add(1);
        let drawn = u64::try_from(u128::from(ceiling) * u128::from(chance) / u128::from(u32::MAX))
            .unwrap_or(ceiling);
        let asked = asked_ms.unwrap_or(0).min(RETRY_AFTER_MAX_MS);
        (asked + drawn).max(BACKOFF_FLOOR_MS)
    }

    /// It worked, or a person asked: the next failure is the first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Failures since the last reset.
    #[must_use]
    pub fn failures(self) -> u32 {
        self.failures
    }

    fn ceiling_ms(failures: u32) -> u64 {
        1_u64
            .checked_shl(failures)
            .and_then(|factor| BACKOFF_FIRST_MS.checked_mul(factor))
            .map_or(BACKOFF_MAX_MS, |ms| ms.min(BACKOFF_MAX_MS))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ceiling_doubles_from_one_second_to_five_minutes() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..11).map(|_| backoff.fail(u32::MAX, None)).collect();
        let seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
        assert_eq!(waits, seconds.map(|s| s * 1_000));
    }

    #[test]
    fn after_success_it_begins_again() {
        let mut backoff = Backoff::default();
        for _ in 0..9 {
            backoff.fail(u32::MAX, None);
        }
        backoff.reset();
        assert_eq!(backoff.fail(u32::MAX, None), BACKOFF_FIRST_MS);
    }

    #[test]
    fn what_the_hub_asks_for_is_the_least_that_is_waited() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.fail(0, Some(7_000)), 7_000);
        assert_eq!(backoff.fail(0, Some(u64::MAX)), RETRY_AFTER_MAX_MS);
    }

    proptest! {
        #[test]
        fn no_wait_is_a_hot_loop_and_none_exceeds_five_minutes(failures in 0_u32..200, chance: u32) {
            let mut backoff = Backoff { failures };
            let wait = backoff.fail(chance, None);
            prop_assert!((BACKOFF_FLOOR_MS..=BACKOFF_MAX_MS).contains(&wait));
        }
    }
}
