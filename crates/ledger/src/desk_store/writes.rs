//! What this machine keeps beside the log: drafts, print states, blobs, its own settings, how to reach the
//! hub, and the latest time that was believed. None of it is an operation.

use std::sync::Arc;

use jiff::civil::DateTime;
use motcua_core::dossier::BlobRef;
use motcua_core::ids::{EntityId, PrintJobId};
use serde::{Deserialize, Serialize};

use super::{ActError, DeskStore, FIRST_SLOT, SLOT, epochs};
use crate::clock;
use crate::exchange::Joined;
use crate::node;
use crate::store::{Draft, PrintJobState, ReadTx, StoreError, WriteTx};

/// The latest time that was believed: the hub's, or that of an own act that passed the guard.
pub(super) const SEEN_MS: &str = "seen_ms";
pub(super) const LOCAL_PREFIX: &str = "local:";
const JOINED: &str = "joined";

/// How the hub is reached.
#[derive(Serialize, Deserialize)]
struct Link {
    url: String,
    ca_pem: String,
    hub: String,
}

impl From<&Joined> for Link {
    fn from(joined: &Joined) -> Self {
        Self {
            url: joined.url.clone(),
            ca_pem: joined.ca_pem.clone(),
            hub: joined.hub.clone(),
        }
    }
}

impl DeskStore {
    /// A person has looked at the clock and says that it is right: the guard forgets what it had seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn trust_clock(&self, now_ms: i64) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |tx, _| tx.set_fact(SEEN_MS, &now_ms))
    }

    /// Keeps a draft, durable on return. How often is the caller's to decide.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_draft(&self, id: EntityId, json: String) -> Result<(), StoreError> {
        let draft = Draft {
            id,
            json,
            updated_ms: clock::now_ms(),
        };
        self.write(move |tx| tx.save_draft(&draft)).await
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_draft(&self, id: EntityId) -> Result<(), StoreError> {
        self.write(move |tx| tx.end_draft(id)).await
    }

    /// Moves a print job on outside an act: what a printer tells has nobody who acts. An empty detail keeps
    /// the one that it has. False when there is no such job.
    ///
    /// # Errors
    /// [`StoreError::PrintStep`] when it does not go from its state to that one.
    pub async fn set_print_state(
        &self,
        id: PrintJobId,
        to: PrintJobState,
        detail: String,
    ) -> Result<bool, StoreError> {
        let now_ms = clock::now_ms();
        self.write(move |tx| Ok(tx.update_print(id, to, &detail, now_ms)?.is_some()))
            .await
    }

    /// Behaves as if the disk were full, until it is told otherwise. For drills: what a clerk sees then can be
    /// shown without filling the disk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn pretend_full_disk(&self, full: bool) -> Result<(), StoreError> {
        self.inner.writer.run(move |tx, _| tx.pretend_full(full))
    }

    /// Keeps bytes and names them. Durable on return; nothing refers to them yet.
    ///
    /// # Errors
    /// [`StoreError::Blob`]: empty, too large, disk full.
    pub async fn put_blob(&self, bytes: Vec<u8>, mime: &str) -> Result<BlobRef, StoreError> {
        let (inner, mime) = (Arc::clone(&self.inner), mime.to_owned());
        let stored = tokio::task::spawn_blocking(move || inner.blobs.put(bytes.as_slice())).await;
        let stored = stored.map_err(|_| StoreError::ActPanicked)??;
        Ok(BlobRef {
            sha256: stored.sha256,
            size: stored.size,
            mime,
        })
    }

    async fn write<T, F>(&self, act: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let answer = self.inner.writer.submit(move |tx, _| act(tx))?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Keeps a setting of this machine that is no operation: which printer, which theme, which hub.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_local<T: serde::Serialize>(&self, key: &str, value: &T) -> Result<(), StoreError> {
        let (key, value) = (format!("{LOCAL_PREFIX}{key}"), serde_json::to_value(value)?);
        self.inner
            .writer
            .run(move |tx, _| tx.set_fact(&key, &value))
    }

    /// Forgets a setting of this machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_local(&self, key: &str) -> Result<(), StoreError> {
        let key = format!("{LOCAL_PREFIX}{key}");
        self.inner.writer.run(move |tx, _| tx.forget_fact(&key))
    }

    /// A setting of this machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn local<T: serde::de::DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        self.inner
            .readers
            .read(|tx| tx.fact(&format!("{LOCAL_PREFIX}{key}")))
    }

    /// This machine has joined a hub: remembers how to reach it, takes its office's log, its slice of numbers
    /// and the epoch that it gave.
    ///
    /// # Errors
    /// [`StoreError::OtherStore`] when the store already belongs to another office.
    pub async fn save_joined(&self, joined: Joined) -> Result<(), StoreError> {
        let (device, now_ms) = (self.inner.identity.device, clock::now_ms());
        let answer = self.inner.writer.submit(move |tx, keeper| {
            if joined.device != device {
                return Err(StoreError::OtherStore(joined.device.to_string()));
            }
            node::claim_scope(tx, Some(&joined.scope))?;
            tx.set_fact(JOINED, &Link::from(&joined))?;
            epochs::adopt(tx, keeper, joined.epoch, Some(joined.slot), now_ms)
        })?;
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// The hub that this machine has joined; none for an office of one machine.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn joined(&self) -> Result<Option<Joined>, StoreError> {
        let (device, scope) = (self.inner.identity.device, self.inner.scope.clone());
        self.inner.readers.read(|tx| {
            let Some(link) = tx.fact::<Link>(JOINED)? else {
                return Ok(None);
            };
            let Link { url, ca_pem, hub } = link;
            Ok(Some(Joined {
                url,
                ca_pem,
                device,
                epoch: node::epoch(tx)?,
                slot: slot(tx)?,
                scope,
                hub,
            }))
        })
    }

    /// This machine's own slice of numbers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn slot(&self) -> Result<u16, StoreError> {
        self.inner.readers.read(slot)
    }

    /// Whether a clock that says `now` can be true.
    ///
    /// # Errors
    /// [`Refusal::ClockDoubtful`]; [`StoreError`].
    pub fn clock_check(&self, now: DateTime) -> Result<(), ActError> {
        let seen = self.inner.readers.read(|tx| tx.fact::<i64>(SEEN_MS))?;
        Ok(clock::check(clock::ms(now), seen)?)
    }
}

fn slot(tx: &ReadTx<'_>) -> Result<u16, StoreError> {
    Ok(tx.fact(SLOT)?.unwrap_or(FIRST_SLOT))
}

/// The hub's time is the office's: it is believed also where it is earlier than what was seen here, as long as
/// this program can have existed then.
pub(super) fn believe_hub(tx: &WriteTx<'_>, hub_ms: i64) -> Result<(), StoreError> {
    if hub_ms < clock::RELEASED_MS {
        return Ok(());
    }
    tx.set_fact(SEEN_MS, &hub_ms)
}
