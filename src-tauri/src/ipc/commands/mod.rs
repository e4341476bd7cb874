//! The commands of `commands.list`, one for each method of `Host` in `ui/src/lib/host/types.ts`.
//!
//! Each is thin: it takes what a screen sent, asks the desk once, and answers with a view. Every command is
//! asynchronous, so that none runs on the window's thread, and every one passes `guarded`, so that none
//! can take the program down.

// Tauri hands a command its arguments by value, and its state as a borrowed guard.
#![allow(clippy::needless_pass_by_value)]

pub mod dossier;
pub mod hall;
pub mod intake;
pub mod machine;
pub mod office;
pub mod practice;
pub mod queue;
pub mod scans;
pub mod session;
pub mod signature;

use std::str::FromStr;

use super::convert::{ApiResult, parse_id};
use super::error::ApiError;

/// An identity that a screen gives back, or the refusal of what it should have named.
fn id<T: FromStr>(text: &str, otherwise: ApiError) -> ApiResult<T> {
    parse_id(text).ok_or(otherwise)
}
