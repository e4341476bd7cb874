//! Counting tests from what their runners say.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt;
use std::ops::AddAssign;

/// How many tests ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

impl Tally {
    /// Whether there was at least one test.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// One failure that no runner counted: a crash, a step that could not run.
    pub(crate) fn one_failure() -> Self {
        Self {
            failed: 1,
            ..Self::default()
        }
    }
}

/// Sums the closing lines of Rust's test runner:
/// `test result: ok. 30 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; …`.
pub(crate) fn from_rust(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in output
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "))
    {
        let (_, counts) = line.split_once(". ").unwrap_or_default();
        for part in counts.split("; ") {
            let Some((number, what)) = part.split_once(' ') else {
                continue;
            };
            let number: u64 = number.parse().unwrap_or(0);
            match what {
                "passed" => tally.passed += number,
                "failed" => tally.failed += number,
                "ignored" => tally.skipped += number,
                _ => {}
            }
        }
    }
    tally
}

/// Counts the JSON report of vitest. A file that could not even be loaded is one failure.
pub(crate) fn from_vitest(report: &str) -> Result<Tally> {
    let report: Value = serde_json::from_str(report).context("the report is no JSON")?;
    let count = |key: &str| {
        report[key]
            .as_u64()
            .with_context(|| format!("the report has no {key}"))
    };
    let files = report["testResults"]
        .as_array()
        .context("the report has no testResults")?;
    let is_dead = |file: &&Value| {
        file["status"] == "failed"
            && file["assertionResults"]
                .as_array()
                .is_none_or(Vec::is_empty)
    };
    Ok(Tally {
        passed: count("numPassedTests")?,
        failed: count("numFailedTests")? + files.iter().filter(is_dead).count() as u64,
        skipped: count("numPendingTests")? + report["numTodoTests"].as_u64().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn closing_lines_of_many_programs_add_up() {
        let output = "running 2 tests\n\
            test a ... ok\n\
            test result: ok. 30 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 2.11s\n\
            text of a test: 7 passed; 9 failed\n\
            test result: FAILED. 4 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(from_rust(output), tally(34, 3, 1));
        assert_eq!(
            from_rust("thread panicked before any test"),
            Tally::default()
        );
    }

    #[test]
    fn a_screen_test_file_that_does_not_load_is_a_failure() {
        let report = json!({
            "numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 0,
            "testResults": [
                {"status": "passed", "assertionResults": [{}]},
                {"status": "failed", "assertionResults": [{}]},
                {"status": "failed", "assertionResults": []},
            ],
        });
        assert_eq!(from_vitest(&report.to_string()).unwrap(), tally(5, 2, 2));
        assert!(from_vitest("").is_err());
        assert!(from_vitest("{}").is_err());
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(tally(12, 0, 0).to_string(), "12 passed, 0 failed");
        assert_eq!(
            tally(12, 1, 3).to_string(),
            "12 passed, 1 failed, 3 skipped"
        );
    }
}
