//! What the exchange asks of a desk's store: whole transactions and nothing else.
//!
//! Every method blocks until durable; the loops call them off the async threads.

use motcua_core::ids::{EntityId, Hash};
use motcua_core::op::SealedOp;
use tokio::sync::watch;
use uuid::Uuid;

use super::blobs::BlobJob;
use super::link::Standing;
use super::pull::{CheckedPage, Cursor};
use crate::hub::StoreError;

/// What waits to go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Operations that no hub has acknowledged.
    pub ops: u64,
    /// Scans that the hub does not have whole.
    pub blobs: u64,
}

/// A measurement of the hub's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HubClock {
    /// Hub minus this machine, in milliseconds.
    pub offset_ms: i64,
    /// How long the question took, in milliseconds: the offset is good to half of it.
    pub round_trip_ms: u64,
    /// The hub's time at the measurement, milliseconds since 1970.
    pub hub_ms: i64,
}

/// The hub as it said hello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubSeen {
    /// The machine that it runs on: the same machine is no second copy.
    pub machine: String,
    /// Its name for people.
    pub name: String,
    /// Its log.
    pub log_id: Uuid,
    /// The epoch that this desk writes in.
    pub epoch: u32,
    /// Own operations of that epoch up to here are on its disk.
    pub acked_dseq: u64,
}

/// A desk's store as the exchange sees it.
pub trait DeskSide: Send + Sync + 'static {
    /// Changes after every commit that changed something: there may be something to send.
    fn revision(&self) -> watch::Receiver<u64>;

    /// The office, the own chain, the log read so far.
    ///
    /// # Errors
    /// [`StoreError`].
    fn standing(&self) -> Result<Standing, StoreError>;

    /// Own operations of the current epoch after `after` in order, also such as were acknowledged before:
    /// a hub that lost them asks again. At most `ops_max`, about `bytes_max` bytes, at least one if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    fn outbox(
        &self,
        after: u64,
        ops_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<SealedOp>, StoreError>;

    /// The hub has said hello and this desk goes on with it. What it says of its disk is believed, also where
    /// it is less than it said before: it may have been restored.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_hub(&self, hub: &HubSeen, now_ms: i64) -> Result<(), StoreError>;

    /// The hub has everything of `epoch` up to `acked_dseq` on disk.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_acked(&self, epoch: u32, acked_dseq: u64, now_ms: i64) -> Result<(), StoreError>;

    /// How far the log was read.
    ///
    /// # Errors
    /// [`StoreError`].
    fn cursor(&self) -> Result<Cursor, StoreError>;

    /// Takes a page and moves the cursor in one transaction; gives the entities that changed. Own operations
    /// come back here with their decisions.
    ///
    /// # Errors
    /// [`StoreError`].
    fn apply(&self, page: &CheckedPage) -> Result<Vec<EntityId>, StoreError>;

    /// Goes on in a new epoch with the number slice that the hub gave. What no hub has acknowledged is written again in it; nothing is dropped.
    ///
    /// # Errors
    /// [`StoreError`].
    fn take_epoch(&self, epoch: u32, slot: u16) -> Result<(), StoreError>;

    /// What waits to go out.
    ///
    /// # Errors
    /// [`StoreError`].
    fn pending(&self) -> Result<Pending, StoreError>;

    /// The hub's clock was measured.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_hub_clock(&self, clock: HubClock) -> Result<(), StoreError>;

    /// Scans that the hub does not have, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn waiting_blobs(&self, limit: usize) -> Result<Vec<BlobJob>, StoreError>;

    /// A scan's bytes, checked against its name.
    ///
    /// # Errors
    /// [`StoreError`].
    fn blob(&self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError>;

    /// The hub has the scan whole and checked.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_blob_sent(&self, sha256: Hash) -> Result<(), StoreError>;
}
