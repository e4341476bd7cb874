//! The style of the house as rules over the source tree.
//!
//! A rule is a pure function from files to [`Finding`]s; every finding says what to do. Owns the
//! list of floors, the banned calls with their reasons, the limits on length, and the contracts
//! between lists that live in two places (error codes and their sentences, commands and rights).
//!
//! Deliberately does not: repeat what rustfmt, clippy, prettier or svelte-check already check.

pub mod arrows;
pub mod bans;
pub mod contracts;
pub mod lengths;
pub mod rust_source;
pub mod traces;

use anyhow::{Context, Result};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that is not as it should be, with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, from the root of the work tree.
    pub path: PathBuf,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    /// A finding at a line of a file.
    pub fn at(path: impl Into<PathBuf>, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line,
            message: message.into(),
        }
    }

    /// A finding about a whole file.
    pub fn about(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if self.line > 0 {
            write!(formatter, ":{}", self.line)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// A text file of the work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// From the root of the work tree.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
}

impl TextFile {
    /// A file by its contents, for trying a rule.
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: PathBuf::from(path),
            text: text.to_owned(),
        }
    }

    /// Whether the path ends in `.ending`.
    pub fn is(&self, ending: &str) -> bool {
        self.path.extension().is_some_and(|it| it == ending)
    }

    /// Whether it lies in `folder`.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// The text files of the work tree that git knows or would add, sorted. Binary files are left out.
///
/// # Errors
/// When git or a file cannot be read.
pub fn work_tree(root: &Path) -> Result<Vec<TextFile>> {
    let list = [
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ];
    let output = Command::new("git")
        .args(list)
        .current_dir(root)
        .output()
        .context("git ls-files")?;
    anyhow::ensure!(output.status.success(), "git ls-files: {}", output.status);
    let names = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    let mut files = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        match std::fs::read(root.join(name)) {
            Ok(bytes) => {
                if let Ok(text) = String::from_utf8(bytes) {
                    files.push(TextFile::new(name, &text));
                }
            }
            // Deleted but not yet committed.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("reading {name}")),
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files.dedup_by(|left, right| left.path == right.path);
    Ok(files)
}
