//! The counter's side of the exchange: the outbox, acknowledgements, pages of the log, epochs.
//!
//! Every method is one transaction. A page is taken whole with its cursor or not at all, and its running hash
//! is computed here and compared, never adopted.

use std::collections::{BTreeMap, BTreeSet};

use motcua_core::ids::{EntityId, Hash, ScopeId};
use motcua_core::op::{self, Chain, Place, SealedOp, Stamp};
use uuid::Uuid;

use super::{DeskStore, NEEDS_HUB_EPOCH, OWN_NUMBERS_FROM, SLOT};
use crate::hub::{Batch, LogLine, Page, chain_step};
use crate::node::{self, Identity, NodeKeeper};
use crate::store::{
    self, ActFailure, BlobDue, Cursor, Folding, NewOp, Node, NodeRole, OpRow, ReadTx, StoreError,
    WriteTx,
};

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

/// What a page brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Lines that were new.
    pub lines: u64,
    /// Own operations that came back with their decision.
    pub own: u64,
    /// Entities that changed.
    pub entities: Vec<EntityId>,
    /// Where this machine is in the log now.
    pub seq: u64,
    /// The last position in the log as the hub said.
    pub head: u64,
    /// Own operations met others of the same number: what was not in the log was written again in a new epoch.
    pub written_again: bool,
}

/// Why a page was not taken. The cursor is where it was.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The page is of another log: the hub was restored or replaced.
    #[error("the page is of another log")]
    OtherLog,
    /// The page is of another office.
    #[error("the page is of another office")]
    OtherOffice,
    /// There is a hole before or in the page.
    #[error("expected line {expected} of the log, got {got}")]
    Gap {
        /// What should have come.
        expected: u64,
        /// What came.
        got: u64,
    },
    /// The running hash differs: a hole or a change somewhere before.
    #[error("the log's running hash differs at line {seq}")]
    BrokenChain {
        /// Where.
        seq: u64,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActFailure for ApplyError {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
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
            .run(move |tx, keeper| apply(tx, keeper, page, now_ms))
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
            .run(move |tx, keeper| adopt(tx, keeper, epoch, slot, now_ms))
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

pub(super) fn adopt(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    epoch: u32,
    slot: Option<u16>,
    now_ms: i64,
) -> Result<(), StoreError> {
    if epoch > node::epoch(tx)? {
        write_again(tx, &keeper.identity, epoch, now_ms, |row| {
            Ok(!is_acked(tx, row)?)
        })?;
        keeper.touched = true;
    }
    if let Some(slot) = slot
        && tx.fact::<u16>(SLOT)? != Some(slot)
    {
        tx.set_fact(SLOT, &slot)?;
        tx.forget_fact(OWN_NUMBERS_FROM)?;
    }
    tx.forget_fact(NEEDS_HUB_EPOCH)
}

/// Whether any node has the operation on its disk.
pub(super) fn is_acked(tx: &ReadTx<'_>, row: &OpRow) -> Result<bool, StoreError> {
    for node in tx.nodes()? {
        if tx.acked(&node.machine, row.op.op.epoch)? >= row.op.op.dseq {
            return Ok(true);
        }
    }
    Ok(false)
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

/// Writes own pending operations again in a new epoch: same words, same person, same clocks, a new place in
/// the chain. The old forms are kept in quarantine. True when there were any.
pub(super) fn write_again(
    tx: &WriteTx<'_>,
    identity: &Identity,
    epoch: u32,
    now_ms: i64,
    which: impl Fn(&OpRow) -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    node::set_epoch(tx, epoch)?;
    let mut chain = tx.chain_of(identity.device, epoch)?;
    let mut entities = BTreeSet::new();
    for old in tx.pending_of(identity.device)? {
        if old.op.op.epoch >= epoch || !which(&old)? {
            continue;
        }
        let Some(event) = old.op.event() else {
            continue;
        };
        let envelope = &old.op.op;
        let place = Place {
            id: chain.next_id(),
            prev: chain.head,
            scope: envelope.scope.clone(),
            base: envelope.base,
        };
        let stamp = Stamp {
            actor: envelope.actor,
            session: envelope.session,
            clock: envelope.clock,
        };
        let op = SealedOp::seal(place, stamp, envelope.entity, &event)?;
        tx.quarantine(&old.op, "written_again", now_ms)?;
        tx.delete_op(old.id)?;
        tx.insert_op(&NewOp {
            place: None,
            op: &op,
            decision: &old.decision,
            signature: Some(op::sign(&identity.key, op.hash)),
            recv_ms: old.recv_ms,
        })?;
        chain = Chain {
            dseq: op.op.dseq,
            head: op.hash,
            ..chain
        };
        entities.insert(envelope.entity);
    }
    let mut folding = Folding::new(tx);
    for entity in &entities {
        folding.refold(*entity)?;
    }
    folding.save()?;
    Ok(!entities.is_empty())
}

fn apply(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    page: Page,
    now_ms: i64,
) -> Result<Applied, ApplyError> {
    let scope = node::scope(tx)?.ok_or(ApplyError::OtherOffice)?;
    let known = tx.cursor(&scope)?;
    let mut cursor = match known {
        Some(cursor) if cursor.log_id != page.log_id => return Err(ApplyError::OtherLog),
        Some(cursor) => cursor,
        None => Cursor::start(page.log_id),
    };
    let mut taking = Taking::new(tx, &scope, &keeper.identity, now_ms);
    for line in page.lines {
        if line.seq <= cursor.seq {
            continue;
        }
        if line.seq != cursor.seq + 1 {
            return Err(ApplyError::Gap {
                expected: cursor.seq + 1,
                got: line.seq,
            });
        }
        if line.op.op.scope != scope {
            return Err(ApplyError::OtherOffice);
        }
        cursor.chain = chain_step(cursor.chain, line.seq, line.op.hash, &line.decision);
        cursor.seq = line.seq;
        taking.line(&line, cursor.chain)?;
    }
    if cursor.chain != page.chain {
        return Err(ApplyError::BrokenChain { seq: cursor.seq });
    }
    let mut applied = taking.finish()?;
    if applied.written_again {
        keeper.touched = true;
    }
    tx.set_cursor(&scope, &cursor)?;
    applied.seq = cursor.seq;
    applied.head = page.head;
    Ok(applied)
}

/// The taking of one page.
struct Taking<'t, 'c> {
    tx: &'t WriteTx<'c>,
    scope: &'t ScopeId,
    identity: &'t Identity,
    now_ms: i64,
    folding: Folding<'t, 'c>,
    /// Whether an entity must be folded again because something of it has no place or had none.
    again: BTreeMap<EntityId, bool>,
    applied: Applied,
}

impl<'t, 'c> Taking<'t, 'c> {
    fn new(tx: &'t WriteTx<'c>, scope: &'t ScopeId, identity: &'t Identity, now_ms: i64) -> Self {
        Self {
            tx,
            scope,
            identity,
            now_ms,
            folding: Folding::new(tx),
            again: BTreeMap::new(),
            applied: Applied::default(),
        }
    }

    fn line(&mut self, line: &LogLine, chain: Hash) -> Result<(), ApplyError> {
        let id = line.op.id();
        let entity = line.op.op.entity;
        self.applied.lines += 1;
        match self.tx.known_op(id)? {
            Some(known) if known.hash == line.op.hash => {
                if known.seq.is_some() {
                    return Err(ApplyError::BrokenChain { seq: line.seq });
                }
                self.tx
                    .place_op(known.id, (line.seq, chain), &line.decision, line.signature)?;
                self.applied.own += u64::from(id.device == self.identity.device);
                self.again.insert(entity, true);
                return Ok(());
            }
            Some(_) => self.make_way(line)?,
            None => {}
        }
        let new = NewOp {
            place: Some((line.seq, chain)),
            op: &line.op,
            decision: &line.decision,
            signature: line.signature,
            recv_ms: self.now_ms,
        };
        let pending = match self.again.get(&entity) {
            Some(again) => *again,
            None => self.tx.has_pending(entity)?,
        };
        self.again.insert(entity, pending);
        self.tx.insert_op(&new)?;
        let Some(event) = line.op.event() else {
            return Ok(());
        };
        store::note_event(self.tx, &line.op, &event, self.scope)?;
        if !pending {
            self.folding
                .fold(&line.op, &event, Some(line.seq), &line.decision)?;
        }
        Ok(())
    }

    /// The log has another operation under a number that stands here without a place: the log's stays.
    fn make_way(&mut self, line: &LogLine) -> Result<(), ApplyError> {
        let id = line.op.id();
        let Some(ours) = self.tx.op(id)? else {
            return Ok(());
        };
        if ours.seq.is_some() {
            return Err(ApplyError::BrokenChain { seq: line.seq });
        }
        if id.device == self.identity.device {
            // Everything after it hangs on it, so all of it moves to a new epoch before the log's is taken.
            let epoch = node::epoch(self.tx)?.max(id.epoch).saturating_add(1);
            write_again(self.tx, self.identity, epoch, self.now_ms, |row| {
                Ok(row.op.op.epoch > id.epoch || row.op.op.dseq >= id.dseq)
            })?;
            self.tx.set_fact(NEEDS_HUB_EPOCH, &true)?;
            self.applied.written_again = true;
        } else {
            self.tx.quarantine(&ours.op, "displaced", self.now_ms)?;
            self.tx.delete_op(ours.id)?;
        }
        self.again.insert(ours.op.op.entity, true);
        self.again.insert(line.op.op.entity, true);
        Ok(())
    }

    fn finish(mut self) -> Result<Applied, StoreError> {
        for (entity, again) in &self.again {
            if *again {
                self.folding.refold(*entity)?;
            }
        }
        self.folding.save()?;
        self.applied.entities = self.again.into_keys().collect();
        Ok(self.applied)
    }
}
