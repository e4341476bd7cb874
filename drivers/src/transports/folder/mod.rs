//! The folder a copier scans into.
//!
//! The timer is the truth and file events only wake it early: native events do not cross network
//! shares. A file is ready when its size and time were equal on two looks **and** it reads to its
//! end as a PDF, JPEG, PNG or TIFF **and** nobody holds a lock on it. It is then claimed by an
//! atomic rename into `.dang-nhan/<station>/` on the same volume; two PCs on one share can both
//! try and only one gets it. Files that cannot be taken stay where they are and are named.
//!
//! Does not own: the content of a page, the store. It never deletes and never writes a scan.

mod finish;
mod settle;
mod watch;

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

pub use watch::{FolderEvent, FolderWatch};

/// Folder, inside the watched one, that claimed files are moved to.
pub const CLAIM_FOLDER: &str = ".dang-nhan";
/// Largest scan taken, in bytes.
pub const MAX_SCAN_BYTES: u64 = 100 * 1024 * 1024;
/// Files looked at in one go; more than this in one folder is not a scan folder.
pub const MAX_LISTED_FILES: usize = 10_000;

/// How a folder is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderSettings {
    /// The folder.
    pub path: PathBuf,
    /// A short name of this PC.
    pub station: String,
    /// Time between two looks.
    pub poll: Duration,
    /// A file must have stayed the same for this long.
    pub steady: Duration,
    /// How long an empty or unreadable file may still become a document.
    pub patience: Duration,
    /// Largest file taken, in bytes.
    pub max_bytes: u64,
}

impl FolderSettings {
    /// The usual settings for `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, station: &str) -> Self {
        let safe: String = station
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .take(40)
            .collect();
        Self {
            path: path.into(),
            station: if safe.is_empty() {
                "quay".to_owned()
            } else {
                safe
            },
            poll: Duration::from_millis(300),
            steady: Duration::from_millis(250),
            patience: Duration::from_secs(5),
            max_bytes: MAX_SCAN_BYTES,
        }
    }
}

/// What a scan is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScanMime {
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// TIFF.
    #[serde(rename = "image/tiff")]
    Tiff,
}

impl ScanMime {
    /// The media type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
        }
    }
}

/// Why a file in the folder cannot be taken. It stays where it is and is looked at again when it
/// changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ScanRefusal {
    /// Larger than a scan may be.
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// Nothing in it.
    Empty,
    /// Not a PDF, JPEG, PNG or TIFF.
    NotADocument,
    /// It begins like a document and never ends: the scanner broke off.
    Incomplete,
    /// Another program keeps it open, or this account may not move it.
    Locked,
    /// The share gives an error for this one file.
    Unreadable,
}
