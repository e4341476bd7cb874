//! What was wrong with a code, and where.

use std::fmt;

/// A code could not be read. The place counts characters (not bytes) from 0, so that a screen can
/// put its mark under the right letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{expected} expected at character {}, found {}", at + 1, Found(*found))]
pub struct CodeError {
    /// Index of the character at which reading stopped; the length of the text when it ended early.
    pub at: usize,
    /// What should have stood there.
    pub expected: Expected,
    /// What stood there; `None` at the end of the text.
    pub found: Option<char>,
}

/// What a place in a code requires. [`Expected::code`] is stable and names the sentence that
/// people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// The code of a ministry or province: a letter A–Y.
    LevelOneLetter,
    /// A digit.
    Digit,
    /// A digit or a capital letter without marks.
    DigitOrCapital,
    /// A full stop between groups.
    Dot,
    /// A hyphen between unit, day and number.
    Hyphen,
    /// Six digits of a day that exists (`YYMMDD`).
    RealDate,
    /// A number from 1 upwards.
    SequenceFromOne,
    /// Nothing more: the code was complete.
    End,
    /// At most [`super::OrgCode::MAX_CHARS`] characters.
    ShorterOrgCode,
    /// The mark of a result, `-KQ(`.
    ResultMark,
    /// The bracket after a result's number.
    ClosingBracket,
}

impl Expected {
    /// Stable identifier for catalogues of messages and for scripts.
    pub fn code(self) -> &'static str {
        match self {
            Expected::LevelOneLetter => "level_one_letter",
            Expected::Digit => "digit",
            Expected::DigitOrCapital => "digit_or_capital",
            Expected::Dot => "dot",
            Expected::Hyphen => "hyphen",
            Expected::RealDate => "real_date",
            Expected::SequenceFromOne => "sequence_from_one",
            Expected::End => "end",
            Expected::ShorterOrgCode => "shorter_org_code",
            Expected::ResultMark => "result_mark",
            Expected::ClosingBracket => "closing_bracket",
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::LevelOneLetter => "a letter from A to Y",
            Expected::Digit => "a digit",
            Expected::DigitOrCapital => "a digit or a capital letter",
            Expected::Dot => "'.'",
            Expected::Hyphen => "'-'",
            Expected::RealDate => "a real date as YYMMDD",
            Expected::SequenceFromOne => "a number from 1 upwards",
            Expected::End => "the end of the code",
            Expected::ShorterOrgCode => "an organisation code of at most 35 characters",
            Expected::ResultMark => "'-KQ('",
            Expected::ClosingBracket => "')'",
        })
    }
}

struct Found(Option<char>);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(c) => write!(f, "{c:?}"),
            None => f.write_str("the end"),
        }
    }
}
