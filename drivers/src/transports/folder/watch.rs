//! The looks themselves: list, settle, look into, claim.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher};
use uuid::Uuid;

use super::finish::{Finish, look_into};
use super::settle::{Look, Settle, Steady};
use super::{CLAIM_FOLDER, FolderSettings, MAX_LISTED_FILES, ScanMime, ScanRefusal};
use crate::transports::{LinkError, MAX_SLICE};

/// Between the claim's own name and the scanner's.
const CLAIM_SEPARATOR: &str = "--";
/// A claimed file's name is cut to this many bytes; the event carries the whole name.
const MAX_CLAIM_NAME_BYTES: usize = 160;
const TEMPORARY_ENDINGS: [&str; 6] = [".tmp", ".part", ".partial", ".crdownload", ".filepart", "~"];
const SYSTEM_FILES: [&str; 2] = ["thumbs.db", "desktop.ini"];

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderEvent {
    /// A file was claimed.
    Arrived {
        /// Where it is now.
        path: PathBuf,
        /// Its name as the scanner gave it.
        name: String,
        /// What it is.
        mime: ScanMime,
        /// Bytes.
        size: u64,
    },
    /// A file cannot be taken.
    Refused {
        /// Its name.
        name: String,
        /// Why.
        why: ScanRefusal,
    },
}

/// Watches one folder.
pub struct FolderWatch {
    settings: FolderSettings,
    settle: Settle,
    wake: Option<Wake>,
    recovered: bool,
    began: Instant,
}

struct Wake {
    hints: Receiver<()>,
    _watcher: notify::RecommendedWatcher,
}

impl FolderWatch {
    /// Prepares to watch; the folder need not be there yet.
    #[must_use]
    pub fn new(settings: FolderSettings) -> Self {
        Self {
            settings,
            settle: Settle::default(),
            wake: None,
            recovered: false,
            began: Instant::now(),
        }
    }

    /// One look. Files claimed before a crash and never taken are told first.
    ///
    /// # Errors
    /// [`LinkError`] when the folder cannot be listed now; what was seen before is forgotten.
    pub fn look(&mut self) -> Result<Vec<FolderEvent>, LinkError> {
        match self.try_look() {
            Ok(events) => Ok(events),
            Err(error) => {
                self.settle.forget();
                self.wake = None;
                let what = self.settings.path.display().to_string();
                Err(LinkError::from_io(error, &what))
            }
        }
    }

    /// Waits up to one slice; true when the system hinted that something changed.
    pub fn wait(&mut self, up_to: Duration) -> bool {
        let wait = up_to.min(MAX_SLICE);
        let Some(wake) = &self.wake else {
            std::thread::sleep(wait);
            return false;
        };
        let hinted = wake.hints.recv_timeout(wait).is_ok();
        while wake.hints.try_recv().is_ok() {}
        hinted
    }

    fn try_look(&mut self) -> io::Result<Vec<FolderEvent>> {
        let listing = self.list()?;
        if self.wake.is_none() {
            self.wake = wake_on_change(&self.settings.path);
        }
        let mut events = Vec::new();
        if !self.recovered {
            events = self.recover()?;
            self.recovered = true;
        }
        let now = self.began.elapsed();
        for file in self.settle.observe(now, self.settings.steady, &listing) {
            events.extend(self.consider(&file)?);
        }
        Ok(events)
    }

    fn list(&self) -> io::Result<BTreeMap<String, Look>> {
        let mut listing = BTreeMap::new();
        for entry in fs::read_dir(&self.settings.path)?.take(MAX_LISTED_FILES) {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if is_unfinished_name(&name) {
                continue;
            }
            // A file may go between the listing and the look at it.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_file() {
                let look = Look {
                    size: metadata.len(),
                    modified: metadata.modified().ok(),
                };
                listing.insert(name, look);
            }
        }
        Ok(listing)
    }

    fn consider(&mut self, file: &Steady) -> io::Result<Option<FolderEvent>> {
        let refusal = if file.size > self.settings.max_bytes {
            ScanRefusal::TooLarge {
                bytes: file.size,
                limit_bytes: self.settings.max_bytes,
            }
        } else if file.size == 0 {
            ScanRefusal::Empty
        } else {
            match self.take(file)? {
                Ok(event) => return Ok(event),
                Err(refusal) => refusal,
            }
        };
        let patient = file.for_time < self.settings.patience;
        if patient && !matches!(refusal, ScanRefusal::TooLarge { .. }) {
            return Ok(None);
        }
        self.settle.told(&file.name);
        Ok(Some(FolderEvent::Refused {
            name: file.name.clone(),
            why: refusal,
        }))
    }

    /// Claims a whole document. Nothing when it is gone: another PC was quicker.
    fn take(&self, file: &Steady) -> io::Result<Result<Option<FolderEvent>, ScanRefusal>> {
        let path = self.settings.path.join(&file.name);
        Ok(match look_into(&path, file.size) {
            Ok(Finish::Complete(mime)) => return self.claim(file, &path, mime),
            Ok(Finish::Incomplete) => Err(ScanRefusal::Incomplete),
            Ok(Finish::NotADocument) => Err(ScanRefusal::NotADocument),
            Ok(Finish::Locked) => Err(ScanRefusal::Locked),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => {
                tracing::debug!(%error, file = %path.display(), "a scan could not be read");
                Err(ScanRefusal::Unreadable)
            }
        })
    }

    fn claim(
        &self,
        file: &Steady,
        from: &Path,
        mime: ScanMime,
    ) -> io::Result<Result<Option<FolderEvent>, ScanRefusal>> {
        let folder = self.claim_folder();
        fs::create_dir_all(&folder)?;
        let short = cut_to_bytes(&file.name, MAX_CLAIM_NAME_BYTES);
        let to = folder.join(format!(
            "{}{CLAIM_SEPARATOR}{short}",
            Uuid::new_v4().simple()
        ));
        match fs::rename(from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Ok(None)),
            Err(error) if is_held(&error) => return Ok(Err(ScanRefusal::Locked)),
            Err(error) => return Err(error),
        }
        if fs::metadata(&to)?.len() != file.size {
            // It grew between the look and the claim: the writer still has it open.
            fs::rename(&to, from)?;
            return Ok(Err(ScanRefusal::Locked));
        }
        let name = file.name.clone();
        Ok(Ok(Some(FolderEvent::Arrived {
            path: to,
            name,
            mime,
            size: file.size,
        })))
    }

    fn claim_folder(&self) -> PathBuf {
        self.settings
            .path
            .join(CLAIM_FOLDER)
            .join(&self.settings.station)
    }

    /// Files claimed by this PC and not taken before it stopped.
    fn recover(&self) -> io::Result<Vec<FolderEvent>> {
        let folder = self.claim_folder();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut events = Vec::new();
        for entry in entries.take(MAX_LISTED_FILES) {
            let path = entry?.path();
            let Ok(size) = fs::metadata(&path).map(|metadata| metadata.len()) else {
                continue;
            };
            if let Ok(Finish::Complete(mime)) = look_into(&path, size) {
                events.push(FolderEvent::Arrived {
                    name: name_of_claim(&path),
                    path,
                    mime,
                    size,
                });
            }
        }
        Ok(events)
    }
}

fn name_of_claim(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    file.split_once(CLAIM_SEPARATOR)
        .map_or(file.as_ref(), |(_, name)| name)
        .to_owned()
}

fn is_unfinished_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with(['.', '~'])
        || TEMPORARY_ENDINGS
            .iter()
            .any(|ending| lower.ends_with(ending))
        || SYSTEM_FILES.contains(&lower.as_str())
}

fn is_held(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    error.kind() == ErrorKind::PermissionDenied
        || (cfg!(windows) && error.raw_os_error() == Some(ERROR_SHARING_VIOLATION))
}

fn cut_to_bytes(name: &str, max_bytes: usize) -> &str {
    let mut from = name.len().saturating_sub(max_bytes);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    &name[from..]
}

/// File events of the system, as a hint only; none on a share is not an error.
fn wake_on_change(path: &Path) -> Option<Wake> {
    let (hint, hints) = sync_channel(1);
    let mut watcher = notify::recommended_watcher(move |_| {
        // A full channel means that a hint is waiting already.
        let _already_hinted = hint.try_send(());
    })
    .ok()?;
    watcher.watch(path, RecursiveMode::NonRecursive).ok()?;
    Some(Wake {
        hints,
        _watcher: watcher,
    })
}

impl FolderWatch {
    /// Time between two looks.
    #[must_use]
    pub fn poll_interval(&self) -> Duration {
        self.settings.poll
    }
}
