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
mod search;
mod tickets;
mod verify;
mod writer;

use std::path::Path;
use std::time::{Duration, Instant};

pub use dossiers::DossierRow;
pub use drafts::Draft;
pub use error::StoreError;
pub use files_of::BlobDue;
pub use meta::Cursor;
pub use nodes::{Node, NodeRole};
pub use ops::Attention;
pub use print_jobs::{NewPrintJob, PrintJob, PrintJobState, PrintKind};
pub use search::{Matched, SearchHit};
pub use verify::{VerifyReport, Wrong};

pub(crate) use conn::{ReadTx, WriteTx};
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

/// Takes the store in `dir` for this program, making the folder where there is none. Comes before everything
/// else, also before the key: two programs that start together must not each make one.
pub(crate) fn lock(dir: &Path) -> Result<Lock, StoreError> {
    crate::files::create_private_dir(dir)?;
    Ok(Lock(StoreLock::take(dir)?))
}

/// Opens the store in `dir`, making it where there is none.
pub(crate) fn open(dir: &Path, key: &StoreKey, lock: Lock) -> Result<Opened, StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> StoreKey {
        StoreKey::from_bytes([5; 32])
    }

    #[test]
    fn a_file_of_a_newer_program_is_refused_by_writers_and_readers() {
        let dir = tempfile::tempdir().unwrap();
        let opened = open(dir.path(), &key(), lock(dir.path()).unwrap()).unwrap();
        opened
            .conn
            .execute_batch("PRAGMA user_version = 99; UPDATE meta SET value = '99'")
            .unwrap();
        drop(opened);
        let refused = open(dir.path(), &key(), lock(dir.path()).unwrap())
            .map(drop)
            .unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::NewerStore {
                    found: 99,
                    known: 1
                }
            ),
            "{refused}"
        );
        let refused = open_readers(dir.path(), &key()).map(drop).unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::NewerStore {
                    found: 99,
                    known: 1
                }
            ),
            "{refused}"
        );
    }

    #[test]
    fn a_reader_cannot_write() {
        let dir = tempfile::tempdir().unwrap();
        let opened = open(dir.path(), &key(), lock(dir.path()).unwrap()).unwrap();
        let wrote: Result<(), StoreError> = opened.readers.read(|tx| {
            tx.conn.execute("INSERT INTO meta VALUES ('a', 'b')", [])?;
            Ok(())
        });
        assert!(wrote.is_err());
    }

    #[test]
    fn a_commit_is_synced_and_the_log_written_ahead() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(dir.path(), &key(), lock(dir.path()).unwrap())
            .unwrap()
            .conn;
        let ask = |pragma: &str| -> String {
            conn.query_row(
                &format!("SELECT CAST((SELECT * FROM pragma_{pragma}) AS TEXT)"),
                [],
                |row| row.get(0),
            )
            .unwrap()
        };
        let full = "2";
        assert_eq!(
            (
                ask("journal_mode"),
                ask("synchronous"),
                ask("trusted_schema")
            ),
            ("wal".into(), full.into(), "0".into())
        );
    }

    #[test]
    fn a_check_that_takes_too_long_is_unfinished() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(dir.path(), &key(), lock(dir.path()).unwrap())
            .unwrap()
            .conn;
        let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                    INSERT INTO meta SELECT 'key ' || i, 'value ' || i FROM n";
        conn.execute_batch(rows).unwrap();
        assert_eq!(
            check(&conn, Some(Duration::ZERO)).unwrap(),
            Integrity::Unfinished
        );
        assert_eq!(check(&conn, None).unwrap(), Integrity::Sound);
    }
}
