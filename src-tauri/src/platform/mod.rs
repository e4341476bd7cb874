//! What one operating system needs and the others do not.
//!
//! Owns the differences of the web views and of opening a file; everything else in this crate is the same
//! everywhere. `browser_keys.js` is for all: no web view's own keys are wanted at a counter. The Windows
//! web view has a native switch for them, but only behind an unsafe call, which this house does not make.

#[cfg(target_os = "linux")]
mod linux;
mod open;

pub use open::open_file;

use tauri::{Runtime, WebviewWindow};

/// Does what the system's web view needs before a person types into it.
///
/// # Errors
/// When the web view is already gone.
#[cfg(target_os = "linux")]
pub fn prepare<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    linux::show_unfinished_words(window)
}

/// Does what the system's web view needs before a person types into it: on this system, nothing.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn prepare<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}
