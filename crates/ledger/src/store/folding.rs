//! Folding within one transaction: entities are read once, judged and folded in memory, written once.
//!
//! This is the only place where the pure rules of the log meet the rows. The order is always the log's, then
//! what has no place in it yet; when the order of an entity changes, that entity is folded again.

use std::collections::HashMap;

use motcua_core::event::Event;
use motcua_core::ids::{EntityId, ScopeId};
use motcua_core::op::SealedOp;
use motcua_core::state::{Decision, Entry, State};

use super::conn::WriteTx;
use super::ops::OpRow;
use super::{StoreError, entities, files_of, numbers};

/// Why a dossier whose code is taken does not stand.
pub(crate) const NUMBER_TAKEN: &str = "number_taken";

struct Slot {
    state: Option<State>,
    dirty: bool,
}

/// The entities of one transaction.
pub(crate) struct Folding<'t, 'c> {
    tx: &'t WriteTx<'c>,
    slots: HashMap<EntityId, Slot>,
    /// The order in which entities were first touched: rows keep it, and lists show it.
    order: Vec<EntityId>,
    /// Codes that stand in memory and not yet in rows.
    codes: HashMap<String, EntityId>,
}

/// An entity from nothing, by the decisions that are written beside its operations.
pub(crate) fn fold_rows(ops: &[OpRow]) -> Option<State> {
    let mut state = None;
    for row in ops {
        let Some(event) = row.op.event() else {
            continue;
        };
        state = State::fold(
            state,
            Entry {
                seq: row.seq,
                op: &row.op.op,
                event: &event,
            },
            &row.decision,
        );
    }
    state
}

impl<'t, 'c> Folding<'t, 'c> {
    pub(crate) fn new(tx: &'t WriteTx<'c>) -> Self {
        Self {
            tx,
            slots: HashMap::new(),
            order: Vec::new(),
            codes: HashMap::new(),
        }
    }

    /// The entity as it stands in this transaction.
    pub(crate) fn state(&mut self, entity: EntityId) -> Result<Option<&State>, StoreError> {
        Ok(self.slot(entity)?.state.as_ref())
    }

    /// The highest log position that is folded into the entity; 0 for none.
    pub(crate) fn seen(&mut self, entity: EntityId) -> Result<u64, StoreError> {
        Ok(self.state(entity)?.map_or(0, entities::last_seq))
    }

    fn slot(&mut self, entity: EntityId) -> Result<&mut Slot, StoreError> {
        use std::collections::hash_map::Entry as MapEntry;
        match self.slots.entry(entity) {
            MapEntry::Occupied(slot) => Ok(slot.into_mut()),
            MapEntry::Vacant(free) => {
                let state = self.tx.state(entity)?;
                self.order.push(entity);
                Ok(free.insert(Slot {
                    state,
                    dirty: false,
                }))
            }
        }
    }

    /// What the log says of an operation. One number, one dossier: that is judged here, over all dossiers.
    pub(crate) fn judge(
        &mut self,
        op: &SealedOp,
        event: &Event,
        seq: Option<u64>,
    ) -> Result<Decision, StoreError> {
        let state = self.slot(op.op.entity)?.state.as_ref();
        let decision = State::judge(
            state,
            Entry {
                seq,
                op: &op.op,
                event,
            },
        );
        match event {
            Event::DossierReceived(received) if decision.stands() => {
                let code = received.code.to_string();
                let elsewhere = self
                    .codes
                    .get(&code)
                    .is_some_and(|holder| *holder != op.op.entity);
                if elsewhere || self.tx.code_belongs_to_another(&code, op.op.entity)? {
                    return Ok(Decision::conflict(NUMBER_TAKEN));
                }
                Ok(decision)
            }
            _ => Ok(decision),
        }
    }

    /// Takes an operation with its decision into its entity.
    pub(crate) fn fold(
        &mut self,
        op: &SealedOp,
        event: &Event,
        seq: Option<u64>,
        decision: &Decision,
    ) -> Result<(), StoreError> {
        let slot = self.slot(op.op.entity)?;
        slot.state = State::fold(
            slot.state.take(),
            Entry {
                seq,
                op: &op.op,
                event,
            },
            decision,
        );
        slot.dirty = true;
        if let (Event::DossierReceived(received), true) = (event, decision.stands()) {
            self.codes.insert(received.code.to_string(), op.op.entity);
        }
        Ok(())
    }

    /// Folds an entity again from its operations. What has no place in the log is judged anew.
    pub(crate) fn refold(&mut self, entity: EntityId) -> Result<(), StoreError> {
        self.codes.retain(|_, holder| *holder != entity);
        if self
            .slots
            .insert(
                entity,
                Slot {
                    state: None,
                    dirty: true,
                },
            )
            .is_none()
        {
            self.order.push(entity);
        }
        for row in self.tx.ops_of(entity)? {
            let Some(event) = row.op.event() else {
                continue;
            };
            let decision = match row.seq {
                Some(_) => row.decision,
                None => {
                    let judged = self.judge(&row.op, &event, None)?;
                    self.tx.judge_op(row.id, &judged)?;
                    judged
                }
            };
            self.fold(&row.op, &event, row.seq, &decision)?;
        }
        Ok(())
    }

    /// Writes every entity that changed.
    pub(crate) fn save(self) -> Result<(), StoreError> {
        for entity in &self.order {
            if let Some(slot) = self.slots.get(entity).filter(|slot| slot.dirty) {
                self.tx.save_state(*entity, slot.state.as_ref())?;
            }
        }
        Ok(())
    }
}

/// Keeps what an operation in the log or the outbox means beside its entity: the number that exists now, and
/// the bytes that belong to it. `own` operations brought their bytes in on this machine.
pub(crate) fn note_event(
    tx: &WriteTx<'_>,
    op: &SealedOp,
    event: &Event,
    scope: &ScopeId,
    own: bool,
) -> Result<(), StoreError> {
    if let Some(numbered) = numbers::number_of(event, scope) {
        tx.note_number(&numbered, op.op.entity)?;
    }
    tx.refer(op.op.entity, &files_of::blobs_of(event), own)
}
