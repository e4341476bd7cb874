//! `check` and `test`: everything that must hold, in one order, with one closing line.

use crate::cargo::{self, Kind, TestProgram};
use crate::setup;
use crate::steps::{Outcome, Steps};
use crate::system::Group;
use crate::{notices, ui};
use anyhow::Result;

/// Formatting, lints and types.
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::start();
    setup::for_building(&mut steps, &[Group::Build])?;
    static_checks(&mut steps);
    steps.print_summary();
    steps.finish()
}

/// Everything. A failed step does not end the run: the rest is worth knowing too.
pub(crate) fn test(is_full: bool) -> Result<()> {
    let mut steps = Steps::start();
    let ready = setup::for_tests(&mut steps);
    if ready.is_ok() {
        let screens_are_built = static_checks(&mut steps);
        steps.take(
            "screens · unit",
            "unit tests of the screens",
            ui::unit_tests,
        );
        let programs = screens_are_built.then(|| build_all(&mut steps)).flatten();
        rust_tests(&mut steps, programs.as_deref(), is_full);
        steps.take(
            "screens · browser",
            "whole screens in Chromium",
            ui::browser_tests,
        );
        window_tests(&mut steps, programs.as_deref(), is_full);
    }
    steps.print_summary();
    println!("\n{}", steps.tally());
    ready?;
    steps.finish()
}

/// Returns whether the screens could be built, without which the window cannot.
fn static_checks(steps: &mut Steps) -> bool {
    steps.take("format · rust", "rustfmt", cargo::check_format);
    steps.take("format · screens", "prettier", ui::check_format);
    steps.take("types · screens", "svelte-check", ui::check_types);
    steps.take(
        "notices",
        "is THIRD-PARTY.md what the lock files say",
        notices::check,
    );
    let built = steps.take("screens", "build the screens", ui::build);
    if built {
        steps.take(
            "lints · rust",
            "clippy over everything, warnings denied",
            cargo::clippy,
        );
    } else {
        steps.skip(
            "lints · rust",
            "the screens did not build and the window contains them",
        );
    }
    built
}

/// Builds the programs and the tests; nothing when either failed.
fn build_all(steps: &mut Steps) -> Option<Vec<TestProgram>> {
    let built = steps.take("programs", "build all programs", cargo::build_programs);
    let mut tests = None;
    steps.take("tests", "build all tests", || {
        tests = Some(cargo::build_tests()?);
        Ok(Outcome::Done)
    });
    tests.filter(|_| built)
}

const RUST_TESTS: [(&str, &str, Kind); 3] = [
    ("style", "the style of the house as tests", Kind::Style),
    ("unit", "unit and property tests", Kind::Unit),
    ("whole system", "real programs, no window", Kind::System),
];

fn rust_tests(steps: &mut Steps, programs: Option<&[TestProgram]>, is_full: bool) {
    for (name, what, kind) in RUST_TESTS {
        tests_of_kind(steps, (name, what, kind), programs, is_full);
    }
    steps.take(
        "examples",
        "examples in the documentation",
        cargo::doc_tests,
    );
}

fn window_tests(steps: &mut Steps, programs: Option<&[TestProgram]>, is_full: bool) {
    let what = "real windows on a virtual desktop, by WebDriver";
    tests_of_kind(steps, ("windows", what, Kind::Window), programs, is_full);
}

fn tests_of_kind(
    steps: &mut Steps,
    (name, what, kind): (&str, &str, Kind),
    programs: Option<&[TestProgram]>,
    is_full: bool,
) {
    match programs {
        Some(programs) => {
            steps.take(name, what, || cargo::run_tests(programs, kind, is_full));
        }
        None => steps.skip(name, "something they need did not build"),
    }
}
