//! The dossier code, its daily number, and the code of a result.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::{CodeError, Expected};
use super::org::{OrgCode, UnitCode};
use super::scan::Scan;

/// First year of the century that a two-digit year in a code stands for.
const CENTURY: i16 = 2000;
const MIN_DIGITS: usize = 4;
const MAX_DIGITS: usize = 5;

/// The number of a dossier among those its unit received on one day: 1 to 99,999.
///
/// Issued with four digits, five from 10,000. Codes of other systems that always print five digits
/// (`00042`) are kept as they are: they are another spelling, hence another code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DailySequence {
    number: u32,
    digits: usize,
}

impl DailySequence {
    /// The largest number a day can hold.
    pub const MAX: u32 = 99_999;

    /// The sequence with this number, in the usual spelling. `None` for 0 and above [`Self::MAX`].
    pub fn new(number: u32) -> Option<DailySequence> {
        const FIRST_OF_FIVE_DIGITS: u32 = 10_000;
        let digits = if number < FIRST_OF_FIVE_DIGITS {
            MIN_DIGITS
        } else {
            MAX_DIGITS
        };
        (1..=Self::MAX)
            .contains(&number)
            .then_some(DailySequence { number, digits })
    }

    /// The number itself.
    pub fn number(self) -> u32 {
        self.number
    }

    fn scan(scan: &mut Scan) -> Result<DailySequence, CodeError> {
        let from = scan.at();
        let mut text = scan.digits(MIN_DIGITS)?;
        if scan.peek().is_some_and(|c| c.is_ascii_digit()) {
            text.push_str(&scan.digits(MAX_DIGITS - MIN_DIGITS)?);
        }
        match text.parse::<u32>() {
            Ok(number) if number > 0 => Ok(DailySequence {
                number,
                digits: text.len(),
            }),
            _ => Err(scan.error_at(from, Expected::SequenceFromOne)),
        }
    }
}

impl fmt::Display for DailySequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.number, width = self.digits)
    }
}

/// Code of a dossier: unit, day of reception, number of the day (TT 01/2018/TT-VPCP Đ19).
///
/// ```
/// use motcua_core::code::DossierCode;
/// let code: DossierCode = "H56.6.17-261123-0042".parse()?;
/// assert_eq!(code.received_on(), jiff::civil::date(2026, 11, 23));
/// assert_eq!(code.sequence().number(), 42);
/// assert_eq!(code.to_string(), "H56.6.17-261123-0042");
/// # Ok::<(), motcua_core::code::CodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DossierCode {
    unit: UnitCode,
    received_on: Date,
    sequence: DailySequence,
}

impl DossierCode {
    /// A code to be issued now, in the form in force. `None` outside the years 2000–2099, which two
    /// digits cannot say.
    pub fn issue(unit: OrgCode, received_on: Date, sequence: DailySequence) -> Option<DossierCode> {
        let sayable = (CENTURY..CENTURY + 100).contains(&received_on.year());
        sayable.then_some(DossierCode {
            unit: UnitCode::Current(unit),
            received_on,
            sequence,
        })
    }

    /// The unit that received the dossier.
    pub fn unit(&self) -> &UnitCode {
        &self.unit
    }

    /// The day of reception.
    pub fn received_on(&self) -> Date {
        self.received_on
    }

    /// The number of the day.
    pub fn sequence(&self) -> DailySequence {
        self.sequence
    }

    /// Unit, day and number apart, for screens that give them different weight.
    pub fn grouped(&self) -> [String; 3] {
        [
            self.unit.to_string(),
            day_digits(self.received_on),
            self.sequence.to_string(),
        ]
    }

    /// Reads what a person typed or pasted: blanks dropped, small letters raised, long dashes taken
    /// for hyphens; then exactly as strict as parsing. Places in errors count the cleaned text.
    pub fn from_typed(text: &str) -> Result<DossierCode, CodeError> {
        let cleaned: String = text.chars().filter_map(clean).collect();
        cleaned.parse()
    }

    fn scan(scan: &mut Scan) -> Result<DossierCode, CodeError> {
        let unit = UnitCode::scan(scan)?;
        scan.take(Expected::Hyphen, |c| c == '-')?;
        let received_on = scan_day(scan)?;
        scan.take(Expected::Hyphen, |c| c == '-')?;
        let sequence = DailySequence::scan(scan)?;
        Ok(DossierCode {
            unit,
            received_on,
            sequence,
        })
    }
}

/// Code of a result: its dossier's code and `-KQ(n)`, n from 1 (NĐ 45/2020/NĐ-CP Đ14.3d).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResultCode {
    dossier: DossierCode,
    number: u16,
}

impl ResultCode {
    /// The code of the n-th result of a dossier. `None` for 0.
    pub fn new(dossier: DossierCode, number: u16) -> Option<ResultCode> {
        (number > 0).then_some(ResultCode { dossier, number })
    }

    /// The dossier.
    pub fn dossier(&self) -> &DossierCode {
        &self.dossier
    }

    /// Which result of the dossier, from 1.
    pub fn number(&self) -> u16 {
        self.number
    }
}

fn scan_day(scan: &mut Scan) -> Result<Date, CodeError> {
    let from = scan.at();
    let digits = scan.digits(6)?;
    parse_day(&digits).ok_or_else(|| scan.error_at(from, Expected::RealDate))
}

fn parse_day(digits: &str) -> Option<Date> {
    let year: i16 = digits.get(0..2)?.parse().ok()?;
    let month: i8 = digits.get(2..4)?.parse().ok()?;
    let day: i8 = digits.get(4..6)?.parse().ok()?;
    Date::new(CENTURY + year, month, day).ok()
}

fn day_digits(day: Date) -> String {
    format!("{:02}{:02}{:02}", day.year() % 100, day.month(), day.day())
}

fn clean(c: char) -> Option<char> {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' => None,
        c if c.is_whitespace() => None,
        c => Some(c.to_ascii_uppercase()),
    }
}

impl FromStr for DossierCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<DossierCode, CodeError> {
        let mut scan = Scan::new(text);
        let code = DossierCode::scan(&mut scan)?;
        scan.end()?;
        Ok(code)
    }
}

impl FromStr for ResultCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<ResultCode, CodeError> {
        let mut scan = Scan::new(text);
        let dossier = DossierCode::scan(&mut scan)?;
        scan.literal("-KQ(", Expected::ResultMark)?;
        let from = scan.at();
        let mut digits = scan.digits(1)?;
        while scan.peek().is_some_and(|c| c.is_ascii_digit()) {
            digits.push_str(&scan.digits(1)?);
        }
        let number = digits.parse().ok().filter(|_| !digits.starts_with('0'));
        let number = number.ok_or_else(|| scan.error_at(from, Expected::SequenceFromOne))?;
        scan.take(Expected::ClosingBracket, |c| c == ')')?;
        scan.end()?;
        Ok(ResultCode { dossier, number })
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}-{}",
            self.unit,
            day_digits(self.received_on),
            self.sequence
        )
    }
}

impl fmt::Display for ResultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-KQ({})", self.dossier, self.number)
    }
}

impl TryFrom<String> for DossierCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<DossierCode, CodeError> {
        text.parse()
    }
}

impl From<DossierCode> for String {
    fn from(code: DossierCode) -> String {
        code.to_string()
    }
}

impl TryFrom<String> for ResultCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<ResultCode, CodeError> {
        text.parse()
    }
}

impl From<ResultCode> for String {
    fn from(code: ResultCode) -> String {
        code.to_string()
    }
}
