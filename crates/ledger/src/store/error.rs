//! What can go wrong with a store, with a stable code and whether trying again can help.

use motcua_core::state::Decision;
use rusqlite::ffi::ErrorCode;

use crate::blobs::BlobError;
use crate::keys::KeyError;
use crate::random::NoRandomness;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full: nothing of this act was kept, everything before it is safe.
    #[error("the disk is full")]
    DiskFull,
    /// The file was written by a newer program.
    #[error("the store is of version {found}, this program knows {known}")]
    NewerStore {
        /// The file's version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The key does not open the file.
    #[error("the key does not open the store")]
    WrongKey,
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file is damaged.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// Another program, or another window of this one, has the store open.
    #[error("another program has the store open")]
    InUse,
    /// The store belongs to another office, or it is a hub's where a counter's was expected.
    #[error("the store is of another office or another kind of machine: {0}")]
    OtherStore(String),
    /// A device of that identity is enrolled with another key.
    #[error("the device is enrolled with another key")]
    OtherDeviceKey,
    /// More acts wait than the store takes on; trying again in a moment helps.
    #[error("the store is busy")]
    Busy,
    /// The writer is gone (the program is ending).
    #[error("the store is closed")]
    Closed,
    /// An act panicked; it was rolled back and the writer goes on.
    #[error("an act failed in the middle and was rolled back")]
    ActPanicked,
    /// An own operation would not stand in the log. Acts decide on the states of their own transaction, so
    /// this is a mistake of the program and not of a person.
    #[error("{kind} would not stand: {decision:?}")]
    WouldNotStand {
        /// The operation's kind.
        kind: String,
        /// What the log would say.
        decision: Decision,
    },
    /// A print job does not go from one state to the other.
    #[error("a print job that is {from} never becomes {to}")]
    PrintStep {
        /// Its state.
        from: String,
        /// What was asked for.
        to: String,
    },
    /// SQLite said something else.
    #[error("store: {0}")]
    Sqlite(rusqlite::Error),
    /// A file beside the store could not be read or written.
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    /// A blob could not be read or written.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// An operation could not be written.
    #[error(transparent)]
    Op(#[from] motcua_core::op::OpError),
    /// A stored row is not of the form it must have.
    #[error("stored row: {0}")]
    Row(#[from] serde_json::Error),
    /// The operating system gave no random bytes.
    #[error(transparent)]
    Random(#[from] NoRandomness),
}

impl StoreError {
    /// A stable code for the message catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DiskFull => "disk_full",
            Self::NewerStore { .. } => "store_newer",
            Self::WrongKey => "store_wrong_key",
            Self::Key(error) => error.code(),
            Self::Damaged(_) | Self::Row(_) => "store_damaged",
            Self::InUse => "store_in_use",
            Self::OtherStore(_) => "store_other",
            Self::OtherDeviceKey => "device_other_key",
            Self::Busy => "store_busy",
            Self::Closed => "store_closed",
            Self::ActPanicked | Self::WouldNotStand { .. } | Self::PrintStep { .. } => {
                "store_act_failed"
            }
            Self::Sqlite(_) | Self::Op(_) => "store_failed",
            Self::Io(_) => "store_io",
            Self::Blob(error) => error.code(),
            Self::Random(_) => "no_randomness",
        }
    }

    /// False when the same call can succeed later without anybody changing anything but room or time.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::DiskFull | Self::InUse | Self::Busy | Self::Io(_) => false,
            Self::Key(error) => !matches!(error, KeyError::KeyringSilent(_) | KeyError::Io(_)),
            Self::Blob(error) => error.is_permanent(),
            _ => true,
        }
    }

    /// The same failure once more, for each act of a group whose commit failed.
    pub(crate) fn echo(&self) -> Self {
        match self {
            Self::DiskFull => Self::DiskFull,
            Self::Damaged(what) => Self::Damaged(what.clone()),
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, text)) => {
                Self::Sqlite(rusqlite::Error::SqliteFailure(*error, text.clone()))
            }
            _ => Self::Closed,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // The key was right at the first page: a page that it does not open is damaged.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            // SQLCipher gives no page where it cannot decrypt one, and SQLite takes that for lack of memory.
            Some(ErrorCode::OutOfMemory) => Self::Damaged("a page cannot be decrypted".to_owned()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}
