//! Codes of organisations: the left-to-right form in force and the right-to-left form before it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::{CodeError, Expected};
use super::scan::Scan;

/// Code of a state body: groups from the highest level to the lowest, joined by full stops, such
/// as `H56.6.17`. QĐ 20/2020/QĐ-TTg Đ4: at most 35 characters of `[0-9A-Z.]`, first the ministry's
/// or province's code, a letter A–Y and two digits.
///
/// ```
/// use motcua_core::code::OrgCode;
/// let commune: OrgCode = "H56.6.17".parse()?;
/// assert_eq!(commune.level_one(), "H56");
/// assert_eq!(commune.parent().map(|p| p.to_string()), Some("H56.6".to_owned()));
/// # Ok::<(), motcua_core::code::CodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgCode(String);

impl OrgCode {
    /// Longest permitted code, in characters.
    pub const MAX_CHARS: usize = 35;
    const LEVEL_ONE_CHARS: usize = 3;

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ministry's or province's group, such as `H56`.
    pub fn level_one(&self) -> &str {
        &self.0[..Self::LEVEL_ONE_CHARS]
    }

    /// All groups, highest level first.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }

    /// The body one level up; `None` for a ministry or province.
    pub fn parent(&self) -> Option<OrgCode> {
        self.0
            .rsplit_once('.')
            .map(|(parent, _)| OrgCode(parent.to_owned()))
    }

    /// Whether the other body belongs to this one (or is it).
    pub fn contains(&self, other: &OrgCode) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    pub(super) fn scan(scan: &mut Scan) -> Result<OrgCode, CodeError> {
        let from = scan.at();
        level_one(scan)?;
        while scan.peek() == Some('.') {
            scan.take(Expected::Dot, |c| c == '.')?;
            scan.take(Expected::DigitOrCapital, digit_or_capital)?;
            while scan.peek().is_some_and(digit_or_capital) {
                scan.take(Expected::DigitOrCapital, digit_or_capital)?;
            }
        }
        if scan.at() - from > Self::MAX_CHARS {
            return Err(scan.error_at(from + Self::MAX_CHARS, Expected::ShorterOrgCode));
        }
        Ok(OrgCode(scan.slice(from, scan.at())))
    }
}

/// Code of a unit as issued under TT 01/2018/TT-VPCP Đ19 (QCVN 102:2016): `V1V2V3.Z1Z2.Y1Y2.MX1X2`,
/// the ministry or province last, such as `000.17.22.H56`. Kept because dossiers carry it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegacyOrgCode(String);

impl LegacyOrgCode {
    const LEVEL_ONE_FROM: usize = "000.17.22.".len();

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ministry's or province's group, such as `H56`.
    pub fn level_one(&self) -> &str {
        &self.0[Self::LEVEL_ONE_FROM..]
    }

    pub(super) fn scan(scan: &mut Scan) -> Result<LegacyOrgCode, CodeError> {
        let from = scan.at();
        for digits in [3, 2, 2] {
            scan.digits(digits)?;
            scan.take(Expected::Dot, |c| c == '.')?;
        }
        level_one(scan)?;
        Ok(LegacyOrgCode(scan.slice(from, scan.at())))
    }
}

/// The unit part of a dossier code, in the generation in which it was issued.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitCode {
    /// QĐ 20/2020, highest level first.
    Current(OrgCode),
    /// QCVN 102:2016, highest level last.
    Legacy(LegacyOrgCode),
}

impl UnitCode {
    /// The code as written.
    pub fn as_str(&self) -> &str {
        match self {
            UnitCode::Current(code) => code.as_str(),
            UnitCode::Legacy(code) => code.as_str(),
        }
    }

    /// The ministry's or province's group, such as `H56`.
    pub fn level_one(&self) -> &str {
        match self {
            UnitCode::Current(code) => code.level_one(),
            UnitCode::Legacy(code) => code.level_one(),
        }
    }

    /// A digit first means the old generation: the new one begins with a letter.
    pub(super) fn scan(scan: &mut Scan) -> Result<UnitCode, CodeError> {
        if scan.peek().is_some_and(|c| c.is_ascii_digit()) {
            LegacyOrgCode::scan(scan).map(UnitCode::Legacy)
        } else {
            OrgCode::scan(scan).map(UnitCode::Current)
        }
    }
}

fn level_one(scan: &mut Scan) -> Result<(), CodeError> {
    scan.take(Expected::LevelOneLetter, |c| matches!(c, 'A'..='Y'))?;
    scan.digits(2).map(drop)
}

fn digit_or_capital(c: char) -> bool {
    c.is_ascii_digit() || c.is_ascii_uppercase()
}

impl FromStr for OrgCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<OrgCode, CodeError> {
        let mut scan = Scan::new(text);
        let code = OrgCode::scan(&mut scan)?;
        scan.end()?;
        Ok(code)
    }
}

impl TryFrom<String> for OrgCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<OrgCode, CodeError> {
        text.parse()
    }
}

impl From<OrgCode> for String {
    fn from(code: OrgCode) -> String {
        code.0
    }
}

impl fmt::Display for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LegacyOrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
