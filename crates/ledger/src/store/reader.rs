//! Readers: a few read-only connections that are lent out one call at a time.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::Connection;

use super::StoreError;
use super::conn::{self, ReadTx};
use super::migrate;
use crate::keys::StoreKey;

/// Connections at once; more readers wait for a free one.
const READERS_MAX: usize = 4;

/// A store that can be read and cannot be written.
pub(crate) struct ReadPool {
    path: PathBuf,
    key: StoreKey,
    state: Mutex<Lent>,
    returned: Condvar,
}

struct Lent {
    free: Vec<Connection>,
    open: usize,
}

impl ReadPool {
    pub(super) fn open(path: PathBuf, key: StoreKey) -> Result<Self, StoreError> {
        let first = conn::open_reader(&path, &key)?;
        migrate::readable(&first)?;
        let state = Mutex::new(Lent {
            free: vec![first],
            open: 1,
        });
        Ok(Self {
            path,
            key,
            state,
            returned: Condvar::new(),
        })
    }

    /// Reads from one consistent moment of the store.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let conn = Borrowed {
            pool: self,
            conn: Some(self.borrow()?),
        };
        let Some(open) = conn.conn.as_ref() else {
            return Err(StoreError::Closed.into());
        };
        let tx = open.unchecked_transaction().map_err(StoreError::from)?;
        let found = look(&ReadTx { conn: &tx });
        drop(tx);
        found
    }

    fn borrow(&self) -> Result<Connection, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(conn) = state.free.pop() {
                return Ok(conn);
            }
            if state.open < READERS_MAX {
                state.open += 1;
                drop(state);
                return conn::open_reader(&self.path, &self.key).inspect_err(|_| self.forget());
            }
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn forget(&self) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .open -= 1;
        self.returned.notify_one();
    }
}

/// Gives the connection back whatever happens.
struct Borrowed<'p> {
    pool: &'p ReadPool,
    conn: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.pool
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .free
                .push(conn);
            self.pool.returned.notify_one();
        }
    }
}
