//! Closes the doors that the web view opens for whoever sets a variable.
//!
//! An environment variable is enough to drive a web view from outside: WebDriver on Linux, a debugging port
//! on Windows. A released program that finds one starts itself again without it, unless it was built with
//! the feature `e2e`, which is never shipped. Changing the environment of a running process is unsafe in a
//! program with threads, so it is not done.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// The variables that open a web view to control or inspection.
const DOORS: [&str; 4] = [
    "TAURI_WEBVIEW_AUTOMATION",
    "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
];

/// Whether this build leaves the doors alone: for development and for tests of the real window.
const OPEN_TO_TESTS: bool = cfg!(any(debug_assertions, feature = "e2e"));

/// Starts the program again when a door is open. `None` means that this process is the one to go on;
/// otherwise the other has run, and this is what it ended with.
#[must_use]
pub fn close() -> Option<ExitCode> {
    if OPEN_TO_TESTS {
        return None;
    }
    let open = open_doors(|name| std::env::var_os(name));
    if open.is_empty() {
        None
    } else {
        Some(start_again_without(&open))
    }
}

fn open_doors(variable: impl Fn(&str) -> Option<OsString>) -> Vec<&'static str> {
    DOORS
        .into_iter()
        .filter(|door| variable(door).is_some())
        .collect()
}

fn start_again_without(doors: &[&str]) -> ExitCode {
    let Ok(program) = std::env::current_exe() else {
        return ExitCode::FAILURE;
    };
    let mut again = Command::new(program);
    again.args(std::env::args_os().skip(1));
    for door in doors {
        again.env_remove(door);
    }
    run(again)
}

/// The program takes the place of this process.
#[cfg(unix)]
fn run(mut again: Command) -> ExitCode {
    use std::os::unix::process::CommandExt;
    // It comes back only when it could not start.
    let error = again.exec();
    eprintln!("motcua: {error}");
    ExitCode::FAILURE
}

/// The program runs beside this process, which waits for it.
#[cfg(not(unix))]
fn run(mut again: Command) -> ExitCode {
    match again.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_opens_a_web_view_is_a_door() {
        let set = |name: &str| (name != "WEBKIT_INSPECTOR_SERVER").then(|| OsString::from("1"));
        assert_eq!(
            open_doors(set),
            [
                "TAURI_WEBVIEW_AUTOMATION",
                "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
                "WEBKIT_INSPECTOR_HTTP_SERVER"
            ]
        );
        assert_eq!(open_doors(|_| None), Vec::<&str>::new());
    }
}
