//! Cargo: what the workspace holds, building its programs, building and running its tests.
//!
//! Tests are built in one go and their programs started here one by one, grouped by what they
//! need, each with a deadline: one that hangs is a failure, not a stuck machine.

use crate::command::{capture, hear, run};
use crate::steps::Outcome;
use crate::tally::{self, Tally};
use crate::tree;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The package of the whole-system tests.
const WHOLE_SYSTEM: &str = "motcua-tests";

/// How long one test program may take; four times that for the full run.
const PROGRAM_SECONDS_MAX: u64 = 15 * 60;

pub(crate) fn cargo() -> Command {
    // The same cargo that started us, so that toolchains never mix.
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(tree::root());
    command
}

/// The packages of the workspace with their targets.
pub(crate) fn metadata() -> Result<Value> {
    let args = ["metadata", "--format-version", "1", "--no-deps", "--locked"];
    serde_json::from_str(&capture(cargo().args(args))?).context("cargo metadata")
}

pub(crate) fn check_format() -> Result<Outcome> {
    run(cargo().args(["fmt", "--all", "--check"])).context("mend it with \"cargo fmt --all\"")?;
    Ok(Outcome::Done)
}

pub(crate) fn clippy() -> Result<Outcome> {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
    ];
    run(cargo().args(args).args(["--", "--deny", "warnings"]))?;
    Ok(Outcome::Done)
}

/// Builds every program but this one, which is running.
pub(crate) fn build_programs() -> Result<Outcome> {
    run(cargo().args([
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--bins",
        "--locked",
    ]))?;
    Ok(Outcome::Done)
}

/// What a test program needs, and with that when it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The rules of style over the source tree.
    Style,
    /// Nothing but itself.
    Unit,
    /// The built programs.
    System,
    /// The built programs and a virtual desktop.
    Window,
}

/// A built test program.
#[derive(Debug, Clone)]
pub(crate) struct TestProgram {
    pub(crate) kind: Kind,
    package: String,
    target: String,
    folder: PathBuf,
    path: PathBuf,
}

/// Builds all test programs.
pub(crate) fn build_tests() -> Result<Vec<TestProgram>> {
    let messages = capture(cargo().args([
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--no-run",
        "--locked",
        "--message-format=json-render-diagnostics",
    ]))?;
    messages
        .lines()
        .filter_map(|line| test_program(line).transpose())
        .collect()
}

/// A message of cargo's is a test program when it has an executable built for testing.
fn test_program(message: &str) -> Result<Option<TestProgram>> {
    let message: Value = serde_json::from_str(message).context("a message of cargo's")?;
    let is_test = message["profile"]["test"].as_bool() == Some(true);
    let Some(path) = message["executable"].as_str().filter(|_| is_test) else {
        return Ok(None);
    };
    let manifest = message["manifest_path"]
        .as_str()
        .context("a test without a manifest")?;
    let target = message["target"]["name"]
        .as_str()
        .context("a test without a name")?;
    let kind = message["target"]["kind"][0]
        .as_str()
        .context("a test without a kind")?;
    let folder = Path::new(manifest)
        .parent()
        .context("a manifest without a folder")?;
    let id = message["package_id"]
        .as_str()
        .context("a test without a package")?;
    let package = package_name(id, folder);
    Ok(Some(TestProgram {
        kind: kind_of(&package, kind, target),
        package,
        target: target.to_owned(),
        folder: folder.to_owned(),
        path: PathBuf::from(path),
    }))
}

/// A package id is `path+file:///folder#name@version`, or without the name when it equals the
/// folder's.
fn package_name(id: &str, folder: &Path) -> String {
    let (_, fragment) = id.rsplit_once('#').unwrap_or_default();
    match fragment.split_once('@') {
        Some((name, _version)) => name.to_owned(),
        None => folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}

fn kind_of(package: &str, target_kind: &str, target: &str) -> Kind {
    match (package, target_kind) {
        (WHOLE_SYSTEM, "test") if target == "tidy" => Kind::Style,
        (WHOLE_SYSTEM, "test") if target.starts_with("window") => Kind::Window,
        (WHOLE_SYSTEM, "test") => Kind::System,
        _ => Kind::Unit,
    }
}

/// Runs the test programs of one kind.
pub(crate) fn run_tests(programs: &[TestProgram], kind: Kind, is_full: bool) -> Result<Outcome> {
    let mut sum = Tally::default();
    for program in programs.iter().filter(|it| it.kind == kind) {
        sum += run_test(program, is_full)?;
    }
    Ok(Outcome::Tests(sum))
}

fn run_test(program: &TestProgram, is_full: bool) -> Result<Tally> {
    println!("   {} · {}", program.package, program.target);
    let mut command = Command::new(&program.path);
    command
        .current_dir(&program.folder)
        .env("CARGO_MANIFEST_DIR", &program.folder);
    if program.kind == Kind::Window {
        // One window at a time: each is a whole desktop, and the machine has two cores.
        command.arg("--test-threads=1");
    }
    let mut deadline = Duration::from_secs(PROGRAM_SECONDS_MAX);
    if is_full {
        command.env("MOTCUA_FULL", "1");
        deadline *= 4;
    }
    let heard = hear(&mut command, deadline)?;
    let mut tally = tally::from_rust(&heard.output);
    if !heard.is_success && tally.failed == 0 {
        println!("   {} · {}: {}", program.package, program.target, heard.end);
        tally += Tally::one_failure();
    }
    Ok(tally)
}

/// The examples in the documentation.
pub(crate) fn doc_tests() -> Result<Outcome> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--doc", "--locked", "--no-fail-fast"]);
    let heard = hear(&mut command, Duration::from_secs(PROGRAM_SECONDS_MAX))?;
    let mut tally = tally::from_rust(&heard.output);
    if !heard.is_success && tally.failed == 0 {
        tally += Tally::one_failure();
    }
    Ok(Outcome::Tests(tally))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tests_are_grouped_by_what_they_need() {
        let cases = [
            ("motcua-core", "lib", "motcua_core", Kind::Unit),
            ("motcua-core", "test", "window_of_time", Kind::Unit),
            ("motcua-tests", "lib", "motcua_tests", Kind::Unit),
            ("motcua-tests", "test", "tidy", Kind::Style),
            ("motcua-tests", "test", "window_harness", Kind::Window),
            ("motcua-tests", "test", "journey", Kind::System),
        ];
        for (package, kind, target, expected) in cases {
            assert_eq!(
                kind_of(package, kind, target),
                expected,
                "{package} {target}"
            );
        }
    }

    #[test]
    fn only_executables_built_for_testing_are_tests() {
        let mut message = json!({
            "reason": "compiler-artifact",
            "package_id": "path+file:///src/house/tests#motcua-tests@0.1.0",
            "manifest_path": "/src/house/tests/Cargo.toml",
            "target": {"name": "tidy", "kind": ["test"]},
            "profile": {"test": true},
            "executable": "/src/house/target/debug/deps/tidy-1",
        });
        let program = test_program(&message.to_string()).unwrap().unwrap();
        assert_eq!(program.kind, Kind::Style);
        assert_eq!(program.folder, Path::new("/src/house/tests"));
        message["executable"] = Value::Null;
        assert!(test_program(&message.to_string()).unwrap().is_none());
        message["executable"] = json!("/src/house/target/debug/motcua");
        message["profile"]["test"] = json!(false);
        assert!(test_program(&message.to_string()).unwrap().is_none());
    }

    #[test]
    fn a_package_is_named_by_its_id_or_its_folder() {
        let folder = Path::new("/src/house/xtask");
        assert_eq!(
            package_name("path+file:///src/house/xtask#0.1.0", folder),
            "xtask"
        );
        let core = "path+file:///src/house/crates/core#motcua-core@0.1.0";
        assert_eq!(
            package_name(core, Path::new("/src/house/crates/core")),
            "motcua-core"
        );
    }

    #[test]
    fn the_workspace_is_known() {
        let metadata = metadata().unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        assert!(
            packages
                .iter()
                .any(|package| package["name"] == WHOLE_SYSTEM)
        );
    }
}
