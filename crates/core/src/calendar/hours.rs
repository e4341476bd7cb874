//! Opening hours of a desk. Separate from the calendar: a desk may open on Saturday morning
//! without Saturday becoming a working day.

use jiff::civil::{Date, Time, Weekday, time};
use serde::{Deserialize, Serialize};

use super::days::{Calendar, DayClass, DayKind};

/// Most intervals in one day.
const MAX_INTERVALS: usize = 6;

/// From opening to closing, on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// The minute from which people are received.
    pub opens: Time,
    /// The minute from which they no longer are.
    pub closes: Time,
}

impl Interval {
    /// Whole minutes from opening to closing.
    pub fn minutes(self) -> i64 {
        self.opens.duration_until(self.closes).as_mins()
    }
}

/// Opening hours that contradict themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningHoursError {
    /// An interval that closes before it opens, or at once.
    #[error("an interval closes at {0}, not after it opens")]
    Empty(Time),
    /// Intervals out of order or overlapping.
    #[error("the interval that opens at {0} begins before the one before it ends")]
    Overlap(Time),
    /// No day with an interval.
    #[error("the desk is never open")]
    NeverOpen,
    /// More intervals in a day than a day has.
    #[error("at most {MAX_INTERVALS} intervals a day")]
    TooMany,
    /// Times are kept in whole minutes.
    #[error("{0} is not a whole minute")]
    NotAMinute(Time),
}

/// Intervals per weekday, and those of a day of rest that is worked in exchange.
///
/// ```
/// use motcua_core::calendar::OpeningHours;
/// let desk = OpeningHours::default();
/// assert_eq!(desk.minutes_a_week(), 5 * 8 * 60);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "HoursFile", into = "HoursFile")]
pub struct OpeningHours {
    /// Monday first.
    week: [Vec<Interval>; 7],
    makeup: Vec<Interval>,
}

impl OpeningHours {
    /// Hours from intervals per weekday, Monday first, and those of a make-up working day.
    ///
    /// # Errors
    /// When intervals are empty, overlap, or the desk is never open.
    pub fn new(
        week: [Vec<Interval>; 7],
        makeup: Vec<Interval>,
    ) -> Result<OpeningHours, OpeningHoursError> {
        week.iter()
            .chain([&makeup])
            .try_for_each(|day| check_day(day))?;
        if week.iter().all(Vec::is_empty) {
            return Err(OpeningHoursError::NeverOpen);
        }
        Ok(OpeningHours { week, makeup })
    }

    /// The same desk with these hours on Saturday (a residence desk that opens in the morning).
    ///
    /// # Errors
    /// When the intervals are empty or overlap.
    pub fn with_saturday(mut self, saturday: Vec<Interval>) -> Result<Self, OpeningHoursError> {
        self.week[place(Weekday::Saturday)] = saturday;
        OpeningHours::new(self.week, self.makeup)
    }

    /// When the desk is open on this date: nothing on days off whatever the weekday says, the
    /// make-up hours on a day worked in exchange.
    pub fn on(&self, date: Date, calendar: &Calendar) -> &[Interval] {
        match calendar.day(date).class {
            DayClass::Special(DayKind::SwapWork) => &self.makeup,
            DayClass::Special(_) => &[],
            DayClass::Working | DayClass::WeeklyRest => self.on_weekday(date.weekday()),
        }
    }

    /// The intervals of a weekday that nothing changes.
    pub fn on_weekday(&self, weekday: Weekday) -> &[Interval] {
        &self.week[place(weekday)]
    }

    /// Open minutes in a week without special days.
    pub fn minutes_a_week(&self) -> i64 {
        self.week
            .iter()
            .flatten()
            .map(|interval| interval.minutes())
            .sum()
    }

    /// The latest closing of an ordinary week: the hour to print for a working day on which this
    /// desk does not open.
    pub(super) fn usual_closing(&self) -> Time {
        self.week
            .iter()
            .flatten()
            .map(|i| i.closes)
            .max()
            .unwrap_or(time(17, 0, 0, 0))
    }
}

impl Default for OpeningHours {
    /// Monday to Friday 07:00–11:30 and 13:30–17:00: eight hours.
    fn default() -> OpeningHours {
        let day = vec![
            Interval {
                opens: time(7, 0, 0, 0),
                closes: time(11, 30, 0, 0),
            },
            Interval {
                opens: time(13, 30, 0, 0),
                closes: time(17, 0, 0, 0),
            },
        ];
        let mut week: [Vec<Interval>; 7] = Default::default();
        week[..5].fill(day.clone());
        OpeningHours { week, makeup: day }
    }
}

fn place(weekday: Weekday) -> usize {
    usize::from(weekday.to_monday_zero_offset().unsigned_abs())
}

fn check_day(day: &[Interval]) -> Result<(), OpeningHoursError> {
    if day.len() > MAX_INTERVALS {
        return Err(OpeningHoursError::TooMany);
    }
    for interval in day {
        if interval.closes <= interval.opens {
            return Err(OpeningHoursError::Empty(interval.closes));
        }
        let ends = [interval.opens, interval.closes];
        if let Some(odd) = ends
            .into_iter()
            .find(|t| t.second() != 0 || t.subsec_nanosecond() != 0)
        {
            return Err(OpeningHoursError::NotAMinute(odd));
        }
    }
    match day.windows(2).find(|pair| pair[1].opens < pair[0].closes) {
        Some(pair) => Err(OpeningHoursError::Overlap(pair[1].opens)),
        None => Ok(()),
    }
}

/// The stored form, with names for the days. A day that is not mentioned is a day on which the desk
/// is closed.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct HoursFile {
    monday: Vec<Interval>,
    tuesday: Vec<Interval>,
    wednesday: Vec<Interval>,
    thursday: Vec<Interval>,
    friday: Vec<Interval>,
    saturday: Vec<Interval>,
    sunday: Vec<Interval>,
    makeup: Vec<Interval>,
}

impl TryFrom<HoursFile> for OpeningHours {
    type Error = OpeningHoursError;

    fn try_from(file: HoursFile) -> Result<OpeningHours, OpeningHoursError> {
        let HoursFile {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
            makeup,
        } = file;
        OpeningHours::new(
            [
                monday, tuesday, wednesday, thursday, friday, saturday, sunday,
            ],
            makeup,
        )
    }
}

impl From<OpeningHours> for HoursFile {
    fn from(hours: OpeningHours) -> HoursFile {
        let [
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        ] = hours.week;
        let makeup = hours.makeup;
        HoursFile {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
            makeup,
        }
    }
}
