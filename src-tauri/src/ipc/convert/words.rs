//! Times, numbers and identities as text.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};

use crate::ipc::dto::{LocalDate, LocalDateTime, LocalTime};

/// `2026-11-23T09:15:30`.
pub(super) fn date_time(at: DateTime) -> LocalDateTime {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// `2026-11-23`.
pub(super) fn date(on: Date) -> LocalDate {
    on.to_string()
}

/// `07:00`.
pub(super) fn wall_time(at: Time) -> LocalTime {
    at.strftime("%H:%M").to_string()
}

/// A count as a screen takes it. More than four thousand million of anything is shown as that many.
pub(super) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

/// What the hall calls a counter, as a number. The office may call one `3A`: its digits are what the big
/// screen has room for, and a counter without any is 0.
#[must_use]
pub fn counter_number(called: &str) -> u32 {
    let digits: String = called
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

/// An identity that a screen gives back. It came from here, so one that cannot be read names nothing.
#[must_use]
pub fn parse_id<T: FromStr>(id: &str) -> Option<T> {
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn times_cross_without_a_zone_and_without_fractions() {
        let at = self::date(2026, 11, 23).at(9, 15, 30, 123_456_789);
        assert_eq!(date_time(at), "2026-11-23T09:15:30");
        assert_eq!(wall_time(at.time()), "09:15");
    }

    #[test]
    fn a_counter_is_shown_by_its_digits() {
        for (called, number) in [("3", 3), ("3A", 3), ("Quầy 12", 12), ("Tiếp nhận", 0)] {
            assert_eq!(counter_number(called), number, "{called}");
        }
    }

    #[test]
    fn counts_stop_at_the_edge() {
        assert_eq!(count(7_usize), 7);
        assert_eq!(count(u64::MAX), u32::MAX);
        assert_eq!(count(-1_i64), u32::MAX);
    }
}
