//! The window over the desk.
//!
//! Owns the windows and their rights, the typed border to the screens, the log and the crash evidence of
//! this process, and the start: which folder, which devices, which hub. It decides nothing a clerk would
//! notice: every command asks `motcua-desk` once.
//!
//! Deliberately not here: rules, the store, devices, papers, sentences for people, printing by the web
//! view, global shortcuts.

pub mod doors;
pub mod embed;
pub mod instance;
pub mod ipc;
pub mod listeners;
pub mod logs;
pub mod panics;
pub mod pictures;
pub mod platform;
mod practice_hub;
mod practice_province;
pub mod preferences;
pub mod shell;
pub mod speech;
pub mod start;
pub mod windows;

pub use start::run;
