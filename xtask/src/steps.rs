//! Steps: each says what it does in one line, then how long it took; at the end a table.

use crate::tally::Tally;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did its work.
    Done,
    /// There was nothing to do.
    Fresh,
    /// It ran tests.
    Tests(Tally),
}

#[derive(Debug)]
struct Record {
    name: String,
    took: Duration,
    end: End,
}

#[derive(Debug)]
enum End {
    Well(Outcome),
    Failed(String),
    NotRun(&'static str),
}

/// The steps of one run, in order.
#[derive(Debug)]
pub(crate) struct Steps {
    started: Instant,
    records: Vec<Record>,
}

impl Steps {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            records: Vec::new(),
        }
    }

    /// Takes a step that the rest cannot do without.
    pub(crate) fn must(
        &mut self,
        name: &str,
        what: &str,
        step: impl FnOnce() -> Result<Outcome>,
    ) -> Result<()> {
        if self.take(name, what, step) {
            return Ok(());
        }
        bail!("step \"{name}\" failed; nothing after it can be done")
    }

    /// Takes a step; says whether it went well, so that the rest can go on either way.
    pub(crate) fn take(
        &mut self,
        name: &str,
        what: &str,
        step: impl FnOnce() -> Result<Outcome>,
    ) -> bool {
        println!("\n── {name}: {what}");
        let started = Instant::now();
        let end = match step() {
            Ok(outcome) => End::Well(outcome),
            Err(error) => End::Failed(format!("{error:#}")),
        };
        let record = Record {
            name: name.to_owned(),
            took: started.elapsed(),
            end,
        };
        println!("   {name}: {} · {}", record.verdict(), seconds(record.took));
        let is_well = !record.is_failure();
        self.records.push(record);
        is_well
    }

    /// Notes a step that cannot be taken because an earlier one failed.
    pub(crate) fn skip(&mut self, name: &str, why: &'static str) {
        println!("\n── {name}: not run, {why}");
        let end = End::NotRun(why);
        self.records.push(Record {
            name: name.to_owned(),
            took: Duration::ZERO,
            end,
        });
    }

    /// All tests; a step that failed, crashed or could not run counts as one failed test where no
    /// runner counted its failures.
    pub(crate) fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        for record in &self.records {
            sum += match &record.end {
                End::Well(Outcome::Tests(tally)) if !tally.is_empty() => *tally,
                End::Well(Outcome::Done | Outcome::Fresh) => Tally::default(),
                End::Well(Outcome::Tests(_)) | End::Failed(_) | End::NotRun(_) => {
                    Tally::one_failure()
                }
            };
        }
        sum
    }

    /// Prints the table of steps.
    pub(crate) fn print_summary(&self) {
        print!("{}", self.summary());
    }

    fn summary(&self) -> String {
        let widest = self
            .records
            .iter()
            .map(|it| it.name.chars().count())
            .max()
            .unwrap_or(0);
        let mut table = String::from("\n");
        for record in &self.records {
            let gap = " ".repeat(widest - record.name.chars().count());
            let took = seconds(record.took);
            // Writing to a String cannot fail.
            let _ = writeln!(
                table,
                "{}{gap}  {took:>9}  {}",
                record.name,
                record.verdict()
            );
        }
        let _ = writeln!(table, "in all {}", seconds(self.started.elapsed()));
        table
    }

    /// Fails when any step failed.
    pub(crate) fn finish(&self) -> Result<()> {
        let failed: Vec<_> = self
            .records
            .iter()
            .filter(|it| it.is_failure())
            .map(|it| it.name.as_str())
            .collect();
        (failed.is_empty())
            .then_some(())
            .with_context(|| format!("failed: {}", failed.join(", ")))
    }
}

impl Record {
    fn is_failure(&self) -> bool {
        match &self.end {
            End::Well(Outcome::Tests(tally)) => tally.failed > 0 || tally.is_empty(),
            End::Well(Outcome::Done | Outcome::Fresh) => false,
            End::Failed(_) | End::NotRun(_) => true,
        }
    }

    fn verdict(&self) -> String {
        match &self.end {
            End::Well(Outcome::Done) => "done".to_owned(),
            End::Well(Outcome::Fresh) => "nothing to do".to_owned(),
            End::Well(Outcome::Tests(tally)) if tally.is_empty() => "FAILED: no test".to_owned(),
            End::Well(Outcome::Tests(tally)) => tally.to_string(),
            End::Failed(why) => format!("FAILED: {why}"),
            End::NotRun(why) => format!("NOT RUN: {why}"),
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    fn tests(passed: u64, failed: u64) -> Result<Outcome> {
        Ok(Outcome::Tests(Tally {
            passed,
            failed,
            skipped: 0,
        }))
    }

    #[test]
    fn tests_add_up_and_every_other_failure_counts_as_one() {
        let mut steps = Steps::start();
        assert!(steps.take("format", "rustfmt", || Ok(Outcome::Done)));
        assert!(steps.take("unit", "tests", || tests(30, 0)));
        assert!(steps.finish().is_ok());
        assert!(!steps.take("clippy", "lints", || Err(anyhow!("two warnings"))));
        assert!(!steps.take("windows", "tests", || tests(3, 2)));
        steps.skip("screens", "the screens did not build");
        assert_eq!(
            steps.tally(),
            Tally {
                passed: 33,
                failed: 4,
                skipped: 0
            }
        );
        let error = steps.finish().unwrap_err().to_string();
        assert_eq!(error, "failed: clippy, windows, screens");
        let summary = steps.summary();
        for part in [
            "two warnings",
            "3 passed, 2 failed",
            "NOT RUN: the screens did not build",
        ] {
            assert!(summary.contains(part), "{part} in {summary}");
        }
    }

    #[test]
    fn a_step_of_tests_that_found_none_has_failed() {
        let mut steps = Steps::start();
        assert!(!steps.take("windows", "tests", || tests(0, 0)));
        assert!(steps.finish().is_err());
        assert_eq!(steps.tally(), Tally::one_failure());
    }
}
