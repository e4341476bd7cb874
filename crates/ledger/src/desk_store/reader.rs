//! A store that is only read, for scripts and the command line.

use std::io::Write;
use std::path::Path;

use motcua_core::dossier::Dossier;
use motcua_core::ids::{Hash, ScopeId};
use motcua_core::office::Office;
use motcua_core::state::{State, office_entity};

use super::DeskStore;
use super::health::{StoreStats, export, stats_of, verify_store};
use crate::blobs::BlobStore;
use crate::keys::{self, KeyPolicy};
use crate::node;
use crate::store::{self, Integrity, ReadPool, StoreError, VerifyReport};

/// A counter's or a hub's store that is only read, also while another program writes it.
pub struct DeskReader {
    readers: ReadPool,
    blobs: BlobStore,
    scope: ScopeId,
}

impl DeskReader {
    /// Opens a counter's or a hub's store for reading.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::OtherStore`] when there is no store in the folder.
    pub fn open(dir: &Path, keys: KeyPolicy) -> Result<Self, StoreError> {
        if !DeskStore::exists(dir) {
            return Err(StoreError::OtherStore(
                "there is no store in the folder".to_owned(),
            ));
        }
        let key = keys::open_key(dir, keys)?.key;
        let readers = store::open_readers(dir, &key)?;
        let scope = readers.read(node::scope)?;
        let scope =
            scope.ok_or_else(|| StoreError::OtherStore("the store has no office".to_owned()))?;
        Ok(Self {
            readers,
            blobs: BlobStore::open_beside(dir, &key),
            scope,
        })
    }

    /// As [`DeskStore::verify`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn verify(&self) -> Result<VerifyReport, StoreError> {
        self.readers
            .read(|tx| verify_store(tx, &self.scope, &self.blobs))
    }

    /// As [`DeskStore::stats`], without what only the writing program has counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn stats(&self) -> Result<StoreStats, StoreError> {
        self.readers.read(|tx| stats_of(tx, &self.scope))
    }

    /// As [`DeskStore::export`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn export(&self, out: &mut impl Write) -> Result<u64, StoreError> {
        self.readers.read(|tx| export(tx, out))
    }

    /// As [`DeskStore::integrity`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn integrity(&self) -> Result<Integrity, StoreError> {
        self.readers.read(|tx| tx.integrity())
    }

    /// A dossier by its whole code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn dossier_by_code(&self, code: &str) -> Result<Option<Dossier>, StoreError> {
        self.readers.read(|tx| match tx.dossier_row_by_code(code)? {
            Some(row) => Ok(tx.state(row.id)?.and_then(State::into_dossier)),
            None => Ok(None),
        })
    }

    /// The office as it stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn office(&self) -> Result<Option<Office>, StoreError> {
        let entity = office_entity(&self.scope);
        Ok(self
            .readers
            .read(|tx| tx.state(entity))?
            .and_then(State::into_office))
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// [`StoreError::Blob`].
    pub fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.blobs.read(sha256)?)
    }
}
