//! What the screens read.

use jiff::civil::Date;
use motcua_core::dossier::Dossier;
use motcua_core::ids::{EntityId, Hash, PrintJobId};
use motcua_core::office::Office;
use motcua_core::queue::Ticket;
use motcua_core::state::{State, office_entity};

use super::DeskStore;
use crate::store::{Attention, DossierRow, Draft, Node, PrintJob, ReadTx, SearchHit, StoreError};

impl DeskStore {
    pub(super) fn look<T>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.readers.read(look)
    }

    /// The office as it stands; none before it is set up or read from the hub.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn office(&self) -> Result<Option<Office>, StoreError> {
        let entity = office_entity(&self.inner.scope);
        Ok(self
            .look(|tx| tx.state(entity))?
            .and_then(State::into_office))
    }

    /// A dossier.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier(&self, id: EntityId) -> Result<Option<Dossier>, StoreError> {
        Ok(self.look(|tx| tx.state(id))?.and_then(State::into_dossier))
    }

    /// A dossier by its whole code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier_by_code(&self, code: &str) -> Result<Option<Dossier>, StoreError> {
        self.look(|tx| match tx.dossier_row_by_code(code)? {
            Some(row) => Ok(tx.state(row.id)?.and_then(State::into_dossier)),
            None => Ok(None),
        })
    }

    /// A queue ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ticket(&self, id: EntityId) -> Result<Option<Ticket>, StoreError> {
        Ok(self.look(|tx| tx.state(id))?.and_then(State::into_ticket))
    }

    /// Every ticket of a day, by label.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tickets(&self, day: Date) -> Result<Vec<Ticket>, StoreError> {
        self.look(|tx| tx.tickets(day))
    }

    /// The search box: a code or its last digits, a name without marks, an identity number, a phone number.
    /// Best rank first, newest first within a rank.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(&self, typed: &str, limit: usize) -> Result<Vec<SearchHit>, StoreError> {
        self.look(|tx| tx.search(typed, limited(limit)))
    }

    /// Dossiers of a person by their personal number, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn earlier_dossiers_of(
        &self,
        id_number: &str,
        limit: usize,
    ) -> Result<Vec<Dossier>, StoreError> {
        self.look(|tx| {
            let mut dossiers = Vec::new();
            for row in tx.dossiers_of(id_number, limited(limit))? {
                dossiers.extend(tx.state(row.id)?.and_then(State::into_dossier));
            }
            Ok(dossiers)
        })
    }

    /// Dossiers received on a day, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossiers_on(&self, day: Date, limit: usize) -> Result<Vec<DossierRow>, StoreError> {
        self.look(|tx| tx.dossiers_on(day, limited(limit)))
    }

    /// The dossiers that were received for a queue ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossiers_of_ticket(&self, ticket: EntityId) -> Result<Vec<EntityId>, StoreError> {
        self.look(|tx| tx.dossiers_of_ticket(ticket))
    }

    /// Whether this machine has called the ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn called_here(&self, ticket: EntityId) -> Result<bool, StoreError> {
        self.look(|tx| tx.has_said(self.inner.identity.device, ticket, "ticket.call"))
    }

    /// Every draft, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.look(|tx| tx.drafts())
    }

    /// A draft.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn draft(&self, id: EntityId) -> Result<Option<Draft>, StoreError> {
        self.look(|tx| tx.draft(id))
    }

    /// Papers to which something may still happen, in the order in which they were asked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_print_jobs(&self) -> Result<Vec<PrintJob>, StoreError> {
        self.look(|tx| tx.open_print_jobs(self.inner.start))
    }

    /// Every paper of a dossier or ticket.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn print_jobs_of(&self, entity: EntityId) -> Result<Vec<PrintJob>, StoreError> {
        self.look(|tx| tx.print_jobs_of(entity, self.inner.start))
    }

    /// A paper.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn print_job(&self, id: PrintJobId) -> Result<Option<PrintJob>, StoreError> {
        self.look(|tx| tx.print_job(id, self.inner.start))
    }

    /// A blob's bytes, decrypted and checked; none when it is not on this machine.
    ///
    /// # Errors
    /// [`StoreError::Blob`] when the bytes are not those of the name.
    pub fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.inner.blobs.read(sha256)?)
    }

    /// What needs a person: operations that met others or can never stand, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn attention(&self, limit: usize) -> Result<Vec<Attention>, StoreError> {
        self.look(|tx| tx.attention(limited(limit)))
    }

    /// The nodes that this machine exchanges with, the one that was heard last first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        self.look(|tx| tx.nodes())
    }
}

fn limited(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
