//! The hub's clocks. Here, and nowhere else, time enters the server.

use std::time::Instant;

use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Viet Nam has one time zone and no summer time.
const OFFICE_UTC_OFFSET_HOURS: i8 = 7;

/// Milliseconds since 1970.
#[must_use]
pub fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Local time of the office, to the second.
#[must_use]
pub fn local_now() -> DateTime {
    local(wall_ms())
}

/// Local time of the office at a wall-clock time; the epoch where the time cannot be told.
#[must_use]
pub fn local(wall_ms: i64) -> DateTime {
    const MS: i64 = 1_000;
    let at = jiff::Timestamp::from_second(wall_ms.div_euclid(MS)).unwrap_or_default();
    Offset::constant(OFFICE_UTC_OFFSET_HOURS).to_datetime(at)
}

/// Monotonic milliseconds from a start.
#[must_use]
pub(crate) fn since_ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_in_the_office_is_five_in_the_afternoon_in_greenwich() {
        let utc: jiff::Timestamp = "2026-11-22T17:00:00Z".parse().unwrap();
        assert_eq!(
            local(utc.as_millisecond()),
            jiff::civil::date(2026, 11, 23).at(0, 0, 0, 0)
        );
    }
}
