//! One JSON value on standard output, and an exit code that scripts can trust.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

/// The input was refused.
const EXIT_REFUSED: u8 = 1;
/// The machine could not do it.
const EXIT_FAILED: u8 = 3;

/// What a command came to.
pub(crate) enum Outcome {
    /// Done.
    Done(Value),
    /// The input was read and refused.
    Refused(Value),
    /// Everything was said already.
    Silent,
}

impl Outcome {
    /// Done, with this value.
    pub(crate) fn done(value: impl Serialize) -> anyhow::Result<Self> {
        Ok(Self::Done(serde_json::to_value(value)?))
    }

    /// Refused, with a code, a sentence and whatever else helps.
    pub(crate) fn refused(code: &str, message: &str, more: Value) -> Self {
        let mut error = json!({ "code": code, "message": message });
        if let (Some(error), Value::Object(more)) = (error.as_object_mut(), more) {
            error.extend(more);
        }
        Self::Refused(json!({ "error": error }))
    }

    /// Prints the value and gives the exit code.
    pub(crate) fn print(self) -> ExitCode {
        match self {
            Self::Done(value) => print_value(&value, ExitCode::SUCCESS),
            Self::Refused(value) => print_value(&value, ExitCode::from(EXIT_REFUSED)),
            Self::Silent => ExitCode::SUCCESS,
        }
    }
}

/// A failure of the machine goes to standard error: there is no answer to print.
pub(crate) fn machine_failed(error: &anyhow::Error) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "motcua: {error:#}");
    ExitCode::from(EXIT_FAILED)
}

fn print_value(value: &Value, code: ExitCode) -> ExitCode {
    match writeln!(std::io::stdout(), "{value}") {
        Ok(()) => code,
        // A closed pipe is the reader's choice, anything else is a failure to answer.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => code,
        Err(_) => ExitCode::from(EXIT_FAILED),
    }
}
