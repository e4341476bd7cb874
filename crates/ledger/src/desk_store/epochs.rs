//! Epochs: going on after the machine's numbers were used by another copy of itself.

use std::collections::BTreeSet;

use motcua_core::op::{self, Chain, Place, SealedOp, Stamp};

use super::{NEEDS_HUB_EPOCH, OWN_NUMBERS_FROM, SLOT};
use crate::node::{self, Identity, NodeKeeper};
use crate::store::{Folding, NewOp, OpRow, ReadTx, StoreError, WriteTx};

/// Goes on in `epoch` where it is newer, with a new slice where one was given.
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
