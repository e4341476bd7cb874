//! The desk's clock: local civil time and the readings that every operation is stamped with.
//!
//! It is a trait, so that tests and drills can set a PC a day or a year wrong.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use motcua_core::ids::BootId;
use motcua_core::op::ClockReading;
use uuid::Uuid;

/// Asia/Ho_Chi_Minh is UTC+07:00 all year, with no daylight saving.
const OFFICE_OFFSET_HOURS: i8 = 7;

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970-01-01T00:00Z as the machine has it.
    fn wall_ms(&self) -> i64;
    /// Milliseconds of monotonic time since this program started.
    fn mono_ms(&self) -> u64;
    /// Which start of the program `mono_ms` belongs to.
    fn boot(&self) -> BootId;
}

/// The machine's clock, with a shift for drills (`MOTCUA_CLOCK_SHIFT_MS` in tests of the clock guard).
pub struct SystemClock {
    started: Instant,
    boot: BootId,
    shift_ms: AtomicI64,
}

impl SystemClock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            boot: BootId(Uuid::new_v4()),
            shift_ms: AtomicI64::new(0),
        }
    }

    /// Sets the machine's clock wrong by so many milliseconds, for drills.
    pub fn shift(&self, shift_ms: i64) {
        self.shift_ms.store(shift_ms, Ordering::Relaxed);
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let wall = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        wall.saturating_add(self.shift_ms.load(Ordering::Relaxed))
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn boot(&self) -> BootId {
        self.boot
    }
}

/// Local civil time of the office at a wall-clock reading.
#[must_use]
pub fn local(wall_ms: i64) -> DateTime {
    let timestamp =
        jiff::Timestamp::from_millisecond(wall_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Offset::constant(OFFICE_OFFSET_HOURS).to_datetime(timestamp)
}

/// The wall-clock reading of a local civil time of the office.
#[must_use]
pub fn wall(local: DateTime) -> i64 {
    Offset::constant(OFFICE_OFFSET_HOURS)
        .to_timestamp(local)
        .map_or(0, |t| t.as_millisecond())
}

/// A reading for stamping, with the last known distance to the hub's clock.
#[must_use]
pub fn reading(clock: &dyn Clock, off_ms: Option<i64>) -> ClockReading {
    ClockReading {
        wall_ms: clock.wall_ms(),
        off_ms,
        mono_ms: clock.mono_ms(),
        boot: clock.boot(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_noon_is_five_in_the_morning_utc() {
        let noon = jiff::civil::date(2026, 11, 23).at(12, 0, 0, 0);
        assert_eq!(local(wall(noon)), noon);
        assert_eq!(wall(noon) % 86_400_000, 5 * 3_600_000);
    }
}
