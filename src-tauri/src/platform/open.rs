//! Opens a file with the program that the person uses for such files.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long the opener is watched for a refusal; it may live on as long as the viewer does.
const WATCH_MS: u64 = 1_500;
const LOOK_EVERY_MS: u64 = 25;

#[cfg(target_os = "windows")]
const OPENER: &str = "explorer.exe";
#[cfg(not(target_os = "windows"))]
const OPENER: &str = "xdg-open";

/// Asks the system to show `file`. Blocks for at most a moment; call it off the window's thread.
///
/// # Errors
/// When there is no opener, or it says within a moment that it cannot.
pub fn open_file(file: &Path) -> io::Result<()> {
    open_with(OPENER, file)
}

fn open_with(opener: &str, file: &Path) -> io::Result<()> {
    let mut child = Command::new(opener)
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let until = Instant::now() + Duration::from_millis(WATCH_MS);
    while Instant::now() < until {
        match child.try_wait()? {
            // The Windows shell answers 1 even when it opened the file.
            Some(status) if status.success() || cfg!(target_os = "windows") => return Ok(()),
            Some(status) => return Err(io::Error::other(format!("{opener}: {status}"))),
            None => std::thread::sleep(Duration::from_millis(LOOK_EVERY_MS)),
        }
    }
    // Still at work: the viewer is open. Someone has to collect the process when it ends.
    std::thread::Builder::new()
        .name("viewer".to_owned())
        .spawn(move || child.wait())?;
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_viewer_that_starts_or_stays_open_counts_as_opened() {
        let file = tempfile::NamedTempFile::new().unwrap();
        open_with("true", file.path()).unwrap();
    }

    #[test]
    fn a_machine_without_a_viewer_says_so() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(open_with("false", file.path()).is_err());
        assert!(open_with("no-such-opener-on-any-machine", file.path()).is_err());
    }
}
