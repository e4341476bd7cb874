//! The encrypted store: one SQLCipher file, one writer, a few readers. All SQL of the program is in here.
//!
//! The file is the same for a counter and for a hub. Each submodule owns some tables and adds methods to
//! [`conn::ReadTx`] (reading) or [`conn::WriteTx`] (writing); whole use cases are composed in `desk_store`
//! and `sqlite_hub`.
//!
//! Not here: when something is written, what it means, and who may ask.

mod conn;
mod devices;
mod dossiers;
mod drafts;
mod entities;
mod error;
mod files_of;
mod folding;
mod forward;
mod high_water;
mod lock;
mod meta;
mod migrate;
mod nodes;
mod numbers;
mod ops;
mod print_jobs;
mod reader;
mod rows;
mod tickets;
mod verify;
mod writer;

use std::path::Path;
use std::time::{Duration, Instant};

pub use dossiers::{DossierRow, Matched, SearchHit};
pub use drafts::Draft;
pub use error::StoreError;
pub use files_of::BlobDue;
pub use meta::Cursor;
pub use nodes::{Node, NodeRole};
pub use ops::Attention;
pub use print_jobs::{NewPrintJob, PrintJob, PrintJobState, PrintKind};
pub use verify::{VerifyReport, Wrong};

pub(crate) use conn::{ReadTx, WriteTx};
pub(crate) use files_of::blobs_of;
pub(crate) use folding::{Folding, NUMBER_TAKEN, note_event};
pub(crate) use high_water::{HighWater, HighWaterFile};
pub(crate) use numbers::Taken;
pub(crate) use ops::{NewOp, OpRow};
pub(crate) use reader::ReadPool;
pub(crate) use writer::{ActFailure, Keeper, Writer};

use crate::keys::StoreKey;
use lock::StoreLock;

/// The database's file name in the store's folder.
pub(crate) const DATABASE_FILE: &str = "ledger.db";
/// How long the check at the start may take; a larger file is checked to its end later.
const START_CHECK_MS_MAX: u64 = 250;
/// Virtual machine steps between two looks at the clock during a check.
const CHECK_STEPS: i32 = 10_000;

/// What a check of the file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// Every page is as it should be.
    Sound,
    /// The time was up before the end; what was looked at is as it should be.
    Unfinished,
    /// Pages are damaged.
    Damaged(String),
}

/// A store that is open for writing.
pub(crate) struct Opened {
    pub(crate) conn: rusqlite::Connection,
    pub(crate) readers: ReadPool,
    pub(crate) integrity: Integrity,
    /// Held as long as the store is open.
    pub(crate) lock: Lock,
}

impl Opened {
    /// Runs the first transaction, before the writer starts.
    pub(crate) fn setup<T>(
        &mut self,
        act: impl FnOnce(&WriteTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let tx = self
            .conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let value = act(&WriteTx::new(&tx))?;
        tx.commit()?;
        Ok(value)
    }
}

/// Keeps other programs from writing the store.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code)] StoreLock);

/// Opens the store in `dir`, making it where there is none.
pub(crate) fn open(dir: &Path, key: &StoreKey) -> Result<Opened, StoreError> {
    crate::files::create_private_dir(dir)?;
    let lock = Lock(StoreLock::take(dir)?);
    let path = dir.join(DATABASE_FILE);
    let mut conn = conn::open_writer(&path, key)?;
    migrate::migrate(&mut conn, &path, migrate::MIGRATIONS)?;
    let integrity = check(&conn, Some(Duration::from_millis(START_CHECK_MS_MAX)))?;
    let readers = ReadPool::open(path, key.clone())?;
    Ok(Opened {
        conn,
        readers,
        integrity,
        lock,
    })
}

/// Opens the store in `dir` for reading only; another program may be writing it.
pub(crate) fn open_readers(dir: &Path, key: &StoreKey) -> Result<ReadPool, StoreError> {
    ReadPool::open(dir.join(DATABASE_FILE), key.clone())
}

/// Looks at every page of the file, for at most `limit`.
fn check(conn: &rusqlite::Connection, limit: Option<Duration>) -> Result<Integrity, StoreError> {
    if let Some(limit) = limit {
        let until = Instant::now() + limit;
        conn.progress_handler(CHECK_STEPS, Some(move || Instant::now() > until))?;
    }
    let verdict: Result<String, rusqlite::Error> =
        conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    conn.progress_handler(0, None::<fn() -> bool>)?;
    match verdict {
        Ok(word) if word == "ok" => Ok(Integrity::Sound),
        Ok(what) => Ok(Integrity::Damaged(what)),
        Err(error) => match error.sqlite_error_code() {
            Some(rusqlite::ffi::ErrorCode::OperationInterrupted) => Ok(Integrity::Unfinished),
            _ => match StoreError::from(error) {
                StoreError::Damaged(what) => Ok(Integrity::Damaged(what)),
                other => Err(other),
            },
        },
    }
}

impl ReadTx<'_> {
    /// Looks at every page of the file, however long it takes.
    pub(crate) fn integrity(&self) -> Result<Integrity, StoreError> {
        check(self.conn, None)
    }
}
