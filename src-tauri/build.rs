//! Turns `commands.list` into the program's permissions and embeds the screens' build.

use std::fs;
use std::process::ExitCode;

use tauri_build::{AppManifest, Attributes};

const COMMANDS: &str = "commands.list";
/// The embedded screens: a new build of them must be a new build of the program.
const SCREENS: &str = "../ui/dist";

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed={COMMANDS}");
    println!("cargo:rerun-if-changed={SCREENS}");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo:error=src-tauri: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn std::error::Error>> {
    let list = fs::read_to_string(COMMANDS)?;
    let names: Vec<&'static str> = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|name| &*Box::leak(name.to_owned().into_boxed_str()))
        .collect();
    // The manifest wants names that live as long as the build does.
    let commands: &'static [&'static str] = Vec::leak(names);
    tauri_build::try_build(Attributes::new().app_manifest(AppManifest::new().commands(commands)))?;
    Ok(())
}
