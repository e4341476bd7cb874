//! The screens: npm packages, build, checks and tests, by the scripts of `ui/package.json`.

use crate::command::{hear, run, run_quietly};
use crate::stamp::{Inputs, Stamp};
use crate::steps::Outcome;
use crate::tally::{self, Tally};
use crate::tree;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How long the tests of the screens may take.
const TESTS_SECONDS_MAX: u64 = 15 * 60;

/// `npm ci`, when the lock file has changed since or the packages are gone.
pub(crate) fn install() -> Result<Outcome> {
    if !tree::ui().join("package-lock.json").is_file() {
        bail!("ui/package-lock.json is missing; the screens cannot be built");
    }
    let stamp = install_stamp()?;
    // npm writes this file last.
    if stamp.is_current() && tree::ui().join("node_modules/.package-lock.json").is_file() {
        return Ok(Outcome::Fresh);
    }
    run_quietly(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    stamp.write()?;
    Ok(Outcome::Done)
}

fn install_stamp() -> Result<Stamp> {
    let files = ["ui/package.json", "ui/package-lock.json", "ui/.npmrc"];
    let mut inputs = Inputs::default();
    for file in files {
        inputs = inputs.file(Path::new(file))?;
    }
    Ok(inputs.stamp("npm"))
}

/// `npm run build`, when any file of the screens has changed since.
pub(crate) fn build() -> Result<Outcome> {
    let stamp = Inputs::default().folder("ui")?.stamp("screens");
    if stamp.is_current() && tree::ui().join("dist/index.html").is_file() {
        return Ok(Outcome::Fresh);
    }
    run_quietly(npm().args(["run", "build"]))?;
    stamp.write()?;
    Ok(Outcome::Done)
}

/// `npm run format:check`.
pub(crate) fn check_format() -> Result<Outcome> {
    run_quietly(npm().args(["run", "--silent", "format:check"]))
        .context("mend it with \"npm run format\" in ui")?;
    Ok(Outcome::Done)
}

/// `npm run check`: types and accessibility of every component.
pub(crate) fn check_types() -> Result<Outcome> {
    run(npm().args(["run", "--silent", "check"]))?;
    Ok(Outcome::Done)
}

/// Unit tests of the screens.
pub(crate) fn unit_tests() -> Result<Outcome> {
    tests("test")
}

/// Whole screens in Chromium.
pub(crate) fn browser_tests() -> Result<Outcome> {
    tests("e2e")
}

/// Runs a script that ends in vitest and counts its report.
fn tests(script: &str) -> Result<Outcome> {
    let report = tree::notes().join(format!("screens-{script}.json"));
    std::fs::create_dir_all(tree::notes()).context("making target/xtask")?;
    // A report of an earlier run must not count for this one.
    match std::fs::remove_file(&report) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("removing {}", report.display()));
        }
        _ => {}
    }
    let mut command = npm();
    command.args([
        "run",
        "--silent",
        script,
        "--",
        "--reporter=default",
        "--reporter=json",
    ]);
    command.arg(format!("--outputFile.json={}", report.display()));
    let heard = hear(&mut command, Duration::from_secs(TESTS_SECONDS_MAX))?;
    let written = std::fs::read_to_string(&report)
        .with_context(|| format!("npm run {script} left no report ({})", heard.end))?;
    let mut tally = tally::from_vitest(&written)?;
    if !heard.is_success && tally.failed == 0 {
        tally += Tally::one_failure();
    }
    Ok(Outcome::Tests(tally))
}

fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command
        .current_dir(tree::ui())
        .env("NO_UPDATE_NOTIFIER", "1");
    command
}
