//! The clock guard: a machine whose clock went wrong numbers and dates nothing.
//!
//! Clocks order nothing here. They only stand on papers, so the one question is whether the machine's time
//! can be true: not before the program was made, not before what the ledger has already seen, not absurdly
//! later. The question is pure: the store remembers what was seen and passes it in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use motcua_core::refusal::Refusal;

/// Midnight of 1 November 2026 in Vietnam: this program did not exist before.
pub const RELEASED_MS: i64 = 1_793_466_000_000;
/// A clock may go back this far, as time servers correct it.
pub const BACKWARD_MS_MAX: i64 = 5 * 60 * 1000;
/// A machine may have been off this long; a clock that is further ahead is wrong.
pub const FORWARD_DAYS_MAX: i64 = 400;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Vietnam has had one time zone and no summer time since 1975.
const VIETNAM_OFFSET_HOURS: i8 = 7;

/// Whether `now_ms` can be true, given the latest time that was ever believed.
///
/// # Errors
/// [`Refusal::ClockDoubtful`] with both times as local ones.
pub fn check(now_ms: i64, seen_ms: Option<i64>) -> Result<(), Refusal> {
    let seen = seen_ms.unwrap_or(RELEASED_MS).max(RELEASED_MS);
    let earliest = (seen - BACKWARD_MS_MAX).max(RELEASED_MS);
    let latest = seen + FORWARD_DAYS_MAX * DAY_MS;
    if (earliest..=latest).contains(&now_ms) {
        Ok(())
    } else {
        Err(Refusal::ClockDoubtful {
            says: local(now_ms),
            seen: local(seen),
        })
    }
}

/// The operating system's clock, milliseconds since 1970, for stamps of rows that are no operations.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A local time in Vietnam as milliseconds since 1970.
#[must_use]
pub fn ms(local: DateTime) -> i64 {
    match Offset::constant(VIETNAM_OFFSET_HOURS).to_timestamp(local) {
        Ok(at) => at.as_millisecond(),
        Err(_) => Timestamp::MAX.as_millisecond(),
    }
}

/// Local time in Vietnam.
#[must_use]
pub fn local(ms: i64) -> DateTime {
    let clamped = ms.clamp(
        Timestamp::MIN.as_millisecond(),
        Timestamp::MAX.as_millisecond(),
    );
    let at = Timestamp::from_millisecond(clamped).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::constant(VIETNAM_OFFSET_HOURS).to_datetime(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn the_release_day_is_what_it_says() {
        assert_eq!(RELEASED_MS, ms("2026-11-01T00:00+07"));
        assert_eq!(local(RELEASED_MS).to_string(), "2026-11-01T00:00:00");
    }

    #[test]
    fn clocks_that_cannot_be_true_are_doubted() {
        let seen = Some(ms("2026-11-23T09:15+07"));
        let cases = [
            ("2019-01-01T08:00+07", seen, false),
            ("2019-01-01T08:00+07", None, false),
            ("2031-06-01T08:00+07", seen, false),
            ("2031-06-01T08:00+07", None, false),
            ("2026-11-23T09:15+07", seen, true),
            ("2026-11-23T09:11+07", seen, true),
            ("2026-11-23T09:09+07", seen, false),
            ("2026-11-24T07:00+07", seen, true),
            ("2027-11-24T07:00+07", seen, true),
            ("2026-11-22T09:15+07", seen, false),
            ("2026-11-01T00:00+07", None, true),
        ];
        for (now, seen, believed) in cases {
            assert_eq!(
                check(ms(now), seen).is_ok(),
                believed,
                "{now} after {seen:?}"
            );
        }
    }

    #[test]
    fn the_refusal_shows_both_times() {
        let refused =
            check(ms("2019-01-01T08:00+07"), Some(ms("2026-11-23T09:15+07"))).unwrap_err();
        let Refusal::ClockDoubtful { says, seen } = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(
            (says.to_string(), seen.to_string()),
            ("2019-01-01T08:00:00".into(), "2026-11-23T09:15:00".into())
        );
    }
}
