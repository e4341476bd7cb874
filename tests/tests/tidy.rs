//! The style of the house: every rule of `motcua_tests::tidy` over the whole work tree.

use anyhow::{Context, Result, ensure};
use motcua_tests::tidy::rust_source::{RustSource, scan};
use motcua_tests::tidy::{Finding, TextFile, arrows, bans, contracts, lengths, traces, work_tree};
use motcua_tests::workspace;
use std::process::Command;
use std::sync::LazyLock;

static FILES: LazyLock<Vec<TextFile>> =
    LazyLock::new(|| work_tree(&workspace::root()).expect("the work tree can be read"));

static SOURCES: LazyLock<Vec<RustSource>> = LazyLock::new(|| scan(&FILES));

fn check(findings: &[Finding]) {
    let list: Vec<_> = findings
        .iter()
        .map(|finding| format!("  {finding}"))
        .collect();
    assert!(
        findings.is_empty(),
        "{} found:\n{}",
        findings.len(),
        list.join("\n")
    );
}

#[test]
fn the_whole_house_is_looked_at() {
    for part in [
        "crates/core/src/lib.rs",
        "src-tauri/src/main.rs",
        "ui/package.json",
        "Cargo.lock",
    ] {
        assert!(
            FILES.iter().any(|file| file.path.as_os_str() == part),
            "{part} is not there"
        );
    }
    let functions: usize = SOURCES.iter().map(|source| source.functions().len()).sum();
    assert!(
        functions > 100,
        "only {functions} functions seen: the scanner is blind"
    );
}

#[test]
fn arrows_never_run_back_up() -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(workspace::root())
        .output()
        .context("cargo metadata")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    check(&arrows::check(&serde_json::from_slice(&output.stdout)?)?);
    Ok(())
}

#[test]
fn banned_calls_are_not_made() {
    check(&bans::calls(&SOURCES));
}

#[test]
fn errors_are_types_not_texts() {
    check(&bans::stringly_errors(&SOURCES));
}

#[test]
fn commands_never_run_on_the_window_s_thread() {
    check(&bans::sync_commands(&SOURCES));
}

#[test]
fn nothing_is_left_unfinished() {
    check(&bans::unfinished(&FILES));
}

#[test]
fn only_the_host_of_the_screens_knows_tauri() {
    check(&bans::tauri_in_screens(&FILES));
}

#[test]
fn functions_fit_on_a_page() {
    check(&lengths::functions(&SOURCES));
}

#[test]
fn files_have_one_reason_to_change() {
    check(&lengths::files(&FILES));
}

#[test]
fn every_error_code_has_its_sentence_in_three_parts() -> Result<()> {
    check(&contracts::error_messages(&FILES)?);
    Ok(())
}

#[test]
fn every_command_is_listed_and_allowed_by_name() -> Result<()> {
    check(&contracts::commands(&FILES, &SOURCES)?);
    Ok(())
}

#[test]
fn no_file_knows_one_machine() {
    check(&traces::machine_paths(&FILES));
}

#[test]
fn packages_come_from_the_public_registries() {
    check(&traces::registries(&FILES));
}
