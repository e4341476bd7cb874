//! Table `ticket`: the tickets of a day.

use jiff::civil::Date;
use motcua_core::queue::Ticket;
use motcua_core::state::State;
use rusqlite::params;

use super::StoreError;
use super::conn::{ReadTx, WriteTx};
use super::rows::{self, Key};

impl ReadTx<'_> {
    /// Every ticket of a day, by label.
    pub(crate) fn tickets(&self, day: Date) -> Result<Vec<Ticket>, StoreError> {
        let mut query = self.conn.prepare_cached(
            "SELECT state.doc FROM ticket JOIN state ON state.id = ticket.id
             WHERE ticket.day = ?1 ORDER BY ticket.label",
        )?;
        let found = query.query_map([day.to_string()], |row| rows::json::<State>(row, 0))?;
        let mut tickets = Vec::new();
        for state in found {
            tickets.extend(state?.into_ticket());
        }
        Ok(tickets)
    }
}

impl WriteTx<'_> {
    pub(super) fn index_ticket(&self, id: i64, ticket: &Ticket) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO ticket (id, entity, day, label, state) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (id) DO UPDATE
                 SET day = excluded.day, label = excluded.label, state = excluded.state",
            )?
            .execute(params![
                id,
                ticket.id.key(),
                ticket.issued.day.to_string(),
                ticket.issued.label,
                ticket.state.name()
            ])?;
        Ok(())
    }

    pub(super) fn forget_ticket(&self, id: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM ticket WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }
}
