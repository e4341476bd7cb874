//! Names of persons.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{REPLACEMENT, fold, tidy};

/// A name, as typed (case and marks untouched), in NFC, without blanks at the ends or doubled.
///
/// ```
/// use motcua_core::people::PersonName;
/// let name: PersonName = "NGUYỄN  Thị Ánh ".parse()?;
/// assert_eq!(name.as_str(), "NGUYỄN Thị Ánh");
/// assert_eq!(name.folded(), "nguyen thi anh");
/// assert_eq!(name.given(), "Ánh");
/// # Ok::<(), motcua_core::people::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// A text cannot be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("a name is not empty")]
    Empty,
    /// More than [`PersonName::MAX_CHARS`].
    #[error("a name has at most {} characters, not {found}", PersonName::MAX_CHARS)]
    TooLong {
        /// Characters found.
        found: usize,
    },
    /// No letter at all.
    #[error("a name has at least one letter")]
    NoLetter,
    /// A control character.
    #[error("a name holds no control character (character {})", at + 1)]
    Control {
        /// Index of the character.
        at: usize,
    },
    /// A place where a reader lost a letter.
    #[error("a letter was lost in reading (character {})", at + 1)]
    Garbled {
        /// Index of the character.
        at: usize,
    },
}

impl PersonName {
    /// Longest name kept, in characters.
    pub const MAX_CHARS: usize = 150;

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form to search by: lower case, without marks.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// How many letters (not blanks, hyphens, apostrophes) the name has.
    pub fn letter_count(&self) -> usize {
        self.0.chars().filter(|c| c.is_alphabetic()).count()
    }

    /// The last word: the given name in the Vietnamese order.
    pub fn given(&self) -> &str {
        self.0.rsplit(' ').next().unwrap_or(&self.0)
    }

    /// The first word: the family name in the Vietnamese order.
    pub fn family(&self) -> &str {
        self.0.split(' ').next().unwrap_or(&self.0)
    }
}

impl FromStr for PersonName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<PersonName, NameError> {
        let name = tidy(text);
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        let found = name.chars().count();
        if found > Self::MAX_CHARS {
            return Err(NameError::TooLong { found });
        }
        if let Some(at) = name.chars().position(|c| c == REPLACEMENT) {
            return Err(NameError::Garbled { at });
        }
        if let Some(at) = name.chars().position(char::is_control) {
            return Err(NameError::Control { at });
        }
        if !name.chars().any(char::is_alphabetic) {
            return Err(NameError::NoLetter);
        }
        Ok(PersonName(name))
    }
}

impl TryFrom<String> for PersonName {
    type Error = NameError;

    fn try_from(text: String) -> Result<PersonName, NameError> {
        text.parse()
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> String {
        name.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
