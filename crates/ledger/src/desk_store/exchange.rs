//! The counter's side of the exchange: greetings, the outbox, acknowledgements, the cursor.
//!
//! Every method is one transaction.

use motcua_core::ids::Hash;
use uuid::Uuid;

use super::taking::{self, Applied, ApplyError};
use super::{DeskStore, NEEDS_HUB_EPOCH, epochs};
use crate::hub::{Batch, Page};
use crate::node::{self, NodeKeeper};
use crate::store::{BlobDue, Cursor, Node, NodeRole, OpRow, StoreError, WriteTx};

/// What a hub says of itself when the link comes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubGreeting {
    /// The machine that the hub runs on.
    pub machine: String,
    /// Its name for people.
    pub name: String,
    /// Hub or province.
    pub role: NodeRole,
    /// Its log.
    pub log_id: Uuid,
    /// The epoch that was asked about.
    pub epoch: u32,
    /// Own operations of that epoch up to here are on its disk.
    pub acked_dseq: u64,
}

/// What a greeting means for this store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Greeted {
    /// The hub keeps another log than the one that was read so far: [`DeskStore::rebaseline`].
    pub other_log: bool,
    /// The hub has more of this machine than the machine itself: its store was put back from an old copy and
    /// needs a new epoch.
    pub behind_own_log: bool,
}

/// Operations to be pushed: whole acts, the last one signed.
#[derive(Clone, Debug)]
pub struct OutBatch {
    /// Their epoch.
    pub epoch: u32,
    /// The `dseq` of the first one.
    pub from_dseq: u64,
    /// The operations with their signature.
    pub batch: Batch,
}

impl DeskStore {
    /// A hub said hello: remembers it, and how much of this machine's writing it has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn greeted(&self, hub: HubGreeting, now_ms: i64) -> Result<Greeted, StoreError> {
        self.inner
            .writer
            .run(move |tx, keeper| greet(tx, keeper, hub, now_ms))
    }

    /// The next batch for a hub: whole acts, at most about `ops_max` operations and `bytes_max` bytes, never
    /// less than one act. None when it has everything.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outbox_batch(
        &self,
        machine: &str,
        ops_max: usize,
        bytes_max: usize,
    ) -> Result<Option<OutBatch>, StoreError> {
        let device = self.device();
        self.inner.readers.read(|tx| {
            for (epoch, last) in tx.epochs_of(device)? {
                let acked = tx.acked(machine, epoch)?;
                if acked < last {
                    let mut fill = Fill {
                        ops_max,
                        bytes_max,
                        ops: 0,
                        bytes: 0,
                    };
                    let ops = tx.ops_after(device, epoch, acked, |row| fill.is_enough(row))?;
                    return Ok(signed_batch(epoch, ops));
                }
            }
            Ok(None)
        })
    }

    /// Own operations of an epoch up to `acked_dseq` are on the hub's disk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn mark_acked(&self, machine: &str, epoch: u32, acked_dseq: u64) -> Result<(), StoreError> {
        let machine = machine.to_owned();
        self.inner
            .writer
            .run(move |tx, _| tx.set_ack(&machine, epoch, acked_dseq))
    }

    /// How far the log was read; none before the first page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        self.inner.readers.read(|tx| tx.cursor(&self.inner.scope))
    }

    /// Takes a page of the log.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing of the page was kept then.
    pub fn apply_page(&self, page: Page, now_ms: i64) -> Result<Applied, ApplyError> {
        self.inner
            .writer
            .run(move |tx, keeper| taking::apply(tx, keeper, page, now_ms))
    }

    /// Another log begins: everything that is known loses its place and keeps its content, and the log is read
    /// from its first line. What the new log lacks stays here without a place.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rebaseline(&self, log_id: Uuid) -> Result<(), StoreError> {
        let scope = self.inner.scope.clone();
        self.inner.writer.run(move |tx, _| {
            tx.displace_all()?;
            tx.set_cursor(&scope, &Cursor::start(log_id))
        })
    }

    /// Goes on in a new epoch that the hub gave, with a new slice of numbers where it gave one. Own operations
    /// that the log does not have and no hub has acknowledged are written again in it; nothing is dropped. To
    /// write as little twice as possible, read the log to its end first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn adopt_epoch(
        &self,
        epoch: u32,
        slot: Option<u16>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.inner
            .writer
            .run(move |tx, keeper| epochs::adopt(tx, keeper, epoch, slot, now_ms))
    }

    /// Scans that this machine brought in and that a hub has not got whole, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blobs_due(&self, machine: &str, limit: u32) -> Result<Vec<BlobDue>, StoreError> {
        self.inner.readers.read(|tx| tx.blobs_due(machine, limit))
    }

    /// What a hub has of a blob.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blob_acked(
        &self,
        machine: &str,
        sha256: Hash,
        have: u64,
        complete: bool,
    ) -> Result<(), StoreError> {
        let machine = machine.to_owned();
        self.inner
            .writer
            .run(move |tx, _| tx.blob_is_at(&machine, sha256, have, complete))
    }
}

fn greet(
    tx: &WriteTx<'_>,
    keeper: &NodeKeeper,
    hub: HubGreeting,
    now_ms: i64,
) -> Result<Greeted, StoreError> {
    let device = keeper.identity.device;
    let other_store = tx
        .node(&hub.machine)?
        .is_some_and(|known| known.log_id != hub.log_id);
    if other_store {
        tx.forget_acks(&hub.machine)?;
        tx.requeue_blobs_of(&hub.machine)?;
    }
    // A hub that was put back says less than it said before; it is believed, and gets the rest again.
    let own = tx.chain_of(device, hub.epoch)?;
    tx.set_ack(&hub.machine, hub.epoch, hub.acked_dseq.min(own.dseq))?;
    let behind_own_log = hub.acked_dseq > own.dseq;
    if behind_own_log {
        tx.set_fact(NEEDS_HUB_EPOCH, &true)?;
    }
    let cursor = node::scope(tx)?
        .map(|scope| tx.cursor(&scope))
        .transpose()?
        .flatten();
    let other_log = cursor.is_some_and(|cursor| cursor.log_id != hub.log_id);
    let HubGreeting {
        machine,
        name,
        role,
        log_id,
        ..
    } = hub;
    tx.put_node(&Node {
        machine,
        name,
        role,
        log_id,
        seen_ms: now_ms,
    })?;
    Ok(Greeted {
        other_log,
        behind_own_log,
    })
}

/// When a batch is full: at its limits, but only behind a signature.
struct Fill {
    ops_max: usize,
    bytes_max: usize,
    ops: usize,
    bytes: usize,
}

impl Fill {
    fn is_enough(&mut self, row: &OpRow) -> bool {
        self.ops += 1;
        self.bytes += row.op.bytes.len();
        row.signature.is_some() && (self.ops >= self.ops_max || self.bytes >= self.bytes_max)
    }
}

fn signed_batch(epoch: u32, mut ops: Vec<OpRow>) -> Option<OutBatch> {
    let last = ops.iter().rposition(|row| row.signature.is_some())?;
    ops.truncate(last + 1);
    let signature = ops.last()?.signature?;
    let from_dseq = ops.first()?.op.op.dseq;
    let ops = ops.into_iter().map(|row| row.op).collect();
    Some(OutBatch {
        epoch,
        from_dseq,
        batch: Batch { ops, signature },
    })
}
