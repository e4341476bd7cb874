//! Working time and due dates: the one implementation, used everywhere.
//!
//! Owns: the calendar of holidays, compensatory and swapped days as effective-dated data; opening
//! hours of a desk; time limits; the due date with its explanation; what a supplement does to it;
//! the 15:00 hand-over rule.
//! Deliberately does not: know what time it is (callers pass local civil time of Vietnam, UTC+07:00
//! without daylight saving), know procedures (the catalogue does), or guess holidays that nobody
//! has decided yet: it says where the calendar ends.
//!
//! Law: Civil Code 2015 Đ147–148 (start and end of a period), Labour Code 2019 Đ111–112 (weekly rest
//! and holidays), NĐ 61/2018/NĐ-CP Đ18–19 as continued by NĐ 118/2025/NĐ-CP.
//!
//! ```
//! use jiff::civil::date;
//! use motcua_core::calendar::{self, Calendar, DueOptions, DueRequest, LimitUnit, OpeningHours, Term, TimeLimit};
//!
//! let request = DueRequest {
//!     received: date(2026, 11, 23).at(9, 15, 0, 0),
//!     term: Term::Limit(TimeLimit::new(3, LimitUnit::WorkingDay)?),
//!     options: DueOptions::default(),
//! };
//! let due = calendar::due(&request, &Calendar::vietnam(), &OpeningHours::default())?;
//! assert_eq!(due.at, date(2026, 11, 27).at(17, 0, 0, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod count;
mod days;
mod desk;
mod due;
mod explain;
mod handover;
mod hours;
mod limit;
mod reception;
mod shipped;
mod supplement;

pub use days::{
    Calendar, CalendarError, DayClass, DayInfo, DayKind, FixedHoliday, MAX_CALENDAR_DAYS,
    SpecialDay,
};
pub use due::{AfterHours, Due, DueError, DueOptions, DueRequest, DueTime, DueWarning, Term, due};
pub use explain::{DayNote, NoteKind, vietnamese_date, weekday_name};
pub use handover::{HandOver, hand_over_by};
pub use hours::{Interval, OpeningHours, OpeningHoursError};
pub use limit::{LimitError, LimitUnit, TimeLimit};
pub use supplement::{SupplementPolicy, Waiting, due_after_supplement};

#[cfg(test)]
mod tests;
