//! Installing what a fresh machine lacks. Every part is skipped when it is already so.

use crate::command::{capture, run};
use crate::stamp::Inputs;
use crate::steps::{Outcome, Steps};
use crate::system::{self, Group};
use crate::{tree, ui};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// The program between WebDriver and a Tauri window.
const TAURI_DRIVER: &str = "tauri-driver";
const TAURI_DRIVER_VERSION: &str = "2.1.0";

/// The oldest Node.js that the tools of the screens accept: major and minor.
const NODE_VERSION_MIN: (u32, u32) = (20, 19);

/// `cargo xtask setup`.
pub(crate) fn everything() -> Result<()> {
    let mut steps = Steps::start();
    for_tests(&mut steps)
}

/// What the tests need.
pub(crate) fn for_tests(steps: &mut Steps) -> Result<()> {
    for_building(steps, &[Group::Build, Group::Screen, Group::Test])?;
    web_driver(steps)
}

/// What building needs, and whatever else is in `groups`.
pub(crate) fn for_building(steps: &mut Steps, groups: &[Group]) -> Result<()> {
    steps.must(
        "system",
        "look for missing packages, install them on Debian 12",
        || system::packages(groups),
    )?;
    steps.must("node", "look at the version of Node.js", || {
        let version = capture(Command::new("node").arg("--version")).with_context(node_advice)?;
        if !is_recent_enough(&version) {
            bail!("Node.js is {}; {}", version.trim(), node_advice());
        }
        Ok(Outcome::Fresh)
    })?;
    steps.must("npm", "install the screens' packages (npm ci)", ui::install)
}

/// What driving a window needs.
pub(crate) fn web_driver(steps: &mut Steps) -> Result<()> {
    let what = format!("install {TAURI_DRIVER} {TAURI_DRIVER_VERSION} for this work tree");
    steps.must("driver", &what, install_tauri_driver)
}

fn install_tauri_driver() -> Result<Outcome> {
    let stamp = Inputs::default()
        .word(TAURI_DRIVER)
        .word(TAURI_DRIVER_VERSION)
        .stamp(TAURI_DRIVER);
    let program = tree::tools().join("bin").join(TAURI_DRIVER);
    if program.is_file() && stamp.is_current() {
        return Ok(Outcome::Fresh);
    }
    run(Command::new("cargo")
        .args([
            "install",
            TAURI_DRIVER,
            "--version",
            TAURI_DRIVER_VERSION,
            "--locked",
            "--quiet",
        ])
        .arg("--root")
        .arg(tree::tools())
        .current_dir(tree::root()))?;
    stamp.write()?;
    Ok(Outcome::Done)
}

fn node_advice() -> String {
    let (major, minor) = NODE_VERSION_MIN;
    format!("the screens need Node.js {major}.{minor} or newer with npm")
}

/// `version` is what `node --version` says, such as `v20.20.2`.
fn is_recent_enough(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= NODE_VERSION_MIN,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_compared_as_numbers() {
        for good in ["v20.19.0\n", "v20.100.1", "v22.1.0"] {
            assert!(is_recent_enough(good), "{good}");
        }
        for bad in ["v20.9.0", "v18.20.4", "", "node"] {
            assert!(!is_recent_enough(bad), "{bad}");
        }
    }
}
