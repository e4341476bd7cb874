//! Table `draft`: what a clerk has typed and not yet received. Drafts are no operations and go nowhere.

use std::fmt;

use motcua_core::ids::EntityId;
use rusqlite::{OptionalExtension, Row, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};

/// A draft as it was saved last. `Debug` shows none of what was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its identity, made at the desk.
    pub id: EntityId,
    /// Its content; the desk knows the form.
    pub json: String,
    /// When it was saved, milliseconds since 1970.
    pub updated_ms: i64,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: rows::entity(row, 0)?,
        json: row.get(1)?,
        updated_ms: row.get(2)?,
    })
}

impl ReadTx<'_> {
    /// Every draft, the latest first.
    pub(crate) fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT id, json, updated_ms FROM draft ORDER BY updated_ms DESC, id",
        )?;
        Ok(query.query_map([], draft)?.collect::<Result<_, _>>()?)
    }

    pub(crate) fn draft(&self, id: EntityId) -> Result<Option<Draft>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT id, json, updated_ms FROM draft WHERE id = ?1")?;
        Ok(query.query_row([id.key()], draft).optional()?)
    }
}

impl WriteTx<'_> {
    pub(crate) fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO draft (id, json, updated_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET json = excluded.json, updated_ms = excluded.updated_ms
                 WHERE json <> excluded.json",
            )?
            .execute(params![draft.id.key(), draft.json, draft.updated_ms])?;
        Ok(())
    }

    /// The draft became a dossier or was thrown away; its blob references go with it.
    pub(crate) fn end_draft(&self, id: EntityId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM draft WHERE id = ?1")?
            .execute([id.key()])?;
        self.forget_draft_refs(id)
    }
}
