//! The log of this machine: one file a day beside the data, fourteen kept.
//!
//! Owns where the log goes and how much of it stays. What may be written is the writer's duty: codes,
//! counts, device names and trace ids; never a name, a number of a person, or the text of a dossier.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Daily files kept, today's included.
const KEPT_FILES: usize = 14;
/// What the names of the files begin with; the date follows.
const FILE_PREFIX: &str = "motcua";
const FILE_SUFFIX: &str = "log";
/// Overrides the level, e.g. `motcua_drivers=debug`.
const LEVEL_VARIABLE: &str = "MOTCUA_LOG";
const DEFAULT_LEVEL: &str = "info";

/// Why there is no log. The program runs on without one.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The folder could not be made or read.
    #[error("the log folder {0} cannot be used")]
    Folder(PathBuf, #[source] io::Error),
    /// The file of today could not be opened.
    #[error("today's log file cannot be opened")]
    File(#[from] tracing_appender::rolling::InitError),
    /// Another part of the process has taken the log already.
    #[error("a log was started before")]
    Started(#[from] tracing_subscriber::util::TryInitError),
}

/// Keeps the log's writer alive; dropping it writes out what is still in memory.
#[must_use = "the log ends when this is dropped"]
pub struct LogGuard {
    _writer: WorkerGuard,
}

/// Starts the log in `folder`, which is made when it is missing.
///
/// # Errors
/// [`LogError`] when the folder or today's file cannot be used, or a log was started before.
pub fn start(folder: &Path) -> Result<LogGuard, LogError> {
    let in_folder = |error| LogError::Folder(folder.to_owned(), error);
    std::fs::create_dir_all(folder).map_err(in_folder)?;
    // The appender removes old files only when a day turns while it runs; a desk is switched off nightly.
    prune(folder, FILE_PREFIX, FILE_SUFFIX, KEPT_FILES - 1).map_err(in_folder)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(FILE_PREFIX)
        .filename_suffix(FILE_SUFFIX)
        .max_log_files(KEPT_FILES)
        .build(folder)?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let file = fmt::layer().with_ansi(false).with_writer(writer);
    let terminal = io::stderr()
        .is_terminal()
        .then(|| fmt::layer().with_writer(io::stderr).boxed());
    tracing_subscriber::registry()
        .with(filter())
        .with(file)
        .with(terminal)
        .try_init()?;
    Ok(LogGuard { _writer: guard })
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env(LEVEL_VARIABLE).unwrap_or_else(|_| EnvFilter::new(DEFAULT_LEVEL))
}

/// Removes all but the newest `keep` files of a kind. The date is in the name, so names order by age.
///
/// # Errors
/// When the folder cannot be listed; a file that cannot be removed is left for the next start.
pub(crate) fn prune(folder: &Path, prefix: &str, suffix: &str, keep: usize) -> io::Result<()> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            name.starts_with(prefix) && name.ends_with(&format!(".{suffix}"))
        })
        .collect();
    names.sort();
    let old = names.len().saturating_sub(keep);
    for path in names.into_iter().take(old) {
        // A viewer that holds the file open on Windows is no reason to refuse to start.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn after_a_month_of_mornings_the_newest_days_stay() {
        let folder = tempfile::tempdir().unwrap();
        for day in 1..=30 {
            std::fs::write(
                folder.path().join(format!("motcua.2026-11-{day:02}.log")),
                "",
            )
            .unwrap();
        }
        std::fs::write(folder.path().join("crash-20261101.json"), "{}").unwrap();

        prune(folder.path(), FILE_PREFIX, FILE_SUFFIX, 3).unwrap();

        assert_eq!(
            names(folder.path()),
            [
                "crash-20261101.json",
                "motcua.2026-11-28.log",
                "motcua.2026-11-29.log",
                "motcua.2026-11-30.log"
            ]
        );
    }

    #[test]
    fn fewer_files_than_are_kept_all_stay() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("motcua.2026-11-23.log"), "").unwrap();
        prune(folder.path(), FILE_PREFIX, FILE_SUFFIX, KEPT_FILES).unwrap();
        assert_eq!(names(folder.path()), ["motcua.2026-11-23.log"]);
    }
}
