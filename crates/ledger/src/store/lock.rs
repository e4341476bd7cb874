//! One program writes a store. The lock is a file beside it, held as long as the store is open and given back
//! by the operating system when the program dies in any way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::StoreError;
use crate::files;

/// A program that is just ending is waited for: half a second in all.
const TRIES_MAX: u32 = 20;
const RETRY_MS: u64 = 25;
const LOCK_FILE: &str = "store.lock";

/// The right to write the store in a folder.
#[derive(Debug)]
pub(super) struct StoreLock {
    _file: File,
}

impl StoreLock {
    pub(super) fn take(dir: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        files::private(&mut options);
        let file = options.open(dir.join(LOCK_FILE))?;
        for _ in 0..TRIES_MAX {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(RETRY_MS)),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(StoreError::InUse)
    }
}
