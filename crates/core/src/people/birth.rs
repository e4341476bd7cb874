//! Dates of birth. Older papers know only the month or the year, so the precision is part of the
//! value.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The earliest year of birth that is taken for one.
const FIRST_YEAR: i16 = 1850;
const LAST_YEAR: i16 = 2199;

/// A date of birth, as precisely as it is known. Stored as `1990`, `1990-02` or `1990-02-01`.
///
/// ```
/// use motcua_core::people::BirthDate;
/// assert_eq!("01021990".parse(), "1/2/1990".parse::<BirthDate>());
/// assert_eq!("02/1990".parse::<BirthDate>()?.to_string(), "02/1990");
/// # Ok::<(), motcua_core::people::BirthDateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BirthDate {
    /// Only the year.
    Year(i16),
    /// Year and month (1–12).
    Month(i16, i8),
    /// The full date.
    Day(Date),
}

/// A text is not a date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthDateError {
    /// Neither day, month and year, nor month and year, nor a year.
    #[error("not a date of birth: dd/mm/yyyy, mm/yyyy or yyyy")]
    Form,
    /// `1/2/90` may be 1890, 1990 or 2090: people must say which.
    #[error("the year needs four digits")]
    TwoDigitYear,
    /// The 31st of February.
    #[error("no such day")]
    NoSuchDay,
    /// Before 1850 or after 2199.
    #[error("the year {0} cannot be a year of birth")]
    Year(i16),
}

impl BirthDate {
    /// The year of birth.
    pub fn year(self) -> i16 {
        match self {
            BirthDate::Year(year) | BirthDate::Month(year, _) => year,
            BirthDate::Day(date) => date.year(),
        }
    }

    /// The full date, when it is known.
    pub fn day(self) -> Option<Date> {
        match self {
            BirthDate::Day(date) => Some(date),
            BirthDate::Year(_) | BirthDate::Month(..) => None,
        }
    }

    /// Whether a person with this date of birth can exist on a given day.
    pub fn is_on_or_before(self, day: Date) -> bool {
        match self {
            BirthDate::Year(year) => year <= day.year(),
            BirthDate::Month(year, month) => (year, month) <= (day.year(), day.month()),
            BirthDate::Day(date) => date <= day,
        }
    }

    /// The stored form: `1990`, `1990-02`, `1990-02-01`.
    pub fn iso(self) -> String {
        match self {
            BirthDate::Year(year) => format!("{year:04}"),
            BirthDate::Month(year, month) => format!("{year:04}-{month:02}"),
            BirthDate::Day(date) => date.to_string(),
        }
    }

    /// From parts; 0 for a day or month means unknown, as on some cards.
    fn from_parts(day: i8, month: i8, year: i16) -> Result<BirthDate, BirthDateError> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(BirthDateError::Year(year));
        }
        match (day, month) {
            (0, 0) => Ok(BirthDate::Year(year)),
            (0, 1..=12) => Ok(BirthDate::Month(year, month)),
            _ => Date::new(year, month, day)
                .map(BirthDate::Day)
                .map_err(|_| BirthDateError::NoSuchDay),
        }
    }
}

impl FromStr for BirthDate {
    type Err = BirthDateError;

    /// `dd/mm/yyyy` (also with `-`, `.` or blanks), `ddmmyyyy`, `mm/yyyy`, `yyyy`, and the stored
    /// forms.
    fn from_str(text: &str) -> Result<BirthDate, BirthDateError> {
        let text = text.trim();
        if text.len() > "yyyy - mm - dd".len() {
            return Err(BirthDateError::Form);
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return from_digits(text);
        }
        let separators: [char; 4] = ['/', '-', '.', ' '];
        let parts: Vec<&str> = text
            .split(separators)
            .filter(|part| !part.is_empty())
            .collect();
        match parts.as_slice() {
            [year, month, day] if year.len() == 4 => join(day, month, year),
            [day, month, year] => join(day, month, year),
            [year, month] if year.len() == 4 => join("0", month, year),
            [month, year] => join("0", month, year),
            _ => Err(BirthDateError::Form),
        }
    }
}

fn from_digits(text: &str) -> Result<BirthDate, BirthDateError> {
    match text.len() {
        8 => join(&text[0..2], &text[2..4], &text[4..8]),
        4 => join("0", "0", text),
        6 => Err(BirthDateError::TwoDigitYear),
        _ => Err(BirthDateError::Form),
    }
}

fn join(day: &str, month: &str, year: &str) -> Result<BirthDate, BirthDateError> {
    match year.len() {
        4 => BirthDate::from_parts(small(day)?, small(month)?, number(year)?),
        2 => Err(BirthDateError::TwoDigitYear),
        _ => Err(BirthDateError::Form),
    }
}

fn small(text: &str) -> Result<i8, BirthDateError> {
    if text.len() > 2 {
        Err(BirthDateError::Form)
    } else {
        number(text)
    }
}

fn number<N: FromStr>(text: &str) -> Result<N, BirthDateError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or(BirthDateError::Form)
}

impl fmt::Display for BirthDate {
    /// As printed: `01/02/1990`, `02/1990`, `1990`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BirthDate::Year(year) => write!(f, "{year:04}"),
            BirthDate::Month(year, month) => write!(f, "{month:02}/{year:04}"),
            BirthDate::Day(d) => write!(f, "{:02}/{:02}/{:04}", d.day(), d.month(), d.year()),
        }
    }
}

impl TryFrom<String> for BirthDate {
    type Error = BirthDateError;

    fn try_from(text: String) -> Result<BirthDate, BirthDateError> {
        text.parse()
    }
}

impl From<BirthDate> for String {
    fn from(birth: BirthDate) -> String {
        birth.iso()
    }
}
