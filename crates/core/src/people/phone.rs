//! Phone numbers of citizens.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A Vietnamese phone number in national form, digits only: mobile numbers have 10 digits, fixed
/// lines 11 with the area code. Masked in `Debug`; `Display` prints it, as papers must.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// A text is not a Vietnamese phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Something other than digits, blanks, dots, hyphens, brackets and a leading plus.
    #[error("not a digit (character {})", at + 1)]
    NotADigit {
        /// Index of the character.
        at: usize,
    },
    /// Not the length of a mobile number or a fixed line.
    #[error("a phone number has 10 or 11 digits, not {found}")]
    Length {
        /// Digits found, in national form.
        found: usize,
    },
    /// No operator or area has such a number.
    #[error("no Vietnamese number begins like this")]
    Prefix,
}

impl Phone {
    /// The digits in national form, beginning with 0.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Phone, PhoneError> {
        let text = text.trim();
        let mut digits = String::new();
        for (at, c) in text.chars().enumerate() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if at == 0 => {}
                ' ' | '.' | '-' | '(' | ')' | '\u{A0}' => {}
                _ => return Err(PhoneError::NotADigit { at }),
            }
        }
        let national = match digits.strip_prefix("84") {
            Some(rest) if digits.len() >= 11 => format!("0{rest}"),
            _ => digits,
        };
        let second = national.as_bytes().get(1).copied();
        match (national.len(), second) {
            (10, Some(b'3' | b'5' | b'7' | b'8' | b'9')) | (11, Some(b'2'))
                if national.starts_with('0') =>
            {
                Ok(Phone(national))
            }
            (10 | 11, _) => Err(PhoneError::Prefix),
            (found, _) => Err(PhoneError::Length { found }),
        }
    }
}

impl fmt::Display for Phone {
    /// In groups, as people read it aloud: `0912 345 678`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = self.0.split_at(4);
        let (middle, end) = tail.split_at(3);
        write!(f, "{head} {middle} {end}")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len() - 3;
        write!(f, "Phone(…{})", &self.0[shown..])
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Phone, PhoneError> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}
