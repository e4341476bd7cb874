//! Where things lie in the work tree, and which files belong to it.

use crate::command::capture;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder of the screens.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The folder with everything that is built; honours `CARGO_TARGET_DIR` as cargo does.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Our own notes: stamps and reports of test runners.
pub(crate) fn notes() -> PathBuf {
    target().join("xtask")
}

/// The tools installed for this work tree alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// The files below `folder` that git knows or would add, sorted.
pub(crate) fn files(folder: &str) -> Result<Vec<PathBuf>> {
    let list = capture(
        Command::new("git")
            .args([
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
                "-z",
                "--",
                folder,
            ])
            .current_dir(root()),
    )?;
    let mut files: Vec<_> = list
        .split('\0')
        .filter(|it| !it.is_empty())
        .map(PathBuf::from)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}
