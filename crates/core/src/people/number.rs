//! The personal number of 12 digits, and the number of the identity card before it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::places::province;
use super::sex::Sex;

/// Personal identification number (số định danh cá nhân, Law on Identity 26/2023/QH15 Đ12): 12
/// digits. Three say where the birth was registered, one the century and the sex, two the year;
/// six are random. There is no check digit.
///
/// ```
/// use motcua_core::people::{PersonalNumber, Sex};
/// let number: PersonalNumber = "038090012345".parse()?;
/// assert_eq!(number.to_string(), "0380****2345");
/// assert_eq!((number.sex(), number.birth_year()), (Sex::Male, 1990));
/// # Ok::<(), motcua_core::people::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalNumber(String);

/// A text is not a personal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not 12 characters.
    #[error("a personal number has 12 digits, not {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// Something other than a digit.
    #[error("not a digit (character {})", at + 1)]
    NotADigit {
        /// Index of the character.
        at: usize,
    },
    /// Nine digits: the number of an old identity card, which is not a personal number.
    #[error("nine digits are the number of an old identity card (CMND), not a personal number")]
    OldCard,
}

/// A well-formed number that does not fit the person. To be shown, never to block: sex and year can
/// have been corrected in the register after the number was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberWarning {
    /// No province had this code.
    UnknownPlace,
    /// The fourth digit says another sex.
    SexDiffers,
    /// The digits of the century and the year say another year of birth.
    YearDiffers,
}

/// Where the first three digits say that the birth was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationPlace {
    /// A province, by its name before July 2025.
    Province(&'static str),
    /// A code above those of provinces: registered abroad.
    Abroad,
    /// No such code.
    Unknown,
}

impl PersonalNumber {
    /// Digits in a personal number.
    pub const DIGITS: usize = 12;

    /// The whole number. The one way to get it; everything else masks it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `0380****2345`.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// Where the birth was registered.
    pub fn registered_in(&self) -> RegistrationPlace {
        const FIRST_FOREIGN_CODE: u32 = 100;
        let code = self.digits(0, 3);
        match u16::try_from(code).ok().and_then(province) {
            Some(name) => RegistrationPlace::Province(name),
            None if code >= FIRST_FOREIGN_CODE => RegistrationPlace::Abroad,
            None => RegistrationPlace::Unknown,
        }
    }

    /// The sex recorded when the number was given. Even digits are male.
    pub fn sex(&self) -> Sex {
        if self.digits(3, 4).is_multiple_of(2) {
            Sex::Male
        } else {
            Sex::Female
        }
    }

    /// The year of birth recorded when the number was given. Digits 0 and 1 are the 20th century,
    /// 2 and 3 the 21st, up to 8 and 9.
    pub fn birth_year(&self) -> i16 {
        let centuries = self.digits(3, 4) / 2;
        let year = 1900 + 100 * centuries + self.digits(4, 6);
        i16::try_from(year).unwrap_or(i16::MAX)
    }

    /// Everything about this number that does not fit what else is known. Facts that are not known
    /// are not compared.
    pub fn warnings_against(
        &self,
        sex: Option<Sex>,
        birth_year: Option<i16>,
    ) -> Vec<NumberWarning> {
        let sex_differs = matches!(sex, Some(Sex::Male | Sex::Female)) && sex != Some(self.sex());
        [
            (
                self.registered_in() == RegistrationPlace::Unknown,
                NumberWarning::UnknownPlace,
            ),
            (sex_differs, NumberWarning::SexDiffers),
            (
                birth_year.is_some_and(|year| year != self.birth_year()),
                NumberWarning::YearDiffers,
            ),
        ]
        .into_iter()
        .filter_map(|(applies, warning)| applies.then_some(warning))
        .collect()
    }

    fn digits(&self, from: usize, to: usize) -> u32 {
        self.0[from..to]
            .bytes()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }
}

impl FromStr for PersonalNumber {
    type Err = NumberError;

    /// Blanks, dots and hyphens between the digits are dropped: people write numbers in groups.
    fn from_str(text: &str) -> Result<PersonalNumber, NumberError> {
        let digits = ungrouped(text);
        if let Some(at) = digits.chars().position(|c| !c.is_ascii_digit()) {
            return Err(NumberError::NotADigit { at });
        }
        match digits.len() {
            Self::DIGITS => Ok(PersonalNumber(digits)),
            OldId::NINE => Err(NumberError::OldCard),
            found => Err(NumberError::Length { found }),
        }
    }
}

/// Number of an old identity card (CMND): 9 digits, or 12 on the cards of 2012–2016. Accepted only
/// as a reference; the cards themselves are invalid (see [`OldId::remark`]).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OldId(String);

/// A text is not the number of an old card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OldIdError {
    /// Neither 9 nor 12 digits.
    #[error("an old identity card (CMND) has 9 or 12 digits")]
    Form,
}

/// What a clerk is told about an old number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OldIdRemark {
    /// CMND are invalid since the end of 31/12/2024 (Law 26/2023/QH15 Đ46.2); papers that quote
    /// their numbers stay valid (Đ46.3).
    InvalidSince2025,
}

impl OldId {
    const NINE: usize = 9;

    /// The whole number. The one way to get it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `******789`, for screens and logs.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// What to tell the clerk.
    pub fn remark(&self) -> OldIdRemark {
        OldIdRemark::InvalidSince2025
    }
}

impl FromStr for OldId {
    type Err = OldIdError;

    fn from_str(text: &str) -> Result<OldId, OldIdError> {
        let digits = ungrouped(text);
        let well_formed = matches!(digits.len(), OldId::NINE | PersonalNumber::DIGITS)
            && digits.bytes().all(|b| b.is_ascii_digit());
        if well_formed {
            Ok(OldId(digits))
        } else {
            Err(OldIdError::Form)
        }
    }
}

fn ungrouped(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{A0}'))
        .collect()
}

/// Four digits at each end of a personal number; of an old number only the last three, because
/// nine digits hide little.
fn mask(digits: &str) -> String {
    match digits.len() {
        PersonalNumber::DIGITS => format!("{}****{}", &digits[..4], &digits[8..]),
        length => format!("******{}", &digits[length.saturating_sub(3)..]),
    }
}

macro_rules! masked_text {
    ($name:ident, $error:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.masked())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.masked())
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<$name, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(number: $name) -> String {
                number.0
            }
        }
    };
}

masked_text!(PersonalNumber, NumberError);
masked_text!(OldId, OldIdError);
