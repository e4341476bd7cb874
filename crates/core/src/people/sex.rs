//! Sex as the civil register records it. Other systems code it in three different ways; those codes
//! are mapped where those systems are spoken to, not here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::fold;

/// Sex as printed on Vietnamese papers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
    /// Khác, or not recorded.
    Other,
}

impl Sex {
    /// The Vietnamese word.
    pub const fn vietnamese(self) -> &'static str {
        match self {
            Sex::Male => "Nam",
            Sex::Female => "Nữ",
            Sex::Other => "Khác",
        }
    }

    /// Reads the Vietnamese word, with or without marks, in any case.
    pub fn parse(text: &str) -> Option<Sex> {
        match fold(text).as_str() {
            "nam" => Some(Sex::Male),
            "nu" => Some(Sex::Female),
            "khac" => Some(Sex::Other),
            _ => None,
        }
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.vietnamese())
    }
}
