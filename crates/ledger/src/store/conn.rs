//! Connections: the one that writes and those that only read. Every setting of SQLite is made here.
//!
//! `ReadTx` has no method that writes and its connections are opened read-only; `WriteTx` exists only on the
//! writer's thread, so nothing else in the program can change the store.

use std::ops::Deref;
use std::path::Path;
use std::sync::Once;

use rusqlite::ffi::ErrorCode;
use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use crate::keys::StoreKey;

/// How long a connection waits for another one's lock.
const BUSY_TIMEOUT_MS: u32 = 5_000;
/// Cache of one connection in KiB.
const CACHE_KIB: u32 = 8 * 1024;
/// A commit moves the log into the file after this many pages; usually the idle writer has done it before.
const WAL_PAGES_MAX: u32 = 4_000;

/// The most pages that SQLite knows of.
const PAGES_MAX: u32 = 4_294_967_294;

/// A consistent view of the store.
pub(crate) struct ReadTx<'c> {
    pub(super) conn: &'c Connection,
}

/// The transaction of the writer. Everything that a reader can do, and writing.
pub(crate) struct WriteTx<'c>(ReadTx<'c>);

impl<'c> WriteTx<'c> {
    pub(super) fn new(conn: &'c Connection) -> Self {
        Self(ReadTx { conn })
    }
}

impl WriteTx<'_> {
    /// Behaves as if the disk had no room for another page, until it is told otherwise.
    pub(crate) fn pretend_full(&self, full: bool) -> Result<(), StoreError> {
        // SQLite raises a limit below the file's size to that size.
        let pages = if full { 1 } else { PAGES_MAX };
        self.conn
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &ReadTx<'c> {
        &self.0
    }
}

/// Opens the connection that writes, making the file where there is none.
pub(super) fn open_writer(path: &Path, key: &StoreKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(path, flags)?;
    unlock(&conn, key)?;
    settings(&conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Damaged(format!(
            "journal mode is {mode}, not wal"
        )));
    }
    conn.execute_batch(&format!("PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}"))?;
    Ok(conn)
}

/// Opens a connection that cannot write.
pub(super) fn open_reader(path: &Path, key: &StoreKey) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = open(path, flags)?;
    unlock(&conn, key)?;
    settings(&conn)?;
    conn.execute_batch("PRAGMA query_only = ON")?;
    Ok(conn)
}

/// Opens a connection once SQLCipher is ready. SQLite starts SQLCipher after it has given up its own lock, so a
/// second thread that opens its first store at the same moment would find no cipher.
fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    static READY: Once = Once::new();
    READY.call_once(|| drop(Connection::open_in_memory()));
    Ok(Connection::open_with_flags(path, flags)?)
}

fn unlock(conn: &Connection, key: &StoreKey) -> Result<(), StoreError> {
    // What SQLCipher would write to the console comes back as an error, too.
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    conn.execute_batch(&key.pragma())?;
    // The key is only tried at the first page: an unreadable schema is a wrong key.
    let tried = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    tried.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::WrongKey,
        _ => error.into(),
    })
}

fn settings(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(&format!(
        "PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -{CACHE_KIB};"
    ))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}
