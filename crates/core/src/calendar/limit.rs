//! Time limits as the law states them: a number and a unit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The unit of a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// "ngày làm việc": days on which state bodies work.
    WorkingDay,
    /// "ngày": every day counts; the last one moves off a day of rest.
    Day,
    /// "giờ": opening hours, eight of which are a working day.
    Hour,
    /// "tuần": to the same day of the week.
    Week,
    /// "tháng": to the corresponding day, or the last day of a shorter month.
    Month,
}

impl LimitUnit {
    /// Every unit, in the order in which a person chooses among them.
    pub const ALL: [LimitUnit; 5] = [
        LimitUnit::WorkingDay,
        LimitUnit::Day,
        LimitUnit::Hour,
        LimitUnit::Week,
        LimitUnit::Month,
    ];

    /// The largest amount that can be a time limit of a procedure (about five years of it); more is
    /// a slip of the pen or of a parser.
    pub const fn max_amount(self) -> u32 {
        match self {
            LimitUnit::WorkingDay => MAX_LIMIT_WORKING_DAYS,
            LimitUnit::Day => MAX_LIMIT_DAYS,
            LimitUnit::Hour => MAX_LIMIT_HOURS,
            LimitUnit::Week => MAX_LIMIT_WEEKS,
            LimitUnit::Month => MAX_LIMIT_MONTHS,
        }
    }

    /// The Vietnamese word, as printed after a number.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            LimitUnit::WorkingDay => "ngày làm việc",
            LimitUnit::Day => "ngày",
            LimitUnit::Hour => "giờ",
            LimitUnit::Week => "tuần",
            LimitUnit::Month => "tháng",
        }
    }
}

/// Longest limit in working days.
pub(super) const MAX_LIMIT_WORKING_DAYS: u32 = 1_300;
/// Longest limit in days.
pub(super) const MAX_LIMIT_DAYS: u32 = 1_830;
/// Longest limit in opening hours.
pub(super) const MAX_LIMIT_HOURS: u32 = 2_000;
/// Longest limit in weeks.
pub(super) const MAX_LIMIT_WEEKS: u32 = 260;
/// Longest limit in months.
pub(super) const MAX_LIMIT_MONTHS: u32 = 60;

/// A number that cannot be a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Nothing is due after no time.
    #[error("a time limit is at least 1")]
    Zero,
    /// More than [`LimitUnit::max_amount`].
    #[error("a time limit in this unit is at most {max}, not {amount}")]
    TooLong {
        /// What was asked.
        amount: u32,
        /// The most that is accepted.
        max: u32,
    },
}

/// A time limit: at least one unit, at most [`LimitUnit::max_amount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "LimitParts", into = "LimitParts")]
pub struct TimeLimit {
    amount: u32,
    unit: LimitUnit,
}

impl TimeLimit {
    /// A limit of so many units.
    ///
    /// # Errors
    /// When the amount is 0 or beyond what a procedure can take.
    pub const fn new(amount: u32, unit: LimitUnit) -> Result<TimeLimit, LimitError> {
        let max = unit.max_amount();
        match amount {
            0 => Err(LimitError::Zero),
            amount if amount > max => Err(LimitError::TooLong { amount, max }),
            amount => Ok(TimeLimit { amount, unit }),
        }
    }

    /// How many units.
    pub const fn amount(self) -> u32 {
        self.amount
    }

    /// The unit.
    pub const fn unit(self) -> LimitUnit {
        self.unit
    }
}

impl fmt::Display for TimeLimit {
    /// As Vietnamese papers print it: small numbers with a leading zero, "03 ngày làm việc".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02} {}", self.amount, self.unit.vietnamese())
    }
}

#[derive(Serialize, Deserialize)]
struct LimitParts {
    amount: u32,
    unit: LimitUnit,
}

impl TryFrom<LimitParts> for TimeLimit {
    type Error = LimitError;

    fn try_from(parts: LimitParts) -> Result<TimeLimit, LimitError> {
        TimeLimit::new(parts.amount, parts.unit)
    }
}

impl From<TimeLimit> for LimitParts {
    fn from(limit: TimeLimit) -> LimitParts {
        LimitParts {
            amount: limit.amount,
            unit: limit.unit,
        }
    }
}
