//! Taking a batch into the log: verify, dedupe, order, judge, fold, queue for the province.
//!
//! What does not belong into the log is kept in quarantine with its reason; nothing that a device ever sent
//! is dropped.

use ed25519_dalek::VerifyingKey;
use motcua_core::event::Event;
use motcua_core::ids::{BootId, DeviceId, EntityId, ScopeId, SessionId, StaffId};
use motcua_core::op::{self, Chain, ChainError, ClockReading, Place, SealedOp, Stamp};
use motcua_core::state::{Decision, State, office_entity};
use uuid::Uuid;

use super::{SqliteHub, forward, head};
use crate::hub::{Batch, Device, Judged, Pushed, chain_step};
use crate::node::{self, NodeKeeper};
use crate::store::{self, Cursor, Folding, NewOp, StoreError, WriteTx};

const UNKNOWN_DEVICE: &str = "unknown_device";
const REVOKED: &str = "revoked";
const BAD_SIGNATURE: &str = "bad_signature";
const OTHER_SCOPE: &str = "other_scope";
const OLD_EPOCH: &str = "old_epoch";
const FORKED: &str = "forked";

/// The signature is checked on the caller's thread, so that the one writer never waits for arithmetic.
pub(super) fn push(
    hub: &SqliteHub,
    device: DeviceId,
    batch: Batch,
    now_ms: i64,
) -> Result<Pushed, StoreError> {
    let known = hub.look(|tx| tx.device(device))?;
    let fault = match &known {
        None => Some(UNKNOWN_DEVICE),
        Some(known) if !known.active => Some(REVOKED),
        Some(known) => fault_of(&batch, known, &hub.scope),
    };
    let scope = hub.scope.clone();
    hub.writer.run(move |tx, keeper| match fault {
        Some(code) => refuse(tx, &batch, code, now_ms),
        None => {
            keeper.touched = true;
            take(tx, &scope, device, &batch, now_ms)
        }
    })
}

/// What is wrong with a batch by itself: another office, another device, a broken chain, a wrong signature.
fn fault_of(batch: &Batch, device: &Device, scope: &ScopeId) -> Option<&'static str> {
    let last = batch.ops.last()?;
    let key = VerifyingKey::from_bytes(&device.public_key).ok();
    let signed = key.is_some_and(|key| op::verify(&key, last.hash, &batch.signature));
    let linked = batch.ops.windows(2).all(|pair| {
        let before = pair[0].id();
        let chain = Chain {
            device: before.device,
            epoch: before.epoch,
            dseq: before.dseq,
            head: pair[0].hash,
        };
        chain.accept(&pair[1]).is_ok()
    });
    if !signed || !linked || last.op.device != device.id {
        return Some(BAD_SIGNATURE);
    }
    batch
        .ops
        .iter()
        .any(|op| op.op.scope != *scope)
        .then_some(OTHER_SCOPE)
}

fn refuse(
    tx: &WriteTx<'_>,
    batch: &Batch,
    code: &'static str,
    now_ms: i64,
) -> Result<Pushed, StoreError> {
    for op in &batch.ops {
        tx.quarantine(op, code, now_ms)?;
    }
    Ok(Pushed::Refused { code })
}

fn take(
    tx: &WriteTx<'_>,
    scope: &ScopeId,
    device: DeviceId,
    batch: &Batch,
    now_ms: i64,
) -> Result<Pushed, StoreError> {
    // The device may have been revoked since the signature was checked.
    let Some(known) = tx.device(device)?.filter(|known| known.active) else {
        return refuse(tx, batch, REVOKED, now_ms);
    };
    let Some(first) = batch.ops.first() else {
        let chain = tx.chain_of(device, known.epoch)?;
        return Ok(Pushed::Acked {
            acked_dseq: chain.dseq,
            results: Vec::new(),
        });
    };
    let epoch = first.op.epoch;
    let chain = tx.chain_of(device, epoch)?;
    let mut results = Vec::with_capacity(batch.ops.len());
    let fresh = batch.ops.partition_point(|op| op.op.dseq <= chain.dseq);
    for op in &batch.ops[..fresh] {
        match known_result(tx, op)? {
            Ok(judged) => results.push(judged),
            Err(have) => return fork(tx, batch, op, have, now_ms),
        }
    }
    let fresh = &batch.ops[fresh..];
    if !fresh.is_empty() && epoch < known.epoch {
        return refuse(tx, batch, OLD_EPOCH, now_ms);
    }
    match fresh.first().map(|op| chain.accept(op)) {
        None | Some(Ok(_)) => {}
        Some(Err(ChainError::Gap { .. })) => {
            return Ok(Pushed::Gap {
                acked_dseq: chain.dseq,
            });
        }
        Some(Err(_)) => return fork(tx, batch, &fresh[0], chain.head, now_ms),
    }
    if epoch > known.epoch {
        // The device noticed by itself that it was put back from an old copy.
        tx.put_device(&Device { epoch, ..known }, false, now_ms)?;
    }
    let mut log = Log::open(tx, scope, now_ms)?;
    for op in fresh {
        let signature = fresh
            .last()
            .filter(|last| last.hash == op.hash)
            .map(|_| batch.signature);
        results.push(log.append(op, signature)?);
    }
    log.close()?;
    tx.device_was_seen(device, now_ms)?;
    let acked_dseq = fresh.last().map_or(chain.dseq, |op| op.op.dseq);
    Ok(Pushed::Acked {
        acked_dseq,
        results,
    })
}

/// What the log already says of an operation, or the other operation that it has under that number.
fn known_result(
    tx: &WriteTx<'_>,
    op: &SealedOp,
) -> Result<Result<Judged, motcua_core::ids::Hash>, StoreError> {
    let Some(known) = tx.known_op(op.id())? else {
        return Err(StoreError::Damaged(format!(
            "operation {:?} is missing from its chain",
            op.id()
        )));
    };
    if known.hash != op.hash {
        return Ok(Err(known.hash));
    }
    let seq = known.seq.unwrap_or(0);
    Ok(Ok(Judged {
        dseq: op.op.dseq,
        seq,
        decision: known.decision,
    }))
}

fn fork(
    tx: &WriteTx<'_>,
    batch: &Batch,
    at: &SealedOp,
    have: motcua_core::ids::Hash,
    now_ms: i64,
) -> Result<Pushed, StoreError> {
    for op in batch.ops.iter().filter(|op| op.op.dseq >= at.op.dseq) {
        tx.quarantine(op, FORKED, now_ms)?;
    }
    Ok(Pushed::Forked {
        dseq: at.op.dseq,
        have,
        got: at.hash,
    })
}

/// The log, open for appending within one transaction. Its head is written when it is closed.
struct Log<'t, 'c> {
    tx: &'t WriteTx<'c>,
    scope: &'t ScopeId,
    now_ms: i64,
    cursor: Cursor,
    folding: Folding<'t, 'c>,
}

impl<'t, 'c> Log<'t, 'c> {
    fn open(tx: &'t WriteTx<'c>, scope: &'t ScopeId, now_ms: i64) -> Result<Self, StoreError> {
        Ok(Self {
            tx,
            scope,
            now_ms,
            cursor: head(tx, scope)?,
            folding: Folding::new(tx),
        })
    }

    fn is_practice_office(&mut self) -> Result<bool, StoreError> {
        let office = self.folding.state(office_entity(self.scope))?;
        Ok(matches!(office, Some(State::Office(office)) if office.profile.practice))
    }

    fn append(&mut self, op: &SealedOp, signature: Option<[u8; 64]>) -> Result<Judged, StoreError> {
        let seq = self.cursor.seq + 1;
        let event = op.event();
        let decision = match &event {
            Some(event) => self.folding.judge(op, event, Some(seq))?,
            None => Decision::Unknown,
        };
        let chain = chain_step(self.cursor.chain, seq, op.hash, &decision);
        self.tx.insert_op(&NewOp {
            place: Some((seq, chain)),
            op,
            decision: &decision,
            signature,
            recv_ms: self.now_ms,
        })?;
        if let Some(event) = &event {
            self.folding.fold(op, event, Some(seq), &decision)?;
            store::note_event(self.tx, op, event, self.scope, false)?;
            let is_practice = self.is_practice_office()?;
            let state = self.folding.state(op.op.entity)?;
            if forward::is_news(event, &decision, state, is_practice) {
                self.tx.queue_forward(op.op.entity, seq, forward::key(op))?;
            }
        }
        self.cursor.seq = seq;
        self.cursor.chain = chain;
        Ok(Judged {
            dseq: op.op.dseq,
            seq,
            decision,
        })
    }

    fn close(self) -> Result<(), StoreError> {
        self.folding.save()?;
        self.tx.set_cursor(self.scope, &self.cursor)
    }
}

/// Who the hub is in its own operations: nobody signed in.
fn hub_stamp(now_ms: i64) -> Stamp {
    Stamp {
        actor: StaffId(Uuid::nil()),
        session: SessionId(Uuid::nil()),
        clock: ClockReading {
            wall_ms: now_ms,
            off_ms: None,
            mono_ms: 0,
            boot: BootId(Uuid::nil()),
        },
    }
}

/// Writes an operation of the hub's own chain to the log.
pub(super) fn append_own(
    tx: &WriteTx<'_>,
    keeper: &mut NodeKeeper,
    scope: &ScopeId,
    entity: EntityId,
    event: &Event,
    now_ms: i64,
) -> Result<Judged, StoreError> {
    let chain = node::chain(tx, keeper.identity.device)?;
    let mut log = Log::open(tx, scope, now_ms)?;
    let base = log.folding.seen(entity)?;
    let place = Place {
        id: chain.next_id(),
        prev: chain.head,
        scope: scope.clone(),
        base,
    };
    let op = SealedOp::seal(place, hub_stamp(now_ms), entity, event)?;
    let judged = log.append(&op, Some(op::sign(&keeper.identity.key, op.hash)))?;
    log.close()?;
    keeper.touched = true;
    Ok(judged)
}
