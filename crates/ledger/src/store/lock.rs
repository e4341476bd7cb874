//! One program writes a store. The lock is a file beside it, held as long as the store is open and given back
//! by the operating system when the program dies in any way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::StoreError;
use crate::files;

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
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
