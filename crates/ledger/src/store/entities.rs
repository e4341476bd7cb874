//! Table `state`: entities as folded here, and what follows from each for lists and search.

use motcua_core::event::Family;
use motcua_core::ids::EntityId;
use motcua_core::state::{FOLD_VERSION, State};
use rusqlite::{OptionalExtension, params};

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key, int};

fn family(state: &State) -> Family {
    match state {
        State::Dossier(_) => Family::Dossier,
        State::Ticket(_) => Family::Ticket,
        State::Office(_) => Family::Office,
    }
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Dossier => "dossier",
        Family::Ticket => "ticket",
        Family::Office => "office",
    }
}

/// The highest log position folded into an entity: what somebody who looks at it has seen.
pub(crate) fn last_seq(state: &State) -> u64 {
    match state {
        State::Dossier(dossier) => dossier.last_seq,
        State::Ticket(ticket) => ticket.last_seq,
        State::Office(office) => office.last_seq,
    }
}

impl ReadTx<'_> {
    pub(crate) fn state(&self, entity: EntityId) -> Result<Option<State>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT doc FROM state WHERE entity = ?1")?;
        Ok(query
            .query_row([entity.key()], |row| rows::json(row, 0))
            .optional()?)
    }

    /// The document as it is stored, to be compared with a fold from nothing.
    pub(super) fn state_text(&self, entity: EntityId) -> Result<Option<String>, StoreError> {
        let mut query = self
            .conn
            .prepare_cached("SELECT doc FROM state WHERE entity = ?1")?;
        Ok(query
            .query_row([entity.key()], |row| row.get(0))
            .optional()?)
    }

    /// Entities whose rows were folded by another version of the fold.
    pub(crate) fn stale_states(&self, limit: u32) -> Result<Vec<EntityId>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT entity FROM state WHERE fold_version < ?1
                 UNION ALL SELECT entity FROM state WHERE fold_version > ?1 LIMIT ?2",
        )?;
        let found = query.query_map(params![FOLD_VERSION, limit], |row| rows::entity(row, 0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    pub(crate) fn state_count(&self) -> Result<u64, StoreError> {
        Ok(self
            .conn
            .query_row("SELECT count(*) FROM state", [], |row| rows::u64_of(row, 0))?)
    }
}

impl WriteTx<'_> {
    /// Keeps an entity and everything that follows from it; none removes it.
    pub(crate) fn save_state(
        &self,
        entity: EntityId,
        state: Option<&State>,
    ) -> Result<(), StoreError> {
        let Some(state) = state else {
            return self.remove_state(entity);
        };
        let id: i64 = self
            .conn
            .prepare_cached(
                "INSERT INTO state (entity, family, doc, fold_version, last_seq) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (entity) DO UPDATE
                 SET doc = excluded.doc, fold_version = excluded.fold_version, last_seq = excluded.last_seq
                 RETURNING id",
            )?
            .query_row(
                params![
                    entity.key(),
                    family_name(family(state)),
                    serde_json::to_string(state)?,
                    FOLD_VERSION,
                    int(last_seq(state)),
                ],
                |row| row.get(0),
            )?;
        match state {
            State::Dossier(dossier) => self.index_dossier(id, dossier),
            State::Ticket(ticket) => self.index_ticket(id, ticket),
            State::Office(_) => Ok(()),
        }
    }

    fn remove_state(&self, entity: EntityId) -> Result<(), StoreError> {
        let id: Option<i64> = self
            .conn
            .prepare_cached("DELETE FROM state WHERE entity = ?1 RETURNING id")?
            .query_row([entity.key()], |row| row.get(0))
            .optional()?;
        if let Some(id) = id {
            self.forget_dossier(id)?;
            self.forget_ticket(id)?;
        }
        Ok(())
    }
}
