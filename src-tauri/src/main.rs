//! The program with the window.
#![cfg_attr(
    all(not(debug_assertions), target_os = "windows"),
    windows_subsystem = "windows"
)]

use std::process::ExitCode;

fn main() -> ExitCode {
    motcua_app::doors::close().unwrap_or_else(motcua_app::run)
}
