//! Codes of procedures in the national database.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// National code of a procedure, `N.NNNNNN`, or a province's own one, which adds the province:
/// `2.000815.000.00.00.H55`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureCode(String);

/// A text is not the code of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a procedure, such as 1.001193: {0:?}")]
pub struct ProcedureCodeError(pub String);

impl ProcedureCode {
    const NATIONAL_CHARS: usize = "1.001193".len();

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The national part, without a province's addition.
    pub fn national(&self) -> &str {
        &self.0[..Self::NATIONAL_CHARS]
    }

    /// Whether a province added to the code.
    pub fn is_local(&self) -> bool {
        self.0.len() > Self::NATIONAL_CHARS
    }
}

fn is_national(text: &str) -> bool {
    text.len() == ProcedureCode::NATIONAL_CHARS
        && text.bytes().enumerate().all(|(at, b)| {
            if at == 1 {
                b == b'.'
            } else {
                b.is_ascii_digit()
            }
        })
}

/// `.000.00.00.H55`
fn is_addition(text: &str) -> bool {
    const FORM: &[u8] = b".000.00.00.A00";
    text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(b, form)| match form {
            b'0' => b.is_ascii_digit(),
            b'A' => matches!(b, b'A'..=b'Y'),
            separator => b == *separator,
        })
}

impl FromStr for ProcedureCode {
    type Err = ProcedureCodeError;

    fn from_str(text: &str) -> Result<ProcedureCode, ProcedureCodeError> {
        let text = text.trim();
        let (national, addition) = text
            .split_at_checked(Self::NATIONAL_CHARS)
            .ok_or_else(|| ProcedureCodeError(text.to_owned()))?;
        if is_national(national) && (addition.is_empty() || is_addition(addition)) {
            Ok(ProcedureCode(text.to_owned()))
        } else {
            Err(ProcedureCodeError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for ProcedureCode {
    type Error = ProcedureCodeError;

    fn try_from(text: String) -> Result<ProcedureCode, ProcedureCodeError> {
        text.parse()
    }
}

impl From<ProcedureCode> for String {
    fn from(code: ProcedureCode) -> String {
        code.0
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
