//! Panics become errors and evidence.
//!
//! Owns the hook that writes `crash-<time>-<trace>.json` beside the log, and the border at which a panic
//! in a command turns into `ApiError::Internal` with the same trace id. The evidence names no person: a
//! message that was formatted may carry data of a dossier, so only literal messages are kept.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::Poll;

use serde::Serialize;

use crate::logs;

const CRASH_PREFIX: &str = "crash-";
const CRASH_SUFFIX: &str = "json";
/// Crash files kept; a fault that repeats must not fill the disk.
const KEPT_CRASHES: usize = 20;
const WITHHELD: &str = "(a formatted message, withheld)";

thread_local! {
    /// The trace id of the last panic of this thread, for the border that catches it.
    static LAST_TRACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A future panicked; the log and a crash file hold the same trace id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked {
    /// Short id that a person can read out over the telephone.
    pub trace_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Crash<'a> {
    trace_id: &'a str,
    at: String,
    version: &'a str,
    system: &'a str,
    thread: &'a str,
    place: String,
    message: &'a str,
    backtrace: String,
}

/// Installs the hook. Call it first thing: what panics before it leaves no evidence.
pub fn install(folder: PathBuf) {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let trace_id = new_trace_id();
        LAST_TRACE.with(|last| last.replace(Some(trace_id.clone())));
        let place = place_of(info);
        tracing::error!(trace_id, place, "panic");
        if let Err(error) = write_crash(&folder, &trace_id, &place, info.payload()) {
            tracing::error!(trace_id, %error, "the crash file cannot be written");
        }
        if cfg!(debug_assertions) {
            earlier(info);
        }
    }));
}

/// Runs a future to its end, turning a panic inside it into [`Panicked`].
///
/// # Errors
/// [`Panicked`] when the future panicked.
pub async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future: Pin<Box<F>> = Box::pin(future);
    std::future::poll_fn(move |context| {
        // After a panic the future is never polled again, so a half-made state inside it is never seen.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked {
                trace_id: take_last_trace(),
            })),
        }
    })
    .await
}

/// A new short id to find one event in the log by: eight hexadecimal digits.
#[must_use]
pub fn new_trace_id() -> String {
    let drawn = RandomState::new().build_hasher().finish();
    format!("{:08x}", drawn >> 32)
}

fn take_last_trace() -> String {
    LAST_TRACE
        .with(|last| last.take())
        .unwrap_or_else(new_trace_id)
}

fn place_of(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(String::new, |place| {
        format!("{}:{}:{}", place.file(), place.line(), place.column())
    })
}

/// A literal message is part of the program; any other may quote what a person typed.
fn message_of(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or(WITHHELD)
}

fn write_crash(
    folder: &Path,
    trace_id: &str,
    place: &str,
    payload: &(dyn Any + Send),
) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    logs::prune(folder, CRASH_PREFIX, CRASH_SUFFIX, KEPT_CRASHES - 1)?;
    let now = jiff::Timestamp::now();
    let thread = std::thread::current();
    let crash = Crash {
        trace_id,
        at: now.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        system: std::env::consts::OS,
        thread: thread.name().unwrap_or_default(),
        place: place.to_owned(),
        message: message_of(payload),
        backtrace: Backtrace::force_capture().to_string(),
    };
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let path = folder.join(format!("{CRASH_PREFIX}{stamp}-{trace_id}.{CRASH_SUFFIX}"));
    std::fs::write(path, serde_json::to_vec_pretty(&crash)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        tauri::async_runtime::block_on(future)
    }

    #[test]
    fn a_command_that_ends_well_is_untouched() {
        assert_eq!(block_on(caught(async { 42 })), Ok(42));
    }

    #[test]
    fn a_panic_in_a_command_leaves_a_crash_file_with_the_trace_id_and_no_data() {
        let folder = tempfile::tempdir().unwrap();
        install(folder.path().to_owned());

        let name = "Giàng A Páo";
        let panicked = block_on(caught(async move {
            if !name.is_empty() {
                panic!("cannot print the slip of {name}");
            }
        }))
        .unwrap_err();

        let file = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains(&panicked.trace_id))
            .expect("a crash file named after the trace id");
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(&panicked.trace_id));
        assert!(text.contains("panics.rs"), "the place is kept: {text}");
        assert!(
            !text.contains("Giàng"),
            "a person's name is not kept: {text}"
        );
    }

    #[test]
    fn a_literal_message_is_kept() {
        let literal: Box<dyn Any + Send> = Box::new("index out of range");
        assert_eq!(message_of(&*literal), "index out of range");
        let formatted: Box<dyn Any + Send> = Box::new(String::from("no such person: Vàng Thị Súa"));
        assert_eq!(message_of(&*formatted), WITHHELD);
    }

    #[test]
    fn trace_ids_are_short_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..64).map(|_| new_trace_id()).collect();
        assert_eq!(ids.len(), 64);
        assert!(ids.iter().all(|id| id.len() == 8));
    }
}
