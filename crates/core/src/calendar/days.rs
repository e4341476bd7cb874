//! The calendar: which days state bodies work, as data with a version and a legal basis.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// Most special days one calendar may list.
pub const MAX_CALENDAR_DAYS: usize = 4_000;

/// What makes a date different from its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayKind {
    /// A public holiday (Labour Code Đ112).
    Holiday,
    /// A day off in place of a holiday that fell on weekly rest (Đ111.3).
    CompensatoryOff,
    /// A working day exchanged for a day of rest elsewhere.
    SwapOff,
    /// A day of rest worked in exchange.
    SwapWork,
}

/// One date that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// The date.
    pub date: Date,
    /// In what way it differs.
    pub kind: DayKind,
    /// Vietnamese name, as a receipt explains it.
    pub name: String,
    /// The text that decided it.
    pub legal_basis: String,
}

/// A holiday on the same solar date every year. It holds also in years for which the yearly
/// decision (Tết, swaps) is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedHoliday {
    /// Month, 1–12.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
    /// First year in which it is a holiday.
    pub from_year: i16,
    /// Vietnamese name.
    pub name: String,
    /// The text that decided it.
    pub legal_basis: String,
}

/// How a date counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayClass {
    /// An ordinary working day.
    Working,
    /// Weekly rest.
    WeeklyRest,
    /// A special day of this kind.
    Special(DayKind),
}

/// What the calendar says of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayInfo<'a> {
    /// How the date counts.
    pub class: DayClass,
    /// Name of the special day, or an empty text.
    pub name: &'a str,
    /// Its legal basis, or an empty text.
    pub legal_basis: &'a str,
}

impl DayInfo<'_> {
    /// Whether the day is a working day. `makeup_counts`: whether a day of rest that is worked in
    /// exchange (a make-up Saturday) is one.
    pub fn is_working(&self, makeup_counts: bool) -> bool {
        match self.class {
            DayClass::Working => true,
            DayClass::Special(DayKind::SwapWork) => makeup_counts,
            DayClass::WeeklyRest | DayClass::Special(_) => false,
        }
    }
}

/// A calendar cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Not the JSON of a calendar.
    #[error("not a calendar: {0}")]
    Json(#[from] serde_json::Error),
    /// The last covered day lies before the first.
    #[error("the calendar ends ({to}) before it begins ({from})")]
    Backwards {
        /// First covered day.
        from: Date,
        /// Last covered day.
        to: Date,
    },
    /// A special day outside the covered span.
    #[error("{0} lies outside the span that the calendar covers")]
    OutsideSpan(Date),
    /// One date listed twice.
    #[error("{0} is listed twice")]
    Twice(Date),
    /// A make-up day that is a working day anyway.
    #[error("{0} is to be worked in exchange, but is a working day already")]
    MakeupOnWorkingDay(Date),
    /// A fixed holiday on a day that never exists.
    #[error("no year has a day {day}/{month}")]
    NoSuchDay {
        /// Month as given.
        month: i8,
        /// Day as given.
        day: i8,
    },
    /// Every weekday is a day of rest.
    #[error("no weekday is left for work")]
    NoWork,
    /// More than [`MAX_CALENDAR_DAYS`] special days.
    #[error("a calendar lists at most {MAX_CALENDAR_DAYS} special days")]
    TooMany,
}

/// Weekly rest and special days over a span of years. Immutable; a changed calendar is another
/// value with another version, and a dossier keeps the version that made its due date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarFile", into = "CalendarFile")]
pub struct Calendar {
    version: String,
    from: Date,
    to: Date,
    weekly_rest: Vec<RestDay>,
    fixed: Vec<FixedHoliday>,
    days: BTreeMap<Date, SpecialDay>,
}

impl Calendar {
    /// Reads a calendar from its JSON form (see `data/README.md`).
    ///
    /// # Errors
    /// When it is not JSON of that form or contradicts itself.
    pub fn from_json(text: &str) -> Result<Calendar, CalendarError> {
        serde_json::from_str::<CalendarFile>(text)?.try_into()
    }

    /// Name of this edition of the calendar.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// First and last day for which holidays and swaps have been decided.
    pub fn span(&self) -> (Date, Date) {
        (self.from, self.to)
    }

    /// Whether holidays and swaps of this date have been decided.
    pub fn covers(&self, date: Date) -> bool {
        (self.from..=self.to).contains(&date)
    }

    /// Special days in order of date.
    pub fn special_days(&self) -> impl Iterator<Item = &SpecialDay> {
        self.days.values()
    }

    /// What this date is.
    pub fn day(&self, date: Date) -> DayInfo<'_> {
        if let Some(special) = self.days.get(&date) {
            return DayInfo {
                class: DayClass::Special(special.kind),
                name: &special.name,
                legal_basis: &special.legal_basis,
            };
        }
        if let Some(fixed) = self.fixed_holiday(date) {
            return DayInfo {
                class: DayClass::Special(DayKind::Holiday),
                name: &fixed.name,
                legal_basis: &fixed.legal_basis,
            };
        }
        let rests = self.rests_weekly(date);
        let class = if rests {
            DayClass::WeeklyRest
        } else {
            DayClass::Working
        };
        DayInfo {
            class,
            name: "",
            legal_basis: "",
        }
    }

    /// Whether this date is a working day; see [`DayInfo::is_working`].
    pub fn is_working(&self, date: Date, makeup_counts: bool) -> bool {
        self.day(date).is_working(makeup_counts)
    }

    /// Working days after `from` up to and including `to`; negative when `to` lies before `from`.
    /// This is what "còn 2 ngày làm việc" and "quá hạn 3 ngày làm việc" count.
    pub fn working_days_between(&self, from: Date, to: Date, makeup_counts: bool) -> i64 {
        let (first, last, sign) = if from <= to {
            (from, to, 1)
        } else {
            (to, from, -1)
        };
        let mut count = 0;
        let mut date = first;
        while date < last {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            count += i64::from(self.is_working(date, makeup_counts));
        }
        sign * count
    }

    /// Within the covered span the list of days is complete, so fixed dates add nothing there.
    fn fixed_holiday(&self, date: Date) -> Option<&FixedHoliday> {
        let same = |f: &&FixedHoliday| {
            f.month == date.month() && f.day == date.day() && f.from_year <= date.year()
        };
        if self.covers(date) {
            None
        } else {
            self.fixed.iter().find(same)
        }
    }

    fn rests_weekly(&self, date: Date) -> bool {
        self.weekly_rest
            .iter()
            .any(|rest| rest.weekday() == date.weekday())
    }

    fn check(&self) -> Result<(), CalendarError> {
        if self.to < self.from {
            return Err(CalendarError::Backwards {
                from: self.from,
                to: self.to,
            });
        }
        if RestDay::ALL
            .iter()
            .all(|day| self.weekly_rest.contains(day))
        {
            return Err(CalendarError::NoWork);
        }
        for day in self.days.values() {
            if !self.covers(day.date) {
                return Err(CalendarError::OutsideSpan(day.date));
            }
            if day.kind == DayKind::SwapWork && !self.rests_weekly(day.date) {
                return Err(CalendarError::MakeupOnWorkingDay(day.date));
            }
        }
        const A_LEAP_YEAR: i16 = 2024;
        match self
            .fixed
            .iter()
            .find(|f| Date::new(A_LEAP_YEAR, f.month, f.day).is_err())
        {
            Some(f) => Err(CalendarError::NoSuchDay {
                month: f.month,
                day: f.day,
            }),
            None => Ok(()),
        }
    }
}

/// The JSON form of a calendar.
#[derive(Serialize, Deserialize)]
struct CalendarFile {
    version: String,
    from: Date,
    to: Date,
    weekly_rest: Vec<RestDay>,
    #[serde(default)]
    fixed: Vec<FixedHoliday>,
    days: Vec<SpecialDay>,
}

impl TryFrom<CalendarFile> for Calendar {
    type Error = CalendarError;

    fn try_from(file: CalendarFile) -> Result<Calendar, CalendarError> {
        if file.days.len() > MAX_CALENDAR_DAYS {
            return Err(CalendarError::TooMany);
        }
        let mut days = BTreeMap::new();
        for day in file.days {
            let date = day.date;
            if days.insert(date, day).is_some() {
                return Err(CalendarError::Twice(date));
            }
        }
        let CalendarFile {
            version,
            from,
            to,
            weekly_rest,
            fixed,
            ..
        } = file;
        let calendar = Calendar {
            version,
            from,
            to,
            weekly_rest,
            fixed,
            days,
        };
        calendar.check()?;
        Ok(calendar)
    }
}

impl From<Calendar> for CalendarFile {
    fn from(calendar: Calendar) -> CalendarFile {
        let Calendar {
            version,
            from,
            to,
            weekly_rest,
            fixed,
            days,
        } = calendar;
        CalendarFile {
            version,
            from,
            to,
            weekly_rest,
            fixed,
            days: days.into_values().collect(),
        }
    }
}

/// A weekday of rest, as the JSON names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RestDay {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl RestDay {
    const ALL: [RestDay; 7] = [
        RestDay::Monday,
        RestDay::Tuesday,
        RestDay::Wednesday,
        RestDay::Thursday,
        RestDay::Friday,
        RestDay::Saturday,
        RestDay::Sunday,
    ];

    fn weekday(self) -> Weekday {
        match self {
            RestDay::Monday => Weekday::Monday,
            RestDay::Tuesday => Weekday::Tuesday,
            RestDay::Wednesday => Weekday::Wednesday,
            RestDay::Thursday => Weekday::Thursday,
            RestDay::Friday => Weekday::Friday,
            RestDay::Saturday => Weekday::Saturday,
            RestDay::Sunday => Weekday::Sunday,
        }
    }
}
