//! When received dossiers must have left the desk for the people who decide them.

use jiff::civil::{DateTime, Time};
use serde::{Deserialize, Serialize};

use super::days::Calendar;
use super::desk::Desk;
use super::due::{DueError, DueOptions};
use super::hours::OpeningHours;
use super::reception::whole_minute;

/// The latest moment of a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HandOver {
    /// Until when, in local civil time.
    pub by: DateTime,
    /// Whether the dossier came too late for its own day.
    pub next_day: bool,
}

/// Paper dossiers move on the working day on which they were received; received after the cut-off
/// (15:00), at the beginning of the next working day (NĐ 61/2018/NĐ-CP Đ18.2). "At the beginning"
/// is taken as the opening of the desk.
///
/// # Errors
/// As [`super::due`].
pub fn hand_over_by(
    received: DateTime,
    cutoff: Time,
    options: DueOptions,
    calendar: &Calendar,
    hours: &OpeningHours,
) -> Result<HandOver, DueError> {
    let desk = Desk {
        calendar,
        hours,
        makeup_counts: options.makeup_saturday_counts,
    };
    let received = desk.open_at_or_after(whole_minute(received))?;
    if received.time() <= cutoff && desk.works(received.date()) {
        let by = received.date().to_datetime(desk.closing(received.date()));
        return Ok(HandOver {
            by,
            next_day: false,
        });
    }
    let next = desk.next_working_day(received.date())?;
    let opens = desk
        .intervals(next)
        .first()
        .map_or(Time::midnight(), |i| i.opens);
    Ok(HandOver {
        by: next.to_datetime(opens),
        next_day: true,
    })
}
