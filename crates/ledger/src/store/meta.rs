//! Tables `meta` and `cursor`: facts about this file and this machine, and where it is in the log.

use motcua_core::ids::{Hash, ScopeId};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::conn::{ReadTx, WriteTx};
use super::{StoreError, rows};

/// Where a node is in an office's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which log: it changes when a hub's store was restored.
    pub log_id: Uuid,
    /// The last position taken; 0 for none.
    pub seq: u64,
    /// The running hash there.
    pub chain: Hash,
}

impl Cursor {
    /// Before the first line of a log.
    #[must_use]
    pub fn start(log_id: Uuid) -> Self {
        Self {
            log_id,
            seq: 0,
            chain: Hash::ZERO,
        }
    }
}

impl ReadTx<'_> {
    /// A fact by name.
    pub(crate) fn fact<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
        let text: Option<String> = query.query_row([key], |row| row.get(0)).optional()?;
        text.map(|t| serde_json::from_str(&t))
            .transpose()
            .map_err(StoreError::from)
    }

    pub(crate) fn cursor(&self, scope: &ScopeId) -> Result<Option<Cursor>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT log_id, seq, chain FROM cursor WHERE scope = ?1")?;
        let cursor = query.query_row([&scope.0], |row| {
            Ok(Cursor {
                log_id: rows::uuid(row, 0)?,
                seq: rows::u64_of(row, 1)?,
                chain: rows::hash(row, 2)?,
            })
        });
        Ok(cursor.optional()?)
    }
}

impl WriteTx<'_> {
    pub(crate) fn set_fact<T: Serialize>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value)?;
        self.conn
            .prepare_cached(
                "INSERT INTO meta (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            )?
            .execute(params![key, text])?;
        Ok(())
    }

    pub(crate) fn forget_fact(&self, key: &str) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM meta WHERE key = ?1")?
            .execute([key])?;
        Ok(())
    }

    pub(crate) fn set_cursor(&self, scope: &ScopeId, cursor: &Cursor) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO cursor (scope, log_id, seq, chain) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (scope) DO UPDATE
                 SET log_id = excluded.log_id, seq = excluded.seq, chain = excluded.chain",
            )?
            .execute(params![
                scope.0,
                cursor.log_id.into_bytes(),
                rows::int(cursor.seq),
                cursor.chain.0
            ])?;
        Ok(())
    }
}
